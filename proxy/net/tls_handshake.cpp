// SPDX-License-Identifier: Apache-2.0
// The beginning of TLS on a stream, and what is to be told when it fails.
#include "proxy/net/tls_bio.hpp"
#include "proxy/net/tls_stream.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

namespace cosdiag::net {

Io TlsStream::handshake()
{
    const TlsBio::Turn turn(*this, tls::largest_record);
    ERR_clear_error();
    const int result = SSL_do_handshake(x_ssl_);
    const int error = result == 1 ? SSL_ERROR_NONE : SSL_get_error(x_ssl_, result);
    x_dry_ = error == SSL_ERROR_WANT_READ; // the first data may have come with the end of the handshake
    if (!x_dry_ && error != SSL_ERROR_NONE)
        note_failure(error);
    const IoResult sent = flush(); // an alert, when it failed
    if (x_failure_.kind != Failure::Kind::none)
        return Io::failed;
    if (sent.io == Io::failed) {
        x_failure_.kind = Failure::Kind::ended;
        return Io::failed;
    }
    if (error != SSL_ERROR_NONE || !x_pending_.empty())
        return Io::blocked;
    x_open_ = true;
    return Io::moved;
}

Task<Io> shake_hands(TlsStream& stream, Waiter& waiter, Ticks deadline)
{
    stream.watch(&waiter);
    Io state = stream.handshake();
    while (state == Io::blocked && !waiter.stopped() && now() < deadline) {
        stream.arm();
        waiter.set(deadline);
        co_await waiter.sleep();
        static_cast<void>(waiter.take_expired());
        state = stream.handshake();
    }
    co_return state;
}

void TlsStream::arm()
{
    if (x_pending_.empty())
        want_read();
    else
        want_write();
}

void TlsStream::note_failure(int ssl_error)
{
    const unsigned long code = ERR_peek_error();
    const int reason = ERR_GET_REASON(code);
    x_broken_ = true;
    // A session is resumed without a certificate (RFC 8446 §2.2).
    x_failure_.certificate_sent = SSL_is_server(x_ssl_) == 1 && SSL_get_state(x_ssl_) > TLS_ST_SW_CERT &&
                                  SSL_session_reused(x_ssl_) == 0;
    x_failure_.verify_error = SSL_get_verify_result(x_ssl_);
    const bool over = x_inner_state_.io == Io::ended || x_inner_state_.io == Io::failed;
    if (over || ssl_error == SSL_ERROR_SYSCALL) {
        x_failure_.kind = Failure::Kind::ended;
    } else if (reason > SSL_AD_REASON_OFFSET && reason < SSL_AD_REASON_OFFSET + 256) {
        x_failure_.kind = Failure::Kind::alert;
        x_failure_.alert = reason - SSL_AD_REASON_OFFSET;
    } else if (reason == SSL_R_CERTIFICATE_VERIFY_FAILED) {
        x_failure_.kind = Failure::Kind::certificate;
    } else {
        x_failure_.kind = Failure::Kind::protocol;
    }
    if (const char* const words = ERR_reason_error_string(code))
        x_failure_.words = words;
    ERR_clear_error();
}

} // namespace cosdiag::net

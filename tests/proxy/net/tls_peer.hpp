// SPDX-License-Identifier: Apache-2.0
// The other end of a wire, speaking TLS: OpenSSL as it comes, over memory, and nothing of the proxy's.
#pragma once

#include "memory_stream.hpp"
#include "proxy/tls/openssl.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace cosdiag::net::test {

using ContextPtr = tls::Owned<SSL_CTX, SSL_CTX_free>;
using SessionPtr = tls::Owned<SSL_SESSION, SSL_SESSION_free>;

/// A context of a client that trusts this certificate and no other; without one it trusts nobody.
inline ContextPtr client_trusting(X509* root)
{
    ContextPtr context(SSL_CTX_new(TLS_client_method()));
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
    if (root != nullptr)
        X509_STORE_add_cert(SSL_CTX_get_cert_store(context.get()), root);
    return context;
}

/// A context of a server with that certificate.
inline ContextPtr server_with(X509* certificate, EVP_PKEY* key)
{
    ContextPtr context(SSL_CTX_new(TLS_server_method()));
    SSL_CTX_use_certificate(context.get(), certificate);
    SSL_CTX_use_PrivateKey(context.get(), key);
    return context;
}

class TlsPeer {
public:
    /// `name`: the server name a client asks for and verifies; empty for none, and for servers.
    TlsPeer(std::shared_ptr<Wire> wire, SSL_CTX* context, const std::string& name, bool server)
        : x_wire_(std::move(wire)),
          x_ssl_(SSL_new(context)),
          x_in_(BIO_new(BIO_s_mem())),
          x_out_(BIO_new(BIO_s_mem()))
    {
        SSL_set_bio(x_ssl_.get(), x_in_, x_out_);
        if (server) {
            SSL_set_accept_state(x_ssl_.get());
            return;
        }
        SSL_set_connect_state(x_ssl_.get());
        if (name.empty())
            return;
        SSL_set1_host(x_ssl_.get(), name.c_str());
        SSL_ctrl(
            x_ssl_.get(),
            SSL_CTRL_SET_TLSEXT_HOSTNAME,
            TLSEXT_NAMETYPE_host_name,
            const_cast<char*>(name.c_str())
        );
    }

    /// Takes what the proxy has written since the last time, goes on with the handshake, sends what that made
    /// and reads what there is to read. True if anything came of it.
    bool pump()
    {
        const std::string fresh = std::exchange(x_wire_->written, {});
        if (!fresh.empty())
            BIO_write(x_in_, fresh.data(), static_cast<int>(fresh.size()));
        ERR_clear_error();
        if (SSL_is_init_finished(x_ssl_.get()) == 0)
            note(SSL_do_handshake(x_ssl_.get()));
        if (open() && !say_next.empty())
            SSL_write(x_ssl_.get(), say_next.data(), static_cast<int>(say_next.size()));
        if (open())
            say_next.clear();
        char room[4096];
        for (int got = 1; SSL_is_init_finished(x_ssl_.get()) == 1 && got > 0;) {
            got = SSL_read(x_ssl_.get(), room, sizeof room);
            if (got > 0)
                received.append(room, static_cast<std::size_t>(got));
            else
                note(got);
        }
        return send_made() || !fresh.empty();
    }

    void write(std::string_view text)
    {
        SSL_write(x_ssl_.get(), text.data(), static_cast<int>(text.size()));
        send_made();
    }

    /// Says goodbye, as a good client does.
    void close_notify()
    {
        SSL_shutdown(x_ssl_.get());
        send_made();
    }

    SSL* ssl() const { return x_ssl_.get(); }

    bool open() const { return SSL_is_init_finished(x_ssl_.get()) == 1; }

    std::string say_next;         ///< goes out as soon as that is possible, with the end of the handshake
    std::string received;         ///< plain
    bool goodbye = false;         ///< the proxy sent close_notify
    std::string failure;          ///< OpenSSL's word for what broke the connection
    std::size_t piece = SIZE_MAX; ///< so many bytes go into the wire at once

private:
    bool send_made()
    {
        char made[64 * 1024];
        const int size = BIO_read(x_out_, made, sizeof made);
        std::string_view left(made, size > 0 ? static_cast<std::size_t>(size) : 0);
        const bool any = !left.empty();
        while (!left.empty()) {
            x_wire_->push(left.substr(0, piece));
            left.remove_prefix(std::min(piece, left.size()));
            if (on_piece)
                on_piece();
        }
        return any;
    }

    void note(int result)
    {
        switch (SSL_get_error(x_ssl_.get(), result)) {
        case SSL_ERROR_ZERO_RETURN:
            goodbye = true;
            break;
        case SSL_ERROR_SSL:
            if (const char* const why = ERR_reason_error_string(ERR_peek_error()))
                failure = why;
            break;
        default:
            break;
        }
    }

    std::shared_ptr<Wire> x_wire_;
    tls::Owned<SSL, SSL_free> x_ssl_;
    BIO* x_in_;  ///< the connection's
    BIO* x_out_; ///< the connection's

public:
    std::function<void()> on_piece; ///< called behind each piece
};

} // namespace cosdiag::net::test

// SPDX-License-Identifier: Apache-2.0
// TLS over another stream: OpenSSL in the middle, tried first and waited for after, as all streams are.
// Why not asio::ssl::stream: it goes through an operation object and a copy for each record, and costs a
// third more.
#pragma once

#include "proxy/net/buffers.hpp"
#include "proxy/net/stream.hpp"
#include "proxy/net/task.hpp"

#include <openssl/types.h>

#include <string>

namespace cosdiag::net {

class TlsStream final : public Stream, private Observer {
public:
    /// How a handshake failed.
    struct Failure {
        enum class Kind : std::uint8_t {
            none,
            alert,       ///< the peer said why: `alert`
            ended,       ///< the peer closed, or reset, without a word
            certificate, ///< the peer's certificate was not accepted: `verify_error`
            protocol,    ///< anything else: `words`
        };

        Kind kind = Kind::none;
        int alert = 0;                 ///< description of the alert (RFC 8446 §6)
        long verify_error = 0;         ///< X509_V_ERR_…
        bool certificate_sent = false; ///< we had shown our certificate by then
        std::string words;             ///< of OpenSSL
    };

    /// Takes the stream over. `ssl`, made for the right role, comes into its ownership; `preface` are bytes
    /// that have been read from the stream already.
    TlsStream(StreamPtr inner, SSL* ssl, std::string_view preface);

    TlsStream(const TlsStream&) = delete;
    TlsStream& operator=(const TlsStream&) = delete;

    ~TlsStream() override;

    /// Gets on with the handshake: `moved` once it is complete, `failed` with failure() set. After `blocked`
    /// both want_read and want_write may be needed: see arm().
    Io handshake();

    /// Asks for what the handshake waits for.
    void arm();

    const Failure& failure() const noexcept { return x_failure_; }

    SSL* ssl() const noexcept { return x_ssl_; }

    IoResult read(std::span<char> into) override;
    bool may_read() const noexcept override;
    IoResult write(std::span<const iovec> from) override;
    IoResult peek() override;
    void want_read() override;
    void want_write() override;

    void poke() override { x_inner_->poke(); }

    void end_write() override;
    void abort() override;
    void close_and_free() override;

private:
    friend struct TlsBio;

    void on_ready() override;

    /// Sends what OpenSSL has made.
    IoResult flush();
    void encrypt(std::span<const iovec> from);
    IoResult outcome();
    void break_off();
    void note_failure(int ssl_error);
    void say_goodbye();
    bool has_news() const noexcept;

    StreamPtr x_inner_;
    SSL* x_ssl_;
    Buffer x_ahead_;             ///< read from the stream below, not yet taken by OpenSSL
    std::string x_pending_;      ///< made, not yet sent
    std::size_t x_promised_ = 0; ///< bytes of the caller's that x_pending_ holds the end of
    IoResult x_inner_state_{};   ///< what the inner stream said last when it gave nothing
    Failure x_failure_;
    bool x_messages_ = false; ///< such as make OpenSSL take buffers have come since the last wait
    bool x_dry_ = false;      ///< OpenSSL needs more bytes before it has any for us
    bool x_open_ = false;     ///< the handshake is complete, and we have not said goodbye
    bool x_ending_ = false;   ///< FIN follows once x_pending_ has left
    bool x_ended_ = false;    ///< the peer has said goodbye
    bool x_broken_ = false;   ///< a fatal error has come up
};

using TlsStreamPtr = std::unique_ptr<TlsStream, StreamDeleter>;

/// Goes through the handshake: `moved`, `failed` with its failure(), or `blocked` when the deadline passed or
/// the waiter was stopped. The waiter watches the stream from then on.
Task<Io> shake_hands(TlsStream& stream, Waiter& waiter, Ticks deadline);

} // namespace cosdiag::net

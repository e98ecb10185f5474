// SPDX-License-Identifier: Apache-2.0
// TLS 1.3 with one cipher, the same for every proxy that is measured, and as little work as it takes.
#pragma once

#include "tests/bench/socket.hpp"

#include <openssl/ssl.h>

#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace cosdiag::bench {

/// The other side does not keep to the protocol, or is not trusted; or a file makes no sense to OpenSSL.
class TlsError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// What all connections of one side share. Errors: throws TlsError.
class TlsContext {
public:
    /// For an origin. Both files are PEM.
    static TlsContext server(const std::string& certificate_file, const std::string& key_file);

    /// For a client that trusts the certificates in `ca_file`, asks for a full handshake each time, and looks
    /// again at the chain only when the certificate is not the one it saw last.
    static TlsContext client(const std::string& ca_file);

    SSL_CTX* get() const { return x_context.get(); }

private:
    struct Free {
        void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }

        void operator()(X509* certificate) const { X509_free(certificate); }
    };

    /// The certificate that was found good last.
    struct Verified {
        std::unique_ptr<X509, Free> certificate;
    };

    explicit TlsContext(const SSL_METHOD* method);
    static int verify(X509_STORE_CTX* chain, void* verified);

    std::unique_ptr<SSL_CTX, Free> x_context;
    std::unique_ptr<Verified> x_verified;
};

/// TLS over one socket. It reads from the socket by itself; what is to be sent it leaves in `outgoing()`.
/// Errors: throws TlsError.
class TlsStream {
public:
    /// `host` is what a client asks for and verifies; empty for a server.
    TlsStream(const TlsContext& context, const Fd& socket, const std::string& host);

    /// True once the handshake is done.
    bool handshake();

    /// As recv(2): bytes, 0 at the end, -1 with EAGAIN where nothing has come.
    ssize_t decrypt(std::span<char> plain);

    /// Only after the handshake.
    void encrypt(std::string_view plain);

    /// Tells the other side that nothing will follow.
    void end();

    std::string& outgoing() { return *x_outgoing; }

private:
    struct Free {
        void operator()(SSL* ssl) const { SSL_free(ssl); }
    };

    std::unique_ptr<std::string> x_outgoing; ///< stays where it is, as OpenSSL writes into it
    std::unique_ptr<SSL, Free> x_ssl;
};

} // namespace cosdiag::bench

// SPDX-License-Identifier: Apache-2.0
// TLS towards origins: which roots are trusted, and sessions that are resumed.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace cosdiag::tls {

/// Roots cannot be read; the words say which file, why and what to do.
class TrustError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Which roots are trusted beside the system's store. There is no way to trust without one.
struct Roots {
    struct OfHost {
        std::string host; ///< in lower case; `*.` before it: all hosts below it
        std::string file; ///< PEM
    };

    std::string everywhere; ///< PEM file for all hosts; empty: none
    std::vector<OfHost> hosts;
};

/// Makes the client's side of TLS connections. Used by all threads at once.
class ClientContext {
public:
    /// Throws TrustError.
    explicit ClientContext(const Roots& roots);
    ~ClientContext();
    ClientContext(const ClientContext&) = delete;
    ClientContext& operator=(const ClientContext&) = delete;

    /// A connection to that host, a DNS name or a literal address, that will verify the peer's certificate
    /// and name (RFC 9110 §4.3.4), offer http/1.1 (RFC 7301) and resume the last session under the same key.
    /// The caller owns it. Throws std::bad_alloc.
    SSL* connection(const std::string& host, const std::string& key);

    std::size_t sessions() const;

    static constexpr std::size_t most_sessions = 1024;

private:
    struct Free {
        void operator()(SSL_CTX* context) const noexcept;
        void operator()(SSL_SESSION* session) const noexcept;
    };

    using ContextPtr = std::unique_ptr<SSL_CTX, Free>;

    struct HostContext {
        std::string host;
        ContextPtr context;
    };

    static int keep_session(SSL* connection, SSL_SESSION* session);
    ContextPtr make(const std::string& everywhere, const std::string& more);
    SSL_CTX* context_for(std::string_view host) const noexcept;

    ContextPtr x_usual_;
    std::vector<HostContext> x_special_;
    mutable std::mutex x_mutex_;
    std::unordered_map<std::string, std::unique_ptr<SSL_SESSION, Free>> x_sessions_;
};

} // namespace cosdiag::tls

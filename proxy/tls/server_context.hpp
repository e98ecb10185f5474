// SPDX-License-Identifier: Apache-2.0
// TLS towards clients, with certificates of our own CA.
#pragma once

#include "proxy/tls/leaf_cache.hpp"

#include <openssl/types.h>

#include <memory>
#include <string_view>

namespace cosdiag::tls {

/// Makes the server's side of TLS connections. Used by all threads at once.
class ServerContext {
public:
    explicit ServerContext(std::shared_ptr<const Authority> authority);
    ~ServerContext();
    ServerContext(const ServerContext&) = delete;
    ServerContext& operator=(const ServerContext&) = delete;

    /// Whether our CA can vouch for the host.
    bool covers(std::string_view host) const;

    /// A connection that shows a certificate for that host, agrees to http/1.1 if that is offered (RFC 7301),
    /// and gives tickets for resumption. The caller owns it. Throws CaError, std::bad_alloc.
    SSL* connection(std::string_view host);

private:
    struct Free {
        void operator()(SSL_CTX* context) const noexcept;
    };

    std::shared_ptr<const Authority> x_authority_;
    LeafCache x_leaves_;
    std::unique_ptr<SSL_CTX, Free> x_context_;
};

} // namespace cosdiag::tls

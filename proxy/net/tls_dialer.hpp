// SPDX-License-Identifier: Apache-2.0
// Puts TLS on connections to origins that are spoken to so.
#pragma once

#include "proxy/net/dialer.hpp"
#include "proxy/tls/client_context.hpp"

namespace cosdiag::net {

/// Dials with another dialer, then shakes hands. The handshake may take as long as connecting may.
class TlsDialer final : public Dialer {
public:
    /// All of these must outlive it.
    TlsDialer(Dialer& below, tls::ClientContext& context, const config::Config& config) noexcept
        : x_below_(below), x_context_(context), x_config_(config)
    {
    }

    Task<Dialled> dial(const Origin& origin, Waiter& waiter) override;

private:
    Dialer& x_below_;
    tls::ClientContext& x_context_;
    const config::Config& x_config_;
};

} // namespace cosdiag::net

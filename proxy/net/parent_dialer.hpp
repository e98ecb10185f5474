// SPDX-License-Identifier: Apache-2.0
// Leads connections through the parent proxy that was chosen for them.
#pragma once

#include "proxy/http/forward.hpp"
#include "proxy/net/dialer.hpp"

namespace cosdiag::net {

/// Dials with another dialer, the parent instead of the origin, and opens a tunnel there unless requests are
/// asked for in absolute-form. The parent may take as long to open it as connecting may take.
class ParentDialer final : public Dialer {
public:
    /// All of these must outlive it.
    ParentDialer(Dialer& below, const http::Identity& identity, const config::Config& config) noexcept
        : x_below_(below), x_identity_(identity), x_config_(config)
    {
    }

    Task<Dialled> dial(const Origin& origin, Waiter& waiter) override;

private:
    Task<Dialled> open_tunnel(const Origin& origin, StreamPtr stream, Waiter& waiter);

    Dialer& x_below_;
    const http::Identity& x_identity_;
    const config::Config& x_config_;
};

} // namespace cosdiag::net

// SPDX-License-Identifier: Apache-2.0
// Tunnels to COS: what is in them cannot be read, and that is said once for each host, with the way out.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_set>

namespace cosdiag::log {

/// What to tell about a tunnel: that it is blind, how to look into it, the setting that makes this client
/// speak clear HTTP instead, and what that exposes. Host and User-Agent come from the wire. `has_authority`:
/// there is a CA, and it was of no use for this host.
std::string
blind_tunnel_notice(std::string_view host, std::string_view user_agent, bool has_authority = false);

/// Used by all threads at once.
class BlindTunnels {
public:
    explicit BlindTunnels(bool has_authority = false) noexcept : x_has_authority_(has_authority) {}

    /// Counts the tunnel; the first one to each host is told on the error stream. Bounds: 1,000 hosts are
    /// remembered, more are only counted.
    void opened(std::string_view host, std::string_view user_agent);

    std::uint64_t count() const;
    std::size_t hosts() const;

private:
    const bool x_has_authority_;
    mutable std::mutex x_mutex_;
    std::unordered_set<std::string> x_hosts_;
    std::uint64_t x_count_ = 0;
};

} // namespace cosdiag::log

// SPDX-License-Identifier: Apache-2.0
// Tunnels to COS: what is in them cannot be read, and that is said once for each host, with the way out.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_set>

namespace cosdiag::log {

/// What to tell about a tunnel: that it is blind, the setting that makes this client speak clear HTTP, and
/// what clear HTTP exposes. Both arguments come from the wire.
std::string blind_tunnel_notice(std::string_view host, std::string_view user_agent);

/// Used by all threads at once.
class BlindTunnels {
public:
    /// Counts the tunnel; the first one to each host is told on the error stream. Bounds: 1,000 hosts are
    /// remembered, more are only counted.
    void opened(std::string_view host, std::string_view user_agent);

    std::uint64_t count() const;
    std::size_t hosts() const;

private:
    mutable std::mutex x_mutex_;
    std::unordered_set<std::string> x_hosts_;
    std::uint64_t x_count_ = 0;
};

} // namespace cosdiag::log

// SPDX-License-Identifier: Apache-2.0
// Bytes both ways until both sides have ended: what CONNECT and 101 lead to.
#pragma once

#include "proxy/net/context.hpp"
#include "proxy/net/task.hpp"

namespace cosdiag::net {

/// What has been read or made already and goes first. Borrowed; may be changed in place.
struct TunnelStart {
    std::span<char> to_upstream;
    std::span<char> to_client;
};

/// Runs the tunnel to its end. A half-close goes on as a half-close, a reset as a reset; nothing moving for
/// timeouts.tunnel_idle ends it.
Task<> run_tunnel(Context& context, Stream& client, Stream& upstream, TunnelStart start, Waiter& waiter);

} // namespace cosdiag::net

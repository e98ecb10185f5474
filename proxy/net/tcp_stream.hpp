// SPDX-License-Identifier: Apache-2.0
// Stream over a TCP socket, and how one is made.
#pragma once

#include "proxy/net/reactor.hpp"
#include "proxy/net/stream.hpp"

namespace cosdiag::net {

/// Takes over a connected, non-blocking descriptor. `readable`: bytes are likely to be there already. Throws
/// std::system_error if it cannot be registered; it is closed then.
StreamPtr adopt_tcp(Reactor& reactor, int descriptor, bool readable);

/// Begins to connect; after want_write, connected() tells how it went. Null, with `error` set to an errno,
/// if that fails at once. `from`, if not null, receives this end's address.
StreamPtr begin_connect(
    Reactor& reactor, const asio::ip::tcp::endpoint& to, int& error, asio::ip::tcp::endpoint* from = nullptr
);

} // namespace cosdiag::net

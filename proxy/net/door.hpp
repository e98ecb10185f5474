// SPDX-License-Identifier: Apache-2.0
// One listening socket of one thread.
#pragma once

#include "proxy/net/asio.hpp"
#include "proxy/net/descriptor.hpp"
#include "proxy/net/entrance.hpp"

namespace cosdiag::net {

/// Stays where it is as long as its thread runs: what waits for clients refers to it.
struct Door {
    Door(asio::io_context& io, const Entrance& leads, Descriptor socket, bool stays_open)
        : entrance(leads),
          lasting(stays_open),
          acceptor(io, leads.address.protocol(), socket.number()),
          pause(io)
    {
        socket.release();
    }

    bool is_open() const { return acceptor.is_open(); }

    void close()
    {
        boost::system::error_code ignored;
        acceptor.close(ignored);
    }

    const Entrance& entrance;
    const bool lasting; ///< the socket outlives us: whoever holds it goes on with who waits there
    TcpAcceptor acceptor;
    Timer pause; ///< while there are no descriptors
};

} // namespace cosdiag::net

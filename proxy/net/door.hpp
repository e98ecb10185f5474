// SPDX-License-Identifier: Apache-2.0
// One listening socket of one thread.
#pragma once

#include "proxy/net/asio.hpp"
#include "proxy/net/descriptor.hpp"
#include "proxy/net/entrance.hpp"

namespace cosdiag::net {

/// Stays where it is as long as its thread runs: what waits for clients refers to it.
struct Door {
    Door(asio::io_context& io, const Entrance& leads, Descriptor socket)
        : entrance(leads), acceptor(io, leads.address.protocol(), socket.number()), pause(io)
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
    TcpAcceptor acceptor;
    Timer pause; ///< while there are no descriptors
};

} // namespace cosdiag::net

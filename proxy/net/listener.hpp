// SPDX-License-Identifier: Apache-2.0
// Listening sockets: how they are made, and what comes out of them.
#pragma once

#include "config/config.hpp"
#include "proxy/net/access.hpp"
#include "proxy/net/asio.hpp"
#include "proxy/net/descriptor.hpp"

#include <string>

namespace cosdiag::net {

/// Finds out, with a socket that shares with nobody, whether the address can be listened on, and which port
/// it is if the system chooses. Throws ListenError.
Endpoint probe(const config::Address& address);

/// A listening socket that shares its address with those of the other threads. Its settings (no delay,
/// keep-alive) are inherited by what it accepts. Throws ListenError.
Descriptor listen_shared(const Endpoint& address);

/// What listen_shared() sets, on a listening socket that somebody else made.
void set_for_clients(int listening);

/// Whether a connection can be accepted there.
bool somebody_waits(int listening);

/// `127.0.0.1:8403`, `[::1]:8403`.
std::string text_of(const Endpoint& at);

/// Where a listening socket listens. Throws std::system_error if it is none.
Endpoint address_of(int listening);

/// Lets no further connection begin on that socket, while those that have begun can still be accepted.
void refuse_newcomers(int listening);

/// Where a client wanted to connect to before a rule of the packet filter led it here (SO_ORIGINAL_DST,
/// Linux); where it did connect to if none led it.
Endpoint original_destination(int descriptor);

} // namespace cosdiag::net

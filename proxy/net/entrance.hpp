// SPDX-License-Identifier: Apache-2.0
// How clients come in: the listener, and where a connection leads when its requests do not say.
#pragma once

#include "config/config.hpp"
#include "proxy/http/forward.hpp"
#include "proxy/net/access.hpp"

#include <optional>
#include <string>

namespace cosdiag::net {

/// One listening address.
struct Entrance {
    Endpoint address; ///< where it really listens
    config::ListenerMode mode = config::ListenerMode::forward;
    bool tls = false; ///< clients may speak TLS to it; reverse listeners only
};

/// A client that has just connected.
struct Arrival {
    Address peer;
    const Entrance& entrance; ///< outlives the connection
    /// Where the client wanted to go before the system led it here; transparent listeners only.
    std::optional<Endpoint> original{};
    std::uint16_t peer_port = 0;
};

/// A connection on which the client speaks as if to the origin itself: in a tunnel, or because something led
/// it here. Stays where it is: `tunnel` points into it.
struct Inside {
    http::Addressing::By by = http::Addressing::By::tunnel;
    bool tls = false;          ///< the client's side is encrypted, and so is ours
    std::string host;          ///< of the tunnel, or the name that the client's TLS asked for
    std::uint16_t port = 443;  ///< of the tunnel or of the original address
    std::string authority;     ///< of the tunnel, as messages call it
    http::Authority tunnel;    ///< the same, read
    std::optional<Address> at; ///< the original address, which is gone to whatever names say
    std::string user_agent;    ///< of the CONNECT

    /// Files connections under the original address too, so that no client can lend others an address of its
    /// choosing.
    void name(std::string_view host_name, std::uint16_t port_number, std::uint16_t usual_port);
};

} // namespace cosdiag::net

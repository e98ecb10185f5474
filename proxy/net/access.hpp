// SPDX-License-Identifier: Apache-2.0
// Who may use the proxy, and which addresses it connects to.
#pragma once

#include "config/config.hpp"
#include "proxy/net/departures.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <optional>
#include <string>
#include <vector>

namespace cosdiag::net {

using Address = boost::asio::ip::address;
using Endpoint = boost::asio::ip::tcp::endpoint;

bool contains(const config::Cidr& range, const Address& address) noexcept;

/// What a connection is wanted for.
struct Destination {
    std::string_view host;   ///< as asked for
    bool cos = false;        ///< a COS host by its shape or by cos.custom_domains
    bool redirected = false; ///< a connect-to rule chose the address: the operator's word counts
};

/// Why an address is not connected to.
struct Denial {
    bool own = false;   ///< it is a listener of ours: connecting would loop
    std::string reason; ///< names the address, the rule and the option that opens it
};

class Access {
public:
    /// `listeners`: where clients really find the proxy. `others`: where else the program listens.
    Access(const config::Access& rules, std::vector<Endpoint> listeners, std::vector<Endpoint> others = {});

    /// Whether clients from other machines can reach us.
    bool shared() const noexcept { return x_shared_; }

    /// Checked against the address really used, after name look-up and connect-to.
    std::optional<Denial> check(const Endpoint& to, const Destination& wanted) const;

    /// The same when a parent proxy looks names up: a name shows itself only. `cos` as in Destination.
    std::optional<Denial> check_named(std::string_view host, std::uint16_t port, bool cos) const;

    /// Whether that address is this machine, and nobody opened it: what a hosts file says of a COS host so
    /// that clients come here, and no way to COS.
    bool leads_here(const Address& address) const;

    bool client_allowed(const Address& client) const noexcept;

    /// A connection of ours to the address that a client of a transparent listener wanted. Any thread.
    void departing(const Endpoint& from, const Endpoint& to) const { x_departures_.note(from, to, now()); }

    /// Whether a client of a transparent listener, and what it wanted, are such a connection come back.
    bool came_back(const Endpoint& client, const Endpoint& wanted) const
    {
        return x_departures_.has(client, wanted, now());
    }

    bool connect_port_allowed(std::uint16_t port) const noexcept;

    /// Whether that is a listener of ours.
    bool is_own(const Endpoint& to) const;

private:
    bool opened(const Address& address) const noexcept;

    const config::Access& x_rules_;
    std::vector<Endpoint> x_own_;
    bool x_shared_ = false;
    mutable Departures x_departures_;
};

} // namespace cosdiag::net

// SPDX-License-Identifier: Apache-2.0
// From a host and port to a connection: connect-to rules, name look-up, access rules, and all addresses in
// turn.
#pragma once

#include "proxy/http/answer.hpp"
#include "proxy/net/access.hpp"
#include "proxy/net/reactor.hpp"
#include "proxy/net/resolver.hpp"
#include "proxy/net/stream.hpp"

#include <string>

namespace cosdiag::net {

class Parent;

/// Where a request wants to go.
struct Origin {
    std::string host; ///< a name or a literal address, IPv6 without brackets
    std::uint16_t port = 80;
    bool cos = false;            ///< a COS host by its shape or by cos.custom_domains
    bool tls = false;            ///< to be spoken to over TLS
    std::optional<Address> at{}; ///< connect there, whatever the name says
    bool exempt = false;         ///< the operator named it: connect-to and rules on destinations do not apply

    const Parent* parent = nullptr; ///< connect to this proxy instead
    bool forwarded = false; ///< which is asked for each request in absolute-form; else it opens a tunnel
    std::string via{};      ///< Via of the CONNECT that this is for

    /// What connections to it are filed under, unless they are the parent's, which all origins share.
    std::string key() const;
    void write_key(std::string& key) const;

    /// host:port, with brackets where IPv6 needs them.
    std::string authority() const;
};

struct Dialled {
    StreamPtr stream;      ///< null if it failed
    http::Refusal failure; ///< then: why, and what to do
};

/// How connections come about; the tests have another one.
class Dialer {
public:
    /// Connects within the connect time-out; `waiter`'s deadline is used on the way.
    virtual Task<Dialled> dial(const Origin& origin, Waiter& waiter) = 0;

protected:
    ~Dialer() = default;
};

/// Dials over TCP.
class TcpDialer final : public Dialer {
public:
    TcpDialer(
        asio::io_context& context,
        Reactor& reactor,
        Resolver& resolver,
        const Access& access,
        const config::Config& config
    ) noexcept
        : x_context_(context),
          x_reactor_(reactor),
          x_resolver_(resolver),
          x_access_(access),
          x_config_(config)
    {
    }

    Task<Dialled> dial(const Origin& origin, Waiter& waiter) override;

private:
    struct Race;

    Task<Dialled> connect(
        const Origin& origin,
        const Destination& wanted,
        std::vector<Address> addresses,
        std::uint16_t port,
        Ticks deadline,
        Waiter& waiter
    );
    Task<Resolution>
    look_up(const std::string& host, Resolver::Source source, Ticks deadline, Waiter& waiter);
    bool lead_here(const Resolution& found) const;

    asio::io_context& x_context_;
    Reactor& x_reactor_;
    Resolver& x_resolver_;
    const Access& x_access_;
    const config::Config& x_config_;
};

/// The first rule that matches, applied as curl does (curl(1), --connect-to). True if one did.
bool apply_connect_to(const std::vector<config::ConnectTo>& rules, std::string& host, std::uint16_t& port);

} // namespace cosdiag::net

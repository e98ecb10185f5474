// SPDX-License-Identifier: Apache-2.0
// The proxy that takes our connections further, and which of them it takes.
#pragma once

#include "config/parent.hpp"
#include "proxy/http/forward.hpp"
#include "proxy/net/dialer.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cosdiag::net {

class Parent {
public:
    /// `from` as in config::ParentRules.
    Parent(const config::ParentUrl& url, std::string_view from);

    const std::string& host() const noexcept { return x_host_; }

    std::uint16_t port() const noexcept { return x_port_; }

    /// host:port.
    const std::string& name() const noexcept { return x_name_; }

    /// What named it: a setting, or variables.
    std::string_view named_by() const noexcept;

    /// What exempts a host from it.
    std::string_view exempted_by() const noexcept;

    /// What its connections for requests in absolute-form are filed under: nothing that an origin could be.
    const std::string& key() const noexcept { return x_key_; }

    /// For what is written to it, and for nothing that anybody reads.
    http::NextProxy spoken_to() const noexcept { return {x_credentials_}; }

    bool has_credentials() const noexcept { return !x_credentials_.empty(); }

    /// Whether a text of its own repeats our secrets.
    bool reveals(std::string_view text) const noexcept;

private:
    std::string x_host_;
    std::uint16_t x_port_;
    std::string x_name_, x_from_, x_key_;
    std::string x_password_, x_credentials_;
};

class Parents {
public:
    /// Both must outlive it.
    Parents(const config::ParentRules& rules, const std::vector<config::ConnectTo>& connect_to);

    /// Whether any connection goes through a parent.
    bool any() const noexcept { return x_http_ || x_https_; }

    /// Sets `parent` and `forwarded`, and gives up `at`, which says no more than the name then.
    /// `forwardable`: requests can be asked for in absolute-form. Hosts that a connect-to rule moves are
    /// connected to where it says, and so is an original address whose name is not known.
    void choose(Origin& origin, bool forwardable) const;

private:
    const config::ParentRules& x_rules_;
    const std::vector<config::ConnectTo>& x_connect_to_;
    std::optional<Parent> x_http_, x_https_;
};

} // namespace cosdiag::net

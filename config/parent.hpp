// SPDX-License-Identifier: Apache-2.0
// Whether a connection goes through a parent proxy, and which: by the settings, else by the environment.
#pragma once

#include "config/config.hpp"
#include "config/environment.hpp"
#include "config/fault.hpp"
#include "config/no_proxy.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cosdiag::config {

struct ParentRules {
    std::optional<ParentUrl> for_http, for_https; ///< by the scheme that is spoken to the origin
    NoProxy no_proxy;
    std::string from;      ///< `settings`, or the names of the variables that said so; empty without a parent
    std::string ourselves; ///< variables left out because they name one of our own listeners; empty: none

    /// The parent for a connection to this host; null when it is reached directly. Lives as long as the
    /// rules.
    const ParentUrl* parent_for(bool https, std::string_view host, std::uint16_t port) const;

    friend bool operator==(const ParentRules&, const ParentRules&) = default;
};

/// The settings' parent for both schemes, or what the environment says: `http_proxy` and `HTTP_PROXY`, which
/// is ignored where REQUEST_METHOD is set, since a client of a CGI program writes that one; `https_proxy`,
/// `HTTPS_PROXY`; for either `all_proxy`, `ALL_PROXY`; and `no_proxy`, `NO_PROXY` beside the settings' own
/// list. Lower case wins, empty counts as unset, and a URL without a scheme is taken for http://, as others
/// take it. Variables that name one of our own listeners are passed over: the shell that starts us often has
/// them set for its clients. A URL that is no parent adds a fault that bears the variable's name.
ParentRules resolve_parent(const Config& config, const Environment& environment, Faults& faults);

/// Whether a parent is one of these listeners, which would make a loop.
bool is_listener(const ParentUrl& parent, const std::vector<Listener>& listeners);

} // namespace cosdiag::config

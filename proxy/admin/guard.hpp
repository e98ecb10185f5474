// SPDX-License-Identifier: Apache-2.0
// Who gets an answer from the admin listener. Nobody reaches it through a page of another site: a name that
// an attacker lets point here (DNS rebinding) is not among those it answers to.
#pragma once

#include <boost/asio/ip/address.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace cosdiag::admin {

/// What a request says of whence it comes. Borrowed.
struct Provenance {
    std::string_view host;       ///< the Host field
    std::string_view fetch_site; ///< Sec-Fetch-Site (Fetch Metadata §2.3); empty: no browser, or an old one
    boost::asio::ip::address local; ///< the address of ours that it reached
};

/// How much of the program a path shows.
enum class Shows : std::uint8_t {
    state,    ///< how it is: to everyone who can connect
    page,     ///< the page itself, which may be linked to
    requests, ///< what clients asked for: to users
};

Shows what_shows(std::string_view path);

/// Why the request is refused; nothing if it may be answered, credentials aside.
std::optional<std::string> objection(const Provenance& from, Shows shows);

} // namespace cosdiag::admin

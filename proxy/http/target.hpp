// SPDX-License-Identifier: Apache-2.0
// Request targets (RFC 9112 §3.2) and the authorities in them (RFC 3986 §3.2).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace cosdiag::http {

/// host [":" port], strictly read. Borrowed.
struct Authority {
    std::string_view text; ///< as written
    std::string_view host; ///< a name, an IPv4 address, or an IPv6 address without its brackets
    bool v6 = false;
    std::optional<std::uint16_t> port; ///< absent when none is written, `host:` included

    std::uint16_t port_or(std::uint16_t fallback) const noexcept { return port.value_or(fallback); }
};

/// Reads an authority: names of letters, digits and `-._~`, literal addresses, IPv6 in brackets.
/// Empty for anything else: user information, percent-escapes, blanks, bracketed names, ports above 65535.
std::optional<Authority> parse_authority(std::string_view text);

/// Whether both name the same host and port, case and a default port aside.
bool same_authority(const Authority& a, const Authority& b, std::uint16_t default_port) noexcept;

struct AbsoluteForm {
    std::string_view scheme;
    Authority authority;
    std::string_view path_and_query; ///< byte for byte; empty, or beginning with `/` or `?`
};

struct OriginForm {}; ///< `/path?query`: spoken to the proxy itself

struct AsteriskForm {}; ///< `*`

struct AuthorityForm { ///< `host:port`, for CONNECT
    Authority authority;
};

/// Why a target cannot be used; completes "the request was refused because …".
struct BadTarget {
    std::string_view what;
};

using Target = std::variant<OriginForm, AbsoluteForm, AuthorityForm, AsteriskForm, BadTarget>;

/// Reads the target of a request with this method.
Target parse_target(std::string_view method, std::string_view target);

} // namespace cosdiag::http

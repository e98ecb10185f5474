// SPDX-License-Identifier: Apache-2.0
#include "proxy/http/target.hpp"

#include "proxy/http/field.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

namespace cosdiag::http {

namespace {

/// An object, not a function: a pointer to that would be called for each character.
constexpr auto is_name_char = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
};

bool is_v6(std::string_view text) noexcept
{
    std::array<char, INET6_ADDRSTRLEN> copy{};
    if (text.empty() || text.size() >= copy.size())
        return false;
    std::copy(text.begin(), text.end(), copy.begin());
    in6_addr address{};
    return inet_pton(AF_INET6, copy.data(), &address) == 1;
}

/// The port after a colon: empty, or 1 to 5 digits of at most 65535.
bool parse_port(std::string_view text, std::optional<std::uint16_t>& port) noexcept
{
    if (text.empty())
        return true;
    if (text.size() > 5)
        return false;
    unsigned number = 0;
    for (const char c : text) {
        if (c < '0' || c > '9')
            return false;
        number = number * 10 + static_cast<unsigned>(c - '0');
    }
    if (number > 65535)
        return false;
    port = static_cast<std::uint16_t>(number);
    return true;
}

Target parse_absolute(std::string_view target)
{
    const auto colon = target.find(':');
    const std::string_view scheme = target.substr(0, colon);
    const std::string_view rest = target.substr(colon + 3);
    const auto end = rest.find_first_of("/?");
    const std::string_view authority = rest.substr(0, end);
    if (authority.find('@') != std::string_view::npos)
        return BadTarget{
            "its target carries user information (user@host), which RFC 9110 section 4.2.4 forbids"};
    const auto parsed = parse_authority(authority);
    if (!parsed)
        return BadTarget{"its target names no valid host and port"};
    return AbsoluteForm{
        scheme, *parsed, end == std::string_view::npos ? std::string_view{} : rest.substr(end)};
}

/// Where `://` begins if a scheme (RFC 3986 §3.1) stands before it.
bool has_scheme(std::string_view target) noexcept
{
    const auto colon = target.find(':');
    if (colon == std::string_view::npos || colon == 0 || target.substr(colon, 3) != "://")
        return false;
    return std::all_of(target.begin(), target.begin() + static_cast<std::ptrdiff_t>(colon), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
               c == '-' || c == '.';
    });
}

} // namespace

std::optional<Authority> parse_authority(std::string_view text)
{
    Authority authority;
    authority.text = text;
    std::string_view port;
    if (text.starts_with('[')) {
        const auto close = text.find(']');
        if (close == std::string_view::npos)
            return std::nullopt;
        authority.host = text.substr(1, close - 1);
        authority.v6 = true;
        if (!is_v6(authority.host))
            return std::nullopt;
        port = text.substr(close + 1);
    } else {
        const auto colon = text.find(':');
        authority.host = text.substr(0, colon);
        if (authority.host.empty() || authority.host.size() > 255 ||
            !std::all_of(authority.host.begin(), authority.host.end(), is_name_char))
            return std::nullopt;
        port = colon == std::string_view::npos ? std::string_view{} : text.substr(colon);
    }
    if (port.empty())
        return authority;
    if (port.front() != ':' || !parse_port(port.substr(1), authority.port))
        return std::nullopt;
    return authority;
}

bool same_authority(const Authority& a, const Authority& b, std::uint16_t default_port) noexcept
{
    return a.v6 == b.v6 && equals(a.host, b.host) && a.port_or(default_port) == b.port_or(default_port);
}

Target parse_target(std::string_view method, std::string_view target)
{
    if (method == "CONNECT") {
        const auto authority = parse_authority(target);
        if (!authority || authority->port_or(0) == 0)
            return BadTarget{
                "CONNECT wants HOST:PORT as its target and nothing else (RFC 9112 section 3.2.3)"};
        return AuthorityForm{*authority};
    }
    if (target.starts_with('/'))
        return OriginForm{};
    if (target == "*") {
        if (method == "OPTIONS")
            return AsteriskForm{};
        return BadTarget{"only OPTIONS may have * as its target (RFC 9112 section 3.2.4)"};
    }
    if (!has_scheme(target))
        return BadTarget{"its target is neither a path nor an absolute URL (RFC 9112 section 3.2)"};
    return parse_absolute(target);
}

} // namespace cosdiag::http

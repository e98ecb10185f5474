// SPDX-License-Identifier: Apache-2.0
#include "config/parent_url.hpp"

#include "config/address.hpp"
#include "config/literal.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <optional>

namespace cosdiag::config {

namespace {

constexpr std::string_view example = "Write it such as http://proxy.example.com:3128.";

std::string lower(std::string_view text)
{
    std::string out(text);
    std::ranges::transform(out, out.begin(), [](unsigned char c) {
        return static_cast<char>(std::tolower(c));
    });
    return out;
}

/// Only schemes that are known are named: the text before a misplaced :// may be anything.
Complaint wrong_scheme(std::string_view text)
{
    constexpr std::array<std::string_view, 6> others = {
        "https://", "socks://", "socks4://", "socks4a://", "socks5://", "socks5h://"};
    const auto begin = lower(text.substr(0, 16));
    for (const auto other : others) {
        if (begin.starts_with(other)) {
            return {
                "begins with " + std::string(other) + ", and a parent is spoken to in clear HTTP only",
                "Most such proxies have a port for HTTP as well: write http:// and that port."};
        }
    }
    return {"does not begin with http://", std::string(example)};
}

/// Undoes %XX (RFC 3986 §2.1). Empty when a % is not followed by two hexadecimal digits.
std::optional<std::string> percent_decoded(std::string_view text)
{
    std::string out;
    while (!text.empty()) {
        if (text.front() != '%') {
            out += text.front();
            text.remove_prefix(1);
            continue;
        }
        unsigned byte = 0;
        const auto digits = text.substr(1, 2);
        const auto* const end = digits.data() + digits.size();
        if (digits.size() != 2 || std::from_chars(digits.data(), end, byte, 16).ptr != end)
            return std::nullopt;
        out += static_cast<char>(byte);
        text.remove_prefix(3);
    }
    return out;
}

std::optional<Complaint> read_credentials(ParentUrl& parent, std::string_view text)
{
    const auto colon = text.find(':');
    auto user = percent_decoded(text.substr(0, colon));
    auto password = percent_decoded(colon == std::string_view::npos ? "" : text.substr(colon + 1));
    if (!user || !password) {
        return Complaint{
            "has a % before the @ that two hexadecimal digits do not follow", "Write %25 for a % itself."};
    }
    const auto control = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
    if (user->find(':') != std::string::npos || std::ranges::any_of(*user + *password, control)) {
        return Complaint{
            "has a colon in the user's name, or a control character in name or password",
            "Basic authentication allows neither."};
    }
    parent.user = std::move(*user);
    parent.password = std::move(*password);
    return std::nullopt;
}

std::optional<Complaint> read_host(ParentUrl& parent, std::string_view text)
{
    const bool bracketed = text.starts_with('[');
    const auto end =
        bracketed ? std::min(text.find(']'), text.size()) + 1 : std::min(text.find(':'), text.size());
    const auto host = text.substr(0, end);
    const auto rest = text.substr(std::min(end, text.size()));
    if (bracketed) {
        const auto literal = parse_literal(host.substr(1, std::max<std::size_t>(host.size(), 2) - 2));
        if (!literal || !literal->v6 || !host.ends_with(']'))
            return Complaint{"has no IPv6 address between its brackets", std::string(example)};
        parent.host = to_string(*literal);
    } else {
        auto name = parse_host_name(host);
        if (std::holds_alternative<Complaint>(name))
            return Complaint{"has no host name or address behind http://", std::string(example)};
        parent.host = std::get<std::string>(std::move(name));
    }
    if (rest.empty())
        return std::nullopt;
    const auto port = parse_port(rest.substr(1));
    if (!rest.starts_with(':') || std::holds_alternative<Complaint>(port))
        return Complaint{"has no port from 1 to 65535 behind its host", std::string(example)};
    parent.port = std::get<std::uint16_t>(port);
    return std::nullopt;
}

} // namespace

Parsed<ParentUrl> parse_parent_url(std::string_view text)
{
    constexpr std::string_view scheme = "http://";
    if (lower(text.substr(0, scheme.size())) != scheme)
        return wrong_scheme(text);
    const auto rest = text.substr(scheme.size());
    const auto end = std::min(rest.find_first_of("/?#"), rest.size());
    const auto authority = rest.substr(0, end);
    const auto path = rest.substr(end);
    if (path.find('@') != std::string_view::npos) {
        return Complaint{
            "has a /, ? or # before its @", "In a user's name or password write %2F, %3F and %23 for them."};
    }
    if (!path.empty() && path != "/")
        return Complaint{"has more than a / behind its host and port", std::string(example)};

    ParentUrl parent;
    const auto at = authority.rfind('@');
    if (at != std::string_view::npos) {
        if (auto complaint = read_credentials(parent, authority.substr(0, at)))
            return std::move(*complaint);
    }
    if (auto complaint =
            read_host(parent, at == std::string_view::npos ? authority : authority.substr(at + 1)))
        return std::move(*complaint);
    return parent;
}

Parsed<Parent> parse_parent(std::string_view text)
{
    if (text.empty() || text == "none")
        return Parent{.url = {}, .none = !text.empty(), .no_proxy = {}};
    auto url = parse_parent_url(text);
    if (auto* complaint = std::get_if<Complaint>(&url)) {
        if (complaint->what.starts_with("does not begin"))
            complaint->hint += " none switches off what the environment says.";
        return std::move(*complaint);
    }
    return Parent{.url = std::get<ParentUrl>(std::move(url)), .none = false, .no_proxy = {}};
}

std::string to_string(const ParentUrl& parent)
{
    return to_string(Address{parent.host, parent.port});
}

} // namespace cosdiag::config

// SPDX-License-Identifier: Apache-2.0
#include "config/no_proxy.hpp"

#include "config/address.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace cosdiag::config {

namespace {

constexpr std::string_view separators = ", \t\r\n";

/// `domain` is in lower case.
bool is_below(std::string_view host, std::string_view domain)
{
    if (host.size() < domain.size())
        return false;
    const auto tail = host.substr(host.size() - domain.size());
    const bool same = std::ranges::equal(tail, domain, {}, [](unsigned char c) {
        return static_cast<char>(std::tolower(c));
    });
    return same && (host.size() == domain.size() || host[host.size() - domain.size() - 1] == '.');
}

std::string_view without_brackets(std::string_view host)
{
    return host.size() > 2 && host.starts_with('[') && host.ends_with(']') ? host.substr(1, host.size() - 2)
                                                                           : host;
}

std::string_view without_dot(std::string_view host)
{
    return host.ends_with('.') ? host.substr(0, host.size() - 1) : host;
}

/// Takes `:port` off the end of `text`. An IPv6 address has several colons, and a port only behind brackets.
/// False when what stands there is no port.
bool take_port(std::string_view& text, std::optional<std::uint16_t>& port)
{
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos || (text.find(':') != colon && text[colon - 1] != ']') ||
        text.ends_with(']'))
        return true;
    const auto parsed = parse_port(text.substr(colon + 1));
    if (!std::holds_alternative<std::uint16_t>(parsed))
        return false;
    port = std::get<std::uint16_t>(parsed);
    text = text.substr(0, colon);
    return true;
}

/// The prefix length of a range; all bits for a bare address.
std::optional<unsigned> prefix_of(std::string_view text, unsigned widest)
{
    unsigned bits = widest;
    if (text.empty())
        return bits;
    const auto* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data() + 1, end, bits);
    if (error != std::errc{} || stop != end || bits > widest)
        return std::nullopt;
    return bits;
}

} // namespace

std::optional<NoProxy::Entry> NoProxy::parse_entry(std::string_view text)
{
    Entry entry;
    if (!take_port(text, entry.port))
        return std::nullopt;
    if (text == "*")
        return entry;
    const auto slash = std::min(text.find('/'), text.size());
    if (const auto literal = parse_literal(without_brackets(text.substr(0, slash)))) {
        const auto bits = prefix_of(text.substr(slash), literal->v6 ? 128 : 32);
        if (!bits)
            return std::nullopt;
        const bool mapped = is_mapped(*literal) && *bits >= 96;
        entry.prefix_bits = mapped ? *bits - 96 : *bits;
        entry.network = network_of(mapped ? unmapped(*literal) : *literal, entry.prefix_bits);
        return entry;
    }
    if (text.starts_with("*."))
        text.remove_prefix(1);
    if (text.starts_with('.'))
        text.remove_prefix(1);
    auto domain = parse_host_name(without_dot(text));
    if (std::holds_alternative<Complaint>(domain))
        return std::nullopt;
    entry.domain = std::get<std::string>(std::move(domain));
    return entry;
}

void NoProxy::add(std::string_view list)
{
    while (!list.empty()) {
        const auto end = std::min(list.find_first_of(separators), list.size());
        if (auto entry = parse_entry(list.substr(0, end)))
            entries_.push_back(std::move(*entry));
        list.remove_prefix(std::min(end + 1, list.size()));
    }
}

bool NoProxy::matches(std::string_view host, std::uint16_t port) const
{
    auto literal = parse_literal(without_brackets(host));
    if (literal)
        literal = unmapped(*literal);
    const auto name = without_dot(host);
    if (literal ? is_loopback(*literal) : is_below(name, "localhost"))
        return true;
    return std::ranges::any_of(entries_, [&](const Entry& entry) {
        if (entry.port && *entry.port != port)
            return false;
        if (entry.network) {
            return literal && literal->v6 == entry.network->v6 &&
                   network_of(*literal, entry.prefix_bits) == *entry.network;
        }
        return entry.domain.empty() || (!literal && is_below(name, entry.domain));
    });
}

Parsed<std::string> parse_no_proxy(std::string_view text)
{
    if (text.find_first_of(separators) != std::string_view::npos)
        return Complaint{quoted(text) + " is more than one entry", "Give each a line of its own."};
    if (NoProxy::parse_entry(text))
        return std::string(text);
    return Complaint{
        quoted(text) + " is no host, domain, address or range",
        "Write it such as example.com, 10.0.0.0/8, [2001:db8::1]:443 or *."};
}

} // namespace cosdiag::config

// SPDX-License-Identifier: Apache-2.0
#include "config/address.hpp"

#include "config/literal.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

namespace cosdiag::config {

namespace {

constexpr std::string_view write_address =
    "Write an address and a port, such as 127.0.0.1:8403 or [::1]:8403.";

std::optional<unsigned> parse_number(std::string_view text, unsigned most)
{
    unsigned number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number > most)
        return std::nullopt;
    return number;
}

/// Cuts the next part off `rest`, up to a colon outside brackets; brackets are taken off. Empty when they do
/// not match.
std::optional<std::string> next_part(std::string_view& rest)
{
    std::string part;
    if (rest.starts_with('[')) {
        const auto close = rest.find(']');
        if (close == std::string_view::npos)
            return std::nullopt;
        part = rest.substr(1, close - 1);
        const auto literal = parse_literal(part);
        if (!literal || !literal->v6)
            return std::nullopt;
        rest.remove_prefix(close + 1);
    } else {
        part = rest.substr(0, rest.find(':'));
        rest.remove_prefix(part.size());
    }
    return part;
}

bool is_host(std::string_view text)
{
    return text.empty() || parse_literal(text) || std::holds_alternative<std::string>(parse_host_name(text));
}

} // namespace

Parsed<Address> parse_address(std::string_view text)
{
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) {
        if (parse_number(text, 65535)) {
            return Complaint{quoted(text) + " has no address", "Write 127.0.0.1:" + std::string(text) + "."};
        }
        return Complaint{quoted(text) + " has no port", std::string(write_address)};
    }
    const auto port = parse_number(text.substr(colon + 1), 65535);
    if (!port)
        return Complaint{quoted(text) + " has no port between 0 and 65535", std::string(write_address)};

    auto host = text.substr(0, colon);
    const bool bracketed = host.starts_with('[') && host.ends_with(']') && host.size() > 2;
    if (bracketed)
        host = host.substr(1, host.size() - 2);
    const auto literal = parse_literal(host);
    if (!literal || literal->v6 != bracketed) {
        std::string hint(write_address);
        if (host.empty())
            hint = "Write 127.0.0.1:" + std::to_string(*port) + ", or 0.0.0.0 for every address.";
        if (host == "localhost")
            hint = "Write 127.0.0.1:" + std::to_string(*port) + ".";
        return Complaint{quoted(text) + " does not begin with a literal address", hint};
    }
    return Address{std::string(host), static_cast<std::uint16_t>(*port)};
}

Parsed<std::optional<Address>> parse_admin_address(std::string_view text)
{
    if (text == "off")
        return std::optional<Address>();
    auto address = parse_address(text);
    if (auto* complaint = std::get_if<Complaint>(&address))
        return std::move(*complaint);
    return std::optional(std::get<Address>(std::move(address)));
}

std::string to_string(const Address& address)
{
    const bool v6 = address.host.find(':') != std::string::npos;
    return (v6 ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
}

bool is_loopback(const Address& address)
{
    const auto literal = parse_literal(address.host);
    return literal && is_loopback(*literal);
}

Parsed<Cidr> parse_cidr(std::string_view text)
{
    const auto slash = text.find('/');
    const auto literal = parse_literal(text.substr(0, slash));
    if (!literal) {
        return Complaint{
            quoted(text) + " is no range of addresses",
            "Write one such as 10.0.0.0/8, 192.0.2.7 or 2001:db8::/32."};
    }
    if (is_mapped(*literal)) {
        return Complaint{quoted(text) + " is an IPv4 range in IPv6 clothing", "Write it as IPv4."};
    }
    const unsigned widest = literal->v6 ? 128 : 32;
    const auto bits = slash == std::string_view::npos ? widest : parse_number(text.substr(slash + 1), widest);
    if (!bits) {
        return Complaint{
            quoted(text) + " does not end in a prefix length from 0 to " + std::to_string(widest), ""};
    }
    const Literal network = network_of(*literal, *bits);
    if (network != *literal) {
        return Complaint{
            quoted(text) + " has bits set beyond its prefix",
            "Write " + to_string(network) + "/" + std::to_string(*bits) + " for the range, or " +
                to_string(*literal) + " for the one address."};
    }
    Cidr cidr;
    cidr.text = text;
    cidr.v6 = literal->v6;
    cidr.prefix_bits = static_cast<std::uint8_t>(*bits);
    std::copy(literal->bytes.begin(), literal->bytes.end(), std::begin(cidr.bytes));
    return cidr;
}

Parsed<ConnectTo> parse_connect_to(std::string_view text)
{
    const Complaint shape = {
        quoted(text) + " is not HOST1:PORT1:HOST2:PORT2",
        "Each part may be empty, IPv6 addresses stand in brackets: "
        "examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com:443:[::1]:8443."};
    std::array<std::string, 4> parts;
    std::string_view rest = text;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i > 0) {
            if (!rest.starts_with(':'))
                return shape;
            rest.remove_prefix(1);
        }
        auto part = next_part(rest);
        if (!part)
            return shape;
        parts[i] = std::move(*part);
    }
    if (!rest.empty())
        return shape;

    ConnectTo route{.from_host = parts[0], .from_port = {}, .to_host = parts[2], .to_port = {}};
    for (const auto* host : {&route.from_host, &route.to_host}) {
        if (!is_host(*host))
            return Complaint{quoted(*host) + " in it is neither a host name nor an address", ""};
    }
    for (const auto& [part, port] :
         {std::pair(&parts[1], &route.from_port), std::pair(&parts[3], &route.to_port)}) {
        if (part->empty())
            continue;
        const auto number = parse_port(*part);
        if (std::holds_alternative<Complaint>(number))
            return std::get<Complaint>(number);
        *port = std::get<std::uint16_t>(number);
    }
    return route;
}

Parsed<std::string> parse_host_name(std::string_view text)
{
    const auto refuse = [&](std::string hint) {
        return Complaint{quoted(text) + " is no host name", std::move(hint)};
    };
    if (text.find("://") != std::string_view::npos)
        return refuse("Leave the scheme out.");
    if (text.starts_with('*'))
        return refuse("Wildcards are not understood; name each host.");
    if (text.empty() || text.size() > 253)
        return refuse("It has 1 to 253 characters.");

    std::string lower;
    std::size_t label = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        label = c == '.' ? 0 : label + 1;
        const bool fits =
            std::isalnum(byte) != 0 || c == '-' || c == '_' || (c == '.' && !lower.ends_with('.'));
        if (!fits || label > 63 || (c == '.' && lower.empty()))
            return refuse("Write it such as files.example.com.");
        lower += static_cast<char>(std::tolower(byte));
    }
    if (lower.ends_with('.'))
        return refuse("Leave the dot at its end out.");
    return lower;
}

Parsed<std::string> parse_host_pattern(std::string_view text)
{
    if (!text.starts_with("*."))
        return parse_host_name(text);
    auto domain = parse_host_name(text.substr(2));
    if (std::holds_alternative<Complaint>(domain)) {
        return Complaint{
            quoted(text) + " is no host name, nor *. and a domain",
            "Write it such as files.example.com or *.example.com."};
    }
    return "*." + std::get<std::string>(domain);
}

Parsed<std::uint16_t> parse_port(std::string_view text)
{
    const auto number = parse_number(text, 65535);
    if (!number || *number == 0)
        return Complaint{quoted(text) + " is no port", "Ports are 1 to 65535."};
    return static_cast<std::uint16_t>(*number);
}

} // namespace cosdiag::config

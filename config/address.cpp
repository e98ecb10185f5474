// SPDX-License-Identifier: Apache-2.0
#include "config/address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstring>
#include <span>

namespace cosdiag::config {

namespace {

constexpr std::string_view write_address =
    "Write an address and a port, such as 127.0.0.1:8403 or [::1]:8403.";

struct Literal {
    bool v6 = false;
    std::array<unsigned char, 16> bytes = {}; ///< network order; the first 4 count for IPv4
};

std::optional<Literal> parse_literal(std::string_view text)
{
    const std::string terminated(text);
    if (terminated.size() != std::strlen(terminated.c_str()))
        return std::nullopt;
    Literal literal;
    if (inet_pton(AF_INET, terminated.c_str(), literal.bytes.data()) == 1)
        return literal;
    literal.v6 = true;
    if (inet_pton(AF_INET6, terminated.c_str(), literal.bytes.data()) == 1)
        return literal;
    return std::nullopt;
}

std::string write_literal(const Literal& literal)
{
    std::array<char, INET6_ADDRSTRLEN> text = {};
    inet_ntop(literal.v6 ? AF_INET6 : AF_INET, literal.bytes.data(), text.data(), text.size());
    return text.data();
}

bool is_mapped(const Literal& literal)
{
    constexpr std::array<unsigned char, 12> prefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    return literal.v6 && std::equal(prefix.begin(), prefix.end(), literal.bytes.begin());
}

std::optional<unsigned> parse_number(std::string_view text, unsigned most)
{
    unsigned number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number > most)
        return std::nullopt;
    return number;
}

void clear_beyond(std::span<unsigned char> bytes, unsigned prefix_bits)
{
    for (unsigned bit = prefix_bits; bit < bytes.size() * 8; ++bit) {
        bytes[bit / 8] = static_cast<unsigned char>(bytes[bit / 8] & ~(0x80U >> bit % 8));
    }
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

std::string to_string(const Address& address)
{
    const bool v6 = address.host.find(':') != std::string::npos;
    return (v6 ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
}

bool is_loopback(const Address& address)
{
    const auto literal = parse_literal(address.host);
    if (!literal)
        return false;
    if (!literal->v6)
        return literal->bytes[0] == 127;
    return is_mapped(*literal) ? literal->bytes[12] == 127 : write_literal(*literal) == "::1";
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
    Literal network = *literal;
    clear_beyond(std::span(network.bytes).first(widest / 8), *bits);
    if (network.bytes != literal->bytes) {
        return Complaint{
            quoted(text) + " has bits set beyond its prefix",
            "Write " + write_literal(network) + "/" + std::to_string(*bits) + " for the range, or " +
                write_literal(*literal) + " for the one address."};
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

Parsed<std::uint16_t> parse_port(std::string_view text)
{
    const auto number = parse_number(text, 65535);
    if (!number || *number == 0)
        return Complaint{quoted(text) + " is no port", "Ports are 1 to 65535."};
    return static_cast<std::uint16_t>(*number);
}

} // namespace cosdiag::config

// SPDX-License-Identifier: Apache-2.0
#include "config/literal.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>

namespace cosdiag::config {

std::optional<Literal> parse_literal(std::string_view text)
{
    std::array<char, INET6_ADDRSTRLEN> terminated = {};
    if (text.size() >= terminated.size() || text.find('\0') != std::string_view::npos)
        return std::nullopt;
    std::copy(text.begin(), text.end(), terminated.begin());
    Literal literal;
    if (inet_pton(AF_INET, terminated.data(), literal.bytes.data()) == 1)
        return literal;
    literal.v6 = true;
    if (inet_pton(AF_INET6, terminated.data(), literal.bytes.data()) == 1)
        return literal;
    return std::nullopt;
}

std::string to_string(const Literal& literal)
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

Literal unmapped(const Literal& literal)
{
    if (!is_mapped(literal))
        return literal;
    Literal plain;
    std::copy(literal.bytes.begin() + 12, literal.bytes.end(), plain.bytes.begin());
    return plain;
}

bool is_loopback(const Literal& literal)
{
    constexpr std::array<unsigned char, 16> one = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    const Literal plain = unmapped(literal);
    return plain.v6 ? plain.bytes == one : plain.bytes[0] == 127;
}

Literal network_of(const Literal& literal, unsigned prefix_bits)
{
    Literal network = literal;
    const unsigned bits = literal.v6 ? 128 : 32;
    for (unsigned bit = prefix_bits; bit < bits; ++bit) {
        auto& byte = network.bytes[bit / 8];
        byte = static_cast<unsigned char>(byte & ~(0x80U >> bit % 8));
    }
    return network;
}

} // namespace cosdiag::config

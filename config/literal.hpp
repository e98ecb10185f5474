// SPDX-License-Identifier: Apache-2.0
// IPv4 and IPv6 addresses as bytes, for whatever in the settings is compared by address and not by text.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace cosdiag::config {

struct Literal {
    bool v6 = false;
    std::array<unsigned char, 16> bytes = {}; ///< network order; the first 4 count for IPv4

    friend bool operator==(const Literal&, const Literal&) = default;
};

/// What inet_pton(3) takes: four decimal parts, or IPv6 without brackets and zone. Empty for anything else.
std::optional<Literal> parse_literal(std::string_view text);

/// The shortest form (RFC 5952), without brackets.
std::string to_string(const Literal& literal);

/// An IPv4 address in IPv6 clothing (RFC 4291 §2.5.5.2).
bool is_mapped(const Literal& literal);

/// The IPv4 address that a mapped one stands for; any other as it is.
Literal unmapped(const Literal& literal);

/// 127.0.0.0/8, ::1 and the mapped form of the former.
bool is_loopback(const Literal& literal);

/// The address with every bit beyond the prefix cleared; `prefix_bits` is at most 32, or 128.
Literal network_of(const Literal& literal, unsigned prefix_bits);

} // namespace cosdiag::config

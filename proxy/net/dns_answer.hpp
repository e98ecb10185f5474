// SPDX-License-Identifier: Apache-2.0
// What a name server's answer says about a name: bytes in, addresses out.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace cosdiag::net {

/// An address record.
struct DnsAddress {
    bool v6 = false;
    std::array<unsigned char, 16> bytes{}; ///< network order; the first 4 count for IPv4

    friend bool operator==(const DnsAddress&, const DnsAddress&) = default;
};

/// The addresses that an answer (RFC 1035 §4) gives the name, through its aliases, in the answer's order, at
/// most `most_addresses`. Empty for whatever is no answer about that name, is cut off, or reports an error.
std::vector<DnsAddress> read_dns_answer(std::span<const unsigned char> answer, const std::string& name);

inline constexpr std::size_t most_addresses = 32;

} // namespace cosdiag::net

// SPDX-License-Identifier: Apache-2.0
// Addresses, ranges and routes as people write them, in the settings file and on the command line alike.
#pragma once

#include "config/config.hpp"
#include "config/fault.hpp"

#include <string>
#include <string_view>

namespace cosdiag::config {

/// `127.0.0.1:8403` or `[::1]:8403`. The host must be a literal address: a name could stand for several, and
/// which of them is listened on should not depend on a resolver.
Parsed<Address> parse_address(std::string_view text);

/// The same, or `off` for none.
Parsed<std::optional<Address>> parse_admin_address(std::string_view text);

/// As parse_address() reads it.
std::string to_string(const Address& address);

/// 127.0.0.0/8, ::1 and their IPv4-mapped form: reachable from this machine only.
bool is_loopback(const Address& address);

/// `10.0.0.0/8`, `2001:db8::/32`, or a bare address as a range of one. Bits beyond the prefix must be zero.
Parsed<Cidr> parse_cidr(std::string_view text);

/// curl's `HOST1:PORT1:HOST2:PORT2`; each part may be empty, IPv6 addresses stand in brackets.
Parsed<ConnectTo> parse_connect_to(std::string_view text);

/// A host name (RFC 1123 §2.1) without scheme, port or path; the answer is in lower case.
Parsed<std::string> parse_host_name(std::string_view text);

/// A host name, or `*.` before a domain for all its subdomains; the answer is in lower case.
Parsed<std::string> parse_host_pattern(std::string_view text);

/// 1 to 65535.
Parsed<std::uint16_t> parse_port(std::string_view text);

} // namespace cosdiag::config

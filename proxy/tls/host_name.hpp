// SPDX-License-Identifier: Apache-2.0
// Which texts are names of hosts, and which names lie within a domain.
#pragma once

#include <string_view>

namespace cosdiag::tls {

/// A literal address rather than a name: it has a colon, or its last label is a number.
bool is_address(std::string_view host) noexcept;

/// A DNS name in lower case, of labels of 1 to 63 letters, digits, hyphens and underscores, 253 characters at
/// most, with no dot at its end and no wildcard.
bool is_name(std::string_view host) noexcept;

/// The domain itself or a name below it, as RFC 5280 §4.2.1.10 has it.
bool is_within(std::string_view host, std::string_view domain) noexcept;

} // namespace cosdiag::tls

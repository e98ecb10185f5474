// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace cosdiag {

/// Appends the text as a JSON string (RFC 8259 §7) in quotes. Control characters are escaped and bytes that
/// are no UTF-8 become U+FFFD, so that the result is valid whatever came from the wire.
void append_json_string(std::string& out, std::string_view text);

/// The length of the well-formed UTF-8 character (RFC 3629) at the front of the text; 0 when there is none.
std::size_t utf8_length(std::string_view text) noexcept;

} // namespace cosdiag

// SPDX-License-Identifier: Apache-2.0
// Operational messages on the error stream: one line each, time-stamped, coloured on terminals only.
#pragma once

#include <string>
#include <string_view>

namespace cosdiag::log {

/// Bytes from the wire or the system may stand in the text: control characters are escaped. Any thread.
void note(std::string_view text);
void warn(std::string_view text);
void error(std::string_view text);

/// The text with control characters as \xNN, and cut to `limit` bytes.
std::string harmless(std::string_view text, std::size_t limit = 2000);

/// Whether text for this descriptor may be coloured: a terminal, TERM is not `dumb`, NO_COLOR
/// (https://no-color.org) is unset or empty.
bool wants_colour(int descriptor);

} // namespace cosdiag::log

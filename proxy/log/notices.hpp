// SPDX-License-Identifier: Apache-2.0
// Operational messages on the error stream: one line each, time-stamped, coloured on terminals only.
#pragma once

#include <string>
#include <string_view>

namespace cosdiag::log {

/// Bytes from the wire or the system may stand in the text: see harmless(). Any thread; a message that the
/// error stream does not take at once is dropped, so that who reads it cannot hold traffic up.
void note(std::string_view text);
void warn(std::string_view text);
void error(std::string_view text);

/// The text in one line, with nothing that moves a cursor or sets a colour (see for_terminal), and cut to
/// `limit` bytes.
std::string harmless(std::string_view text, std::size_t limit = 2000);

/// Whether text for this descriptor may be coloured: a terminal, TERM is not `dumb`, NO_COLOR
/// (https://no-color.org) is unset or empty.
bool wants_colour(int descriptor);

} // namespace cosdiag::log

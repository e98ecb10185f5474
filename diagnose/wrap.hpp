// SPDX-License-Identifier: Apache-2.0
// Text for terminals: harmless, and broken into lines between words.
#pragma once

#include <string>
#include <string_view>

namespace cosdiag {

/// Without anything that moves a cursor, sets a colour or reorders text: control characters (C0, DEL, C1) and
/// bytes that are no UTF-8 show as `\xNN`, bidirectional controls as `?`. Printable UTF-8 stays.
std::string for_terminal(std::string_view text);

/// The columns that a text takes: East Asian wide characters count two.
std::size_t columns_of(std::string_view text) noexcept;

/// Appends the words of a text, in lines of at most `width` columns; lines after the first begin with
/// `indent` blanks. `column` is where the cursor stands. Words longer than a line stay whole, so that they
/// can be copied.
void append_wrapped(
    std::string& out, std::string_view text, std::size_t column, std::size_t indent, std::size_t width
);

} // namespace cosdiag

// SPDX-License-Identifier: Apache-2.0
// Looking for things in prose. Every function here is linear in its text.
#pragma once

#include <string>
#include <string_view>

namespace cosdiag::offline {

/// The methods that COS answers.
bool is_method(std::string_view word) noexcept;

/// Whether the text has the shape of COS's codes: one word in CamelCase.
bool is_code(std::string_view text) noexcept;

/// A status from 100 to 599, or 0.
unsigned read_status(std::string_view text) noexcept;

/// What stands behind the first such mark, up to one of `ends`, trimmed.
std::string_view between(std::string_view text, std::string_view mark, std::string_view ends) noexcept;

/// Where the phrase stands as a whole: no letter, digit, `_` or `-` adjoins it, nor a dot before a figure.
std::size_t find_whole(std::string_view text, std::string_view phrase) noexcept;

/// The line that the byte at `at` is in, without its line end.
std::string_view line_around(std::string_view text, std::size_t at) noexcept;

/// Whether a value of that name is to be kept from eyes: keys, tokens, signatures, however spelled.
bool names_secret(std::string_view name) noexcept;

/// The text up to the first such name that has a value behind it.
std::string_view before_secrets(std::string_view text) noexcept;

/// What a string literal of JSON, JavaScript or Python stands for.
std::string unescaped(std::string_view text);

/// XML's five entities resolved, as in a page that was copied as its source.
std::string without_entities(std::string_view text);

} // namespace cosdiag::offline

// SPDX-License-Identifier: Apache-2.0
// Small pure functions on bytes. ASCII rules throughout: nothing here depends on a locale.
#pragma once

#include "diagnose/exchange.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace cosdiag {

constexpr bool is_digit(char c) noexcept
{
    return c >= '0' && c <= '9';
}

constexpr bool is_alnum(char c) noexcept
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

constexpr bool is_blank(char c) noexcept
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

constexpr char lower(char c) noexcept
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Equal but for the case of ASCII letters, as field names and host names compare.
bool same_name(std::string_view a, std::string_view b) noexcept;

std::string lowered(std::string_view text);

/// Without blanks (SP, HTAB, CR, LF) at either end.
std::string_view trimmed(std::string_view text) noexcept;

/// The text before the first `mark` and the text behind it, which is empty where there is no mark.
struct Halves {
    std::string_view front;
    std::string_view back;
};

Halves split_at(std::string_view text, char mark) noexcept;

/// A run of decimal digits as a number. Bounds: 1 to 18 digits; anything else is no number.
std::optional<std::int64_t> whole_number(std::string_view text) noexcept;

/// Where the first byte stands that does not hold; the size when all of them do.
template <class Holds>
constexpr std::size_t first_without(std::string_view text, Holds holds) noexcept
{
    std::size_t at = 0;
    while (at < text.size() && holds(text[at])) {
        ++at;
    }
    return at;
}

/// Whether each byte holds.
template <class Holds>
constexpr bool consists_of(std::string_view text, Holds holds) noexcept
{
    return first_without(text, holds) == text.size();
}

/// How many bytes at the front mean themselves in a quoted string, be it of JSON or of RFC 9651: printable
/// ASCII but
/// `"` and `\`. Most texts are nothing else.
std::size_t plain_run(std::string_view text) noexcept;

/// RFC 3986 §2.1: `%XX` becomes its octet; anything that is no escape stays, `+` too.
std::string percent_decoded(std::string_view text);

/// The encoding of COS signatures (436/7778): all but `A-Z a-z 0-9 - _ . ~` becomes `%XX` in upper case.
std::string percent_encoded(std::string_view text);

/// RFC 4648 §4, padding optional. Empty when the text is not base64.
std::optional<std::string> base64_decoded(std::string_view text);

/// RFC 4648 §4, padded.
std::string base64_encoded(std::string_view octets);

/// The value of the first field of this name, or nothing.
std::optional<std::string_view> find_field(std::span<const Field> fields, std::string_view name) noexcept;

/// At most `limit` bytes, shortened between characters of UTF-8 and marked with `...`.
std::string shortened(std::string_view text, std::size_t limit);

/// Concatenation in one allocation.
template <class... Parts>
std::string join(const Parts&... parts)
{
    const std::string_view views[] = {std::string_view(parts)...};
    std::size_t size = 0;
    for (const auto view : views) {
        size += view.size();
    }
    std::string out;
    out.reserve(size);
    for (const auto view : views) {
        out += view;
    }
    return out;
}

} // namespace cosdiag

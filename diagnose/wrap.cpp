// SPDX-License-Identifier: Apache-2.0
#include "diagnose/wrap.hpp"

#include "diagnose/json.hpp"

#include <algorithm>

namespace cosdiag {
namespace {

char32_t decoded(std::string_view unit) noexcept
{
    const auto byte = [unit](std::size_t at) {
        return static_cast<char32_t>(static_cast<unsigned char>(unit[at]));
    };
    switch (unit.size()) {
    case 1:
        return byte(0);
    case 2:
        return (byte(0) & 0x1FU) << 6U | (byte(1) & 0x3FU);
    case 3:
        return (byte(0) & 0x0FU) << 12U | (byte(1) & 0x3FU) << 6U | (byte(2) & 0x3FU);
    default:
        return (byte(0) & 0x07U) << 18U | (byte(1) & 0x3FU) << 12U | (byte(2) & 0x3FU) << 6U |
               (byte(3) & 0x3FU);
    }
}

constexpr bool is_control(char32_t c) noexcept
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0);
}

/// Unicode's explicit bidirectional formatting and the line and paragraph separators (UAX #9).
constexpr bool is_reordering(char32_t c) noexcept
{
    return (c >= 0x200E && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) ||
           c == 0xFEFF;
}

/// The blocks that terminals show two columns wide (UAX #11: Wide and Fullwidth, coarsely).
constexpr bool is_wide(char32_t c) noexcept
{
    return (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) || (c >= 0xAC00 && c <= 0xD7A3) ||
           (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF60) ||
           (c >= 0x1F300 && c <= 0x1FAFF) || (c >= 0x20000 && c <= 0x3FFFD);
}

void append_byte(std::string& out, char c)
{
    constexpr std::string_view digits = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    out += "\\x";
    out += digits[byte >> 4U];
    out += digits[byte & 15U];
}

} // namespace

std::string for_terminal(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const auto size = utf8_length(text);
        if (size == 0) {
            append_byte(out, text.front());
            text.remove_prefix(1);
            continue;
        }
        const auto unit = text.substr(0, size);
        const auto c = decoded(unit);
        if (is_control(c)) {
            append_byte(out, unit.back());
        } else if (is_reordering(c)) {
            out += '?';
        } else {
            out += unit;
        }
        text.remove_prefix(size);
    }
    return out;
}

std::size_t columns_of(std::string_view text) noexcept
{
    std::size_t columns = 0;
    while (!text.empty()) {
        const auto size = utf8_length(text);
        const bool wide = size > 0 && is_wide(decoded(text.substr(0, size)));
        columns += wide ? 2U : 1U;
        text.remove_prefix(size == 0 ? 1 : size);
    }
    return columns;
}

namespace {

/// Marks that close something: no line begins with one.
bool is_closing(std::string_view unit) noexcept
{
    constexpr std::string_view marks[] = {"。", "，", "、", "；", "：", "）", "？", "！", "》", "”"};
    return std::find(std::begin(marks), std::end(marks), unit) != std::end(marks);
}

/// The next piece that stays on one line: a word, or a wide character with the marks that close behind it.
std::string_view next_piece(std::string_view text) noexcept
{
    std::size_t size = 0;
    bool wide = false;
    while (size < text.size() && text[size] != ' ' && text[size] != '\n') {
        const auto length = std::max<std::size_t>(utf8_length(text.substr(size)), 1);
        const auto unit = text.substr(size, length);
        const bool closes = is_closing(unit);
        const bool ideograph = length > 1 && is_wide(decoded(unit)) && !closes;
        if (size > 0 && !closes && (wide || ideograph)) {
            break;
        }
        wide = ideograph || closes;
        size += length;
    }
    return text.substr(0, size);
}

} // namespace

void append_wrapped(
    std::string& out, std::string_view text, std::size_t column, std::size_t indent, std::size_t width
)
{
    bool line_start = true;
    while (!text.empty()) {
        const auto begin = text.find_first_not_of(" \n");
        if (begin == std::string_view::npos) {
            break;
        }
        text.remove_prefix(begin);
        const auto word = next_piece(text);
        text.remove_prefix(word.size());
        const auto size = columns_of(word);
        const std::size_t gap = begin == 0 ? 0 : 1;
        if (!line_start && column + gap + size > width) {
            out += '\n';
            out.append(indent, ' ');
            column = indent;
            line_start = true;
        }
        if (!line_start && gap != 0) {
            out += ' ';
            ++column;
        }
        out += word;
        column += size;
        line_start = false;
    }
}

} // namespace cosdiag

// SPDX-License-Identifier: Apache-2.0
#include "diagnose/text.hpp"

#include <algorithm>
#include <cstring>

namespace cosdiag {
namespace {

constexpr int hex_digit(char c) noexcept
{
    if (is_digit(c)) {
        return c - '0';
    }
    const char l = lower(c);
    return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

constexpr int base64_digit(char c) noexcept
{
    if (c >= 'A' && c <= 'Z') {
        return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
        return c - 'a' + 26;
    }
    if (is_digit(c)) {
        return c - '0' + 52;
    }
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

constexpr std::uint64_t every_byte(unsigned char byte) noexcept
{
    return 0x0101010101010101U * byte;
}

/// Whether a byte of eight is zero.
constexpr bool has_zero(std::uint64_t eight) noexcept
{
    return ((eight - every_byte(1)) & ~eight & every_byte(0x80)) != 0;
}

/// Whether all of eight bytes are from 0x20 to 0x7E, neither quote nor backslash.
constexpr bool are_plain(std::uint64_t eight) noexcept
{
    const bool control = ((eight - every_byte(0x20)) & ~eight & every_byte(0x80)) != 0;
    return (eight & every_byte(0x80)) == 0 && !control && !has_zero(eight ^ every_byte('"')) &&
           !has_zero(eight ^ every_byte('\\')) && !has_zero(eight ^ every_byte(0x7F));
}

/// RFC 3986, section 2.3.
constexpr bool is_unreserved(char c) noexcept
{
    return is_alnum(c) || c == '-' || c == '_' || c == '.' || c == '~';
}

} // namespace

bool same_name(std::string_view a, std::string_view b) noexcept
{
    return a.size() == b.size() &&
           std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

std::string lowered(std::string_view text)
{
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), lower);
    return out;
}

std::string_view trimmed(std::string_view text) noexcept
{
    while (!text.empty() && is_blank(text.front())) {
        text.remove_prefix(1);
    }
    while (!text.empty() && is_blank(text.back())) {
        text.remove_suffix(1);
    }
    return text;
}

Halves split_at(std::string_view text, char mark) noexcept
{
    const auto at = text.find(mark);
    return at == std::string_view::npos ? Halves{text, {}} : Halves{text.substr(0, at), text.substr(at + 1)};
}

std::optional<std::int64_t> whole_number(std::string_view text) noexcept
{
    if (text.empty() || text.size() > 18 || !consists_of(text, is_digit)) {
        return std::nullopt;
    }
    std::int64_t number = 0;
    for (const char c : text) {
        number = number * 10 + (c - '0');
    }
    return number;
}

std::size_t plain_run(std::string_view text) noexcept
{
    std::size_t size = 0;
    std::uint64_t eight = 0;
    for (; size + sizeof eight <= text.size(); size += sizeof eight) {
        std::memcpy(&eight, text.data() + size, sizeof eight);
        if (!are_plain(eight)) {
            break;
        }
    }
    const auto rest = text.substr(size);
    return size + first_without(rest, [](char c) { return c >= 0x20 && c < 0x7F && c != '"' && c != '\\'; });
}

std::string percent_decoded(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (;;) {
        const auto percent = text.find('%');
        out += text.substr(0, percent);
        if (percent == std::string_view::npos) {
            break;
        }
        text.remove_prefix(percent);
        const int high = text.size() > 2 ? hex_digit(text[1]) : -1;
        const int low = high >= 0 ? hex_digit(text[2]) : -1;
        out += low >= 0 ? static_cast<char>(high * 16 + low) : '%';
        text.remove_prefix(low >= 0 ? 3 : 1);
    }
    return out;
}

std::string percent_encoded(std::string_view text)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    out.reserve(text.size() + text.size() / 4);
    for (;;) {
        const auto run = first_without(text, [](char c) { return is_unreserved(c); });
        out += text.substr(0, run);
        if (run == text.size()) {
            break;
        }
        const auto byte = static_cast<unsigned char>(text[run]);
        out += '%';
        out += digits[byte >> 4U];
        out += digits[byte & 15U];
        text.remove_prefix(run + 1);
    }
    return out;
}

std::optional<std::string> base64_decoded(std::string_view text)
{
    while (text.ends_with('=')) {
        text.remove_suffix(1);
    }
    if (text.size() % 4 == 1) {
        return std::nullopt;
    }
    std::string out;
    out.reserve(text.size() * 3 / 4);
    unsigned bits = 0;
    unsigned count = 0;
    for (const char c : text) {
        const int digit = base64_digit(c);
        if (digit < 0) {
            return std::nullopt;
        }
        bits = (bits << 6U) | static_cast<unsigned>(digit);
        count += 6;
        if (count >= 8) {
            count -= 8;
            out += static_cast<char>((bits >> count) & 0xFFU);
        }
    }
    return out;
}

std::string base64_encoded(std::string_view octets)
{
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    out.reserve((octets.size() + 2) / 3 * 4);
    for (std::size_t at = 0; at < octets.size(); at += 3) {
        const auto group = octets.substr(at, 3);
        unsigned bits = 0;
        for (std::size_t i = 0; i < 3; ++i) {
            bits = bits << 8U | (i < group.size() ? static_cast<unsigned char>(group[i]) : 0U);
        }
        for (std::size_t i = 0; i < 4; ++i) {
            out += i <= group.size() ? digits[bits >> (18U - 6U * i) & 63U] : '=';
        }
    }
    return out;
}

std::optional<std::string_view> find_field(std::span<const Field> fields, std::string_view name) noexcept
{
    for (const auto& field : fields) {
        if (same_name(field.name, name)) {
            return field.value;
        }
    }
    return std::nullopt;
}

std::string shortened(std::string_view text, std::size_t limit)
{
    if (text.size() <= limit) {
        return std::string(text);
    }
    constexpr std::string_view mark = "...";
    std::size_t end = limit > mark.size() ? limit - mark.size() : 0;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
        --end;
    }
    return join(text.substr(0, end), mark);
}

} // namespace cosdiag

// SPDX-License-Identifier: Apache-2.0
#include "proxy/offline/scan.hpp"

#include "diagnose/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <utility>

namespace cosdiag::offline {

namespace {

bool is_joint(char c) noexcept
{
    return is_alnum(c) || c == '_' || c == '-';
}

std::optional<std::uint32_t> hex_at(std::string_view text, std::size_t at, std::size_t digits) noexcept
{
    const auto piece = text.substr(std::min(at, text.size()), digits);
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(piece.data(), piece.data() + piece.size(), value, 16);
    if (error != std::errc() || piece.size() != digits || end != piece.data() + digits)
        return std::nullopt;
    return value;
}

/// Halves of a surrogate pair become `?`: they tell nothing that a judge reads.
void append_utf8(std::string& out, std::uint32_t point)
{
    const auto last = [](std::uint32_t bits) { return static_cast<char>(0x80 | (bits & 0x3F)); };
    if (point < 0x80) {
        out += static_cast<char>(point);
    } else if (point < 0x800) {
        out += {static_cast<char>(0xC0 | (point >> 6)), last(point)};
    } else if (point >= 0xD800 && point < 0xE000) {
        out += '?';
    } else {
        out += {static_cast<char>(0xE0 | (point >> 12)), last(point >> 6), last(point)};
    }
}

/// Appends what the escape at `at` stands for; returns its length.
std::size_t take_escape(std::string& out, std::string_view text, std::size_t at)
{
    const char kind = at + 1 < text.size() ? text[at + 1] : '\\';
    if (kind == 'u' || kind == 'x') {
        const std::size_t digits = kind == 'u' ? 4 : 2;
        if (const auto value = hex_at(text, at + 2, digits)) {
            if (kind == 'x')
                out += static_cast<char>(*value);
            else
                append_utf8(out, *value);
            return 2 + digits;
        }
    }
    constexpr std::string_view names = "nrt";
    constexpr std::string_view meanings = "\n\r\t";
    const auto known = names.find(kind);
    out += known == std::string_view::npos ? kind : meanings[known];
    return 2;
}

} // namespace

bool is_method(std::string_view word) noexcept
{
    constexpr std::array<std::string_view, 6> methods{"GET", "PUT", "POST", "HEAD", "DELETE", "OPTIONS"};
    return std::ranges::find(methods, word) != methods.end();
}

bool is_code(std::string_view text) noexcept
{
    return text.size() > 3 && text.size() <= 64 && text.front() >= 'A' && text.front() <= 'Z' &&
           first_without(text, [](char c) { return is_alnum(c) || c == '.'; }) == text.size() &&
           std::ranges::any_of(text, [](char c) { return c >= 'a' && c <= 'z'; });
}

unsigned read_status(std::string_view text) noexcept
{
    const auto number = text.size() == 3 ? whole_number(text).value_or(0) : 0;
    return number >= 100 && number < 600 ? static_cast<unsigned>(number) : 0;
}

std::string_view between(std::string_view text, std::string_view mark, std::string_view ends) noexcept
{
    const auto at = text.find(mark);
    if (at == std::string_view::npos)
        return {};
    text.remove_prefix(at + mark.size());
    return trimmed(text.substr(0, text.find_first_of(ends)));
}

std::size_t find_whole(std::string_view text, std::string_view phrase) noexcept
{
    for (auto at = text.find(phrase); at != std::string_view::npos; at = text.find(phrase, at + 1)) {
        const auto end = at + phrase.size();
        const bool figure = is_digit(phrase.front());
        const bool begins = at == 0 || (!is_joint(text[at - 1]) && !(figure && text[at - 1] == '.'));
        if (begins && (end == text.size() || !is_joint(text[end])))
            return at;
    }
    return std::string_view::npos;
}

std::string_view line_around(std::string_view text, std::size_t at) noexcept
{
    const auto begin = at == 0 ? 0 : text.rfind('\n', at - 1) + 1; // npos + 1 is 0
    const auto line = text.substr(begin, std::min(text.find('\n', at), text.size()) - begin);
    return line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
}

bool names_secret(std::string_view name) noexcept
{
    constexpr std::array<std::string_view, 8> ends{
        "key", "secret", "token", "signature", "authorization", "password", "credential", "keyid"};
    return std::ranges::any_of(ends, [name](std::string_view end) {
        return name.size() >= end.size() && same_name(name.substr(name.size() - end.size()), end);
    });
}

std::string_view before_secrets(std::string_view text) noexcept
{
    constexpr std::size_t longest = 16;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '=' && text[at] != ':')
            continue;
        auto end = at;
        while (end > 0 && at - end < 3 &&
               std::string_view(" \"'").find(text[end - 1]) != std::string_view::npos)
            --end;
        auto begin = end;
        while (begin > 0 && end - begin < longest && is_joint(text[begin - 1]))
            --begin;
        if (names_secret(text.substr(begin, end - begin)))
            return trimmed(text.substr(0, begin));
    }
    return text;
}

std::string unescaped(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        if (text[at] == '\\')
            at += take_escape(out, text, at);
        else
            out += text[at++];
    }
    return out;
}

std::string without_entities(std::string_view text)
{
    constexpr std::array<std::pair<std::string_view, char>, 6> entities{
        {{"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&quot;", '"'}, {"&#39;", '\''}, {"&apos;", '\''}}};
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const auto* const entity =
            std::ranges::find_if(entities, [text](const auto& one) { return text.starts_with(one.first); });
        out += entity == entities.end() ? text.front() : entity->second;
        text.remove_prefix(entity == entities.end() ? 1 : entity->first.size());
    }
    return out;
}

} // namespace cosdiag::offline

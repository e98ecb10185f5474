// SPDX-License-Identifier: Apache-2.0
#include "diagnose/redaction.hpp"

#include "diagnose/secret.hpp"
#include "diagnose/text.hpp"

#include <algorithm>
#include <optional>

namespace cosdiag {
namespace {

constexpr std::string_view condition_words = " match the value ";

/// A name that only a signed query has. Other secrets' names may well be part of a key.
bool is_credential_name(std::string_view name) noexcept
{
    constexpr std::string_view names[] = {
        "q-sign-algorithm",
        "q-ak",
        "q-signature",
        "x-cos-security-token",
        "x-ci-security-token",
        "awsaccesskeyid",
        "signature",
    };
    constexpr std::string_view amazon = "x-amz-";
    return same_name(name.substr(0, amazon.size()), amazon) ||
           std::any_of(std::begin(names), std::end(names), [name](std::string_view one) {
               return same_name(one, name);
           });
}

bool is_hidden_name(std::string_view name) noexcept
{
    return is_credential_name(name) || is_secret_name(name);
}

/// A `=` at the front, however often it was percent-encoded (`%3D`, `%253D`, …); 0 when there is none.
std::size_t equals_size(std::string_view text) noexcept
{
    if (text.starts_with('=')) {
        return 1;
    }
    std::size_t size = text.starts_with('%') ? 1 : text.size();
    while (text.substr(size).starts_with("25")) {
        size += 2;
    }
    return same_name(text.substr(size, 2), "3d") ? size + 2 : 0;
}

/// The name that ends there. The digits of an escape before it (`%26q-ak`) are no part of it.
std::string_view name_before(std::string_view text, std::size_t end) noexcept
{
    auto begin = end;
    while (begin > 0 && (is_alnum(text[begin - 1]) || text[begin - 1] == '-' || text[begin - 1] == '_')) {
        --begin;
    }
    auto name = text.substr(begin, end - begin);
    bool escaped = begin > 0 && text[begin - 1] == '%';
    while (escaped) {
        escaped = name.starts_with("25");
        name.remove_prefix(std::min<std::size_t>(2, name.size()));
    }
    return name;
}

struct Pair {
    std::size_t name_at, value_at;
};

template <class Wanted>
std::optional<Pair> find_marked(std::string_view text, Wanted wanted) noexcept
{
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool mark = text[at] == '=' || text[at] == '%';
        const auto size = mark ? equals_size(text.substr(at)) : 0;
        if (size == 0 || at + size == text.size()) { // the end of base64 is no pair
            continue;
        }
        if (const auto name = name_before(text, at); wanted(name)) {
            return Pair{at - name.size(), at + size};
        }
    }
    return std::nullopt;
}

/// Moves the value at the front of `text` into `out`, hidden. One that was hidden before stays.
void take_value(std::string_view& text, std::string& out)
{
    if (text.starts_with('(') || text.starts_with("...")) {
        return;
    }
    const auto size = std::min(text.find_first_of(" \t\r\n\"'<>`"), text.size());
    if (size != 0) {
        out += length_of_hidden(size);
        text.remove_prefix(size);
    }
}

/// COS repeats the value that a form's field has, whatever field it is.
std::string without_condition_value(std::string_view text)
{
    const auto at = text.find(condition_words);
    if (at == std::string_view::npos) {
        return std::string(text);
    }
    auto before = text.substr(0, text.substr(0, at).rfind(' '));
    const auto name_at = before.find_last_of(" $\"'");
    if (!is_hidden_name(before.substr(name_at == std::string_view::npos ? 0 : name_at + 1))) {
        return std::string(text);
    }
    std::string out(text.substr(0, at + condition_words.size()));
    text.remove_prefix(out.size());
    take_value(text, out);
    return join(out, text);
}

} // namespace

std::string_view signature_in(std::string_view value) noexcept
{
    if (const auto pair = find_marked(value, [](auto name) {
            return same_name(name, "q-signature") || same_name(name, "signature");
        })) {
        const auto rest = value.substr(pair->value_at);
        return rest.substr(0, rest.find_first_of("&, ;"));
    }
    const auto last = value.find_last_not_of('=');
    const auto mark = last == std::string_view::npos ? last : value.find_last_of(" :", last);
    return mark == std::string_view::npos ? value : value.substr(mark + 1);
}

std::string length_of_hidden(std::size_t size)
{
    return join("(", std::to_string(size), " characters)");
}

std::string_view before_credentials(std::string_view text)
{
    if (const auto pair = find_marked(text, is_credential_name)) {
        return text.substr(0, pair->name_at);
    }
    const auto escape = text.find('%');
    if (escape == std::string_view::npos) {
        return text;
    }
    const auto decoded = percent_decoded(percent_decoded(text));
    return find_marked(decoded, is_credential_name) ? text.substr(0, escape) : text;
}

std::string without_secret_values(std::string_view text)
{
    std::string out;
    while (const auto pair = find_marked(text, is_hidden_name)) {
        out += text.substr(0, pair->value_at);
        text.remove_prefix(pair->value_at);
        take_value(text, out);
    }
    return without_condition_value(join(out, text));
}

} // namespace cosdiag

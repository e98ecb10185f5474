// SPDX-License-Identifier: Apache-2.0
#include "diagnose/secret.hpp"

#include "diagnose/text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace cosdiag {
namespace {

constexpr std::size_t permanent_size = 36;
constexpr std::size_t least_run = 9; ///< shorter, `AKID…` is a word that somebody wrote about ids

constexpr bool is_id_char(char c) noexcept
{
    return is_alnum(c) || c == '-' || c == '_';
}

/// A word so long is no name of a setting: it may be a SecretKey.
constexpr std::size_t longest_word = 23;

bool has_long_word(std::string_view text) noexcept
{
    while (!text.empty()) {
        const auto size = first_without(text, is_alnum);
        if (size > longest_word) {
            return true;
        }
        text.remove_prefix(std::min(size + 1, text.size()));
    }
    return false;
}

bool is_placeholder(std::string_view id) noexcept
{
    constexpr std::string_view words[] = {
        "undefined",
        "null",
        "none",
        "nil",
        "nan",
        "secretid",
        "secret_id",
        "secret-id",
        "accesskey",
        "access_key",
        "accesskeyid",
        "access_key_id",
        "your-secret-id",
        "changeme",
        "test",
        "xxx",
        "ak",
        "todo",
        "false",
        "true",
        "[object object]",
    };
    const auto named = [id](std::string_view word) { return same_name(id, word); };
    if (std::any_of(std::begin(words), std::end(words), named)) {
        return true;
    }
    if (has_long_word(id)) {
        return false;
    }
    if (id.starts_with("${") || id.starts_with("{{") || id.starts_with('<') || id.starts_with('%')) {
        return true;
    }
    return id.find("****") != std::string_view::npos ||
           (id.size() >= 4 && same_name(id.substr(0, 4), "your"));
}

bool is_other_vendor(std::string_view id) noexcept
{
    if (!std::all_of(id.begin(), id.end(), [](char c) { return is_id_char(c) || c == '.'; })) {
        return false;
    }
    if (id.starts_with("LTAI")) {
        return id.size() >= 12;
    }
    if (id.starts_with("STS.")) {
        return true;
    }
    const bool amazon = id.starts_with("AKIA") || id.starts_with("ASIA");
    return amazon && id.size() >= 16 && id.size() <= 24;
}

bool is_masked(std::string_view id) noexcept
{
    const auto gap = [id](std::string_view mark) { return id.find(mark) != std::string_view::npos; };
    return id.starts_with("AKID") && (gap("***") || gap("...") || gap("\u2026"));
}

/// The id cut, with its quotation marks or brackets; more text around it may be the SecretKey.
std::string shown_split(std::string_view text)
{
    const auto [front, run, back] = split_key_id(text);
    if (run.empty()) {
        return join("(", std::to_string(text.size()), " characters)");
    }
    const auto more = [](std::string_view side) { return std::any_of(side.begin(), side.end(), is_alnum); };
    if (more(front) || more(back)) {
        return join(masked_key(run), " (+", std::to_string(front.size() + back.size()), " characters)");
    }
    return join(shortened(front, 8), masked_key(run), shortened(back, 8));
}

KeyShape shape_of_id(std::string_view id) noexcept
{
    if (!std::all_of(id.begin(), id.end(), is_id_char)) {
        return is_masked(id) ? KeyShape::masked : KeyShape::stray_inside;
    }
    const bool plain = std::all_of(id.begin(), id.end(), is_alnum);
    if (id.size() == permanent_size && plain) {
        return KeyShape::permanent;
    }
    return id.size() >= permanent_size ? KeyShape::temporary : KeyShape::cut_short;
}

/// Of a name in lower case.
bool has_secret_part(std::string_view name) noexcept
{
    for (std::size_t at = 0; at < name.size(); ++at) {
        const auto rest = name.substr(at);
        bool found = false;
        switch (rest.front()) {
        case 't':
            found = rest.starts_with("token");
            break;
        case 's':
            found = rest.starts_with("secret");
            break;
        case 'p':
            found = rest.starts_with("password");
            break;
        case 'c':
            found = rest.starts_with("customer-key");
            break;
        case 'a':
            found =
                rest.starts_with("api-key") || rest.starts_with("apikey") || rest.starts_with("access-key");
            break;
        default:
            break;
        }
        if (found) {
            return true;
        }
    }
    return false;
}

} // namespace

std::string masked_key(std::string_view key_id)
{
    if (key_id.size() <= 16) {
        return key_id.size() <= 4 ? std::string(key_id) : join(key_id.substr(0, 4), "...");
    }
    return join(key_id.substr(0, 8), "...", key_id.substr(key_id.size() - 4));
}

KeyText split_key_id(std::string_view text) noexcept
{
    for (auto at = text.find("AKID"); at != std::string_view::npos; at = text.find("AKID", at + 1)) {
        const auto size = first_without(text.substr(at), is_id_char);
        if (size >= least_run) {
            return {text.substr(0, at), text.substr(at, size), text.substr(at + size)};
        }
    }
    return {text, {}, {}};
}

std::string shown_key_id(std::string_view key_id)
{
    constexpr std::size_t longest_placeholder = 40;
    switch (key_shape(key_id)) {
    case KeyShape::empty:
        return "(empty)";
    case KeyShape::placeholder:
        return shortened(key_id, longest_placeholder);
    case KeyShape::odd:
    case KeyShape::quoted:
    case KeyShape::blank_inside:
    case KeyShape::stray_inside:
        return shown_split(key_id);
    default:
        return masked_key(key_id);
    }
}

std::string with_keys_masked(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const auto at = text.find("AKID");
        out += text.substr(0, at);
        if (at == std::string_view::npos) {
            break;
        }
        text.remove_prefix(at);
        const auto size = first_without(text, [](char c) { return is_id_char(c); });
        out += size > 16 ? masked_key(text.substr(0, size)) : std::string(text.substr(0, size));
        text.remove_prefix(size);
    }
    return out;
}

bool is_secret_name(std::string_view name) noexcept
{
    constexpr std::string_view names[] = {
        "authorization",
        "proxy-authorization",
        "cookie",
        "set-cookie",
        "sign",
        "q-signature",
        "signature",
        "x-amz-signature",
        "credential",
        "x-amz-credential",
        "awsaccesskeyid",
        "q-ak",
        "passwd",
        "policy",
    };
    std::array<char, 128> room; // NOLINT(cppcoreguidelines-pro-type-member-init): written before it is read
    const auto size = std::min(name.size(), room.size()); // longer names are cut
    std::transform(name.begin(), name.begin() + size, room.begin(), lower);
    const std::string_view low(room.data(), size);
    if (low == "continuation-token" || low.ends_with("-key-md5")) {
        return false;
    }
    return std::any_of(
               std::begin(names), std::end(names), [low](std::string_view one) { return one == low; }
           ) ||
           has_secret_part(low);
}

KeyShape key_shape(std::string_view id) noexcept
{
    if (trimmed(id).empty()) {
        return KeyShape::empty;
    }
    if (id.front() == '"' || id.front() == '\'' || id.back() == '"' || id.back() == '\'') {
        return KeyShape::quoted;
    }
    if (std::any_of(id.begin(), id.end(), is_blank)) {
        return KeyShape::blank_inside;
    }
    if (id.starts_with("AKID")) {
        return shape_of_id(id);
    }
    if (!split_key_id(id).run.empty()) {
        return KeyShape::stray_inside;
    }
    if (is_other_vendor(id)) {
        return KeyShape::other_vendor;
    }
    return is_placeholder(id) ? KeyShape::placeholder : KeyShape::odd;
}

std::string_view fault_of(KeyShape shape) noexcept
{
    switch (shape) {
    case KeyShape::permanent:
    case KeyShape::temporary:
    case KeyShape::masked:
        return {};
    case KeyShape::cut_short:
        return "is shorter than a SecretId (36 characters, or more for a temporary one)";
    case KeyShape::empty:
        return "is empty";
    case KeyShape::placeholder:
        return "is a placeholder, not a SecretId";
    case KeyShape::quoted:
        return "has quotation marks around it";
    case KeyShape::blank_inside:
        return "has a blank or line break in it";
    case KeyShape::stray_inside:
        return "has characters that no SecretId has";
    case KeyShape::other_vendor:
        return "is of another cloud's form, not of Tencent Cloud's";
    case KeyShape::odd:
        return "does not begin with AKID as every SecretId does";
    }
    return {};
}

} // namespace cosdiag

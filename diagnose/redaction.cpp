// SPDX-License-Identifier: Apache-2.0
#include "diagnose/redaction.hpp"

#include "diagnose/secret.hpp"
#include "diagnose/text.hpp"

#include <algorithm>
#include <optional>

namespace cosdiag {
namespace {

constexpr std::size_t max_secrets = 64;
constexpr std::size_t least_secret = 8; ///< shorter ones are words that occur by themselves
constexpr std::size_t telling = 20;     ///< so many characters alike are no chance

constexpr std::string_view condition_words = " match the value ";

/// Three letters, in either case, as a number below 1024.
constexpr std::size_t beginning_of(const char* text) noexcept
{
    const auto letter = [text](std::size_t at) { return static_cast<unsigned char>(text[at]) | 0x20U; };
    return (letter(0) * 33U + letter(1) * 7U + (letter(2) << 2U)) & 1023U;
}

std::string hidden(std::size_t size)
{
    return join("(", std::to_string(size), " characters)");
}

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

bool is_key_name(std::string_view name) noexcept
{
    return same_name(name, "q-ak") || same_name(name, "awsaccesskeyid") ||
           same_name(name, "x-amz-credential");
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
        out += hidden(size);
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

/// How much of the front of a text is this secret: all of it, enough to be nothing else, or what a cut left.
std::size_t told_by(std::string_view text, std::string_view secret) noexcept
{
    const auto most = std::min(text.size(), secret.size());
    std::size_t same = 0;
    while (same < most && lower(text[same]) == lower(secret[same])) {
        ++same;
    }
    const bool cut = same >= least_secret && text.substr(same).starts_with("...");
    return cut || same >= std::min(secret.size(), telling) ? same : 0;
}

/// The signature in an Authorization of whatever kind: behind its name, or else the last word.
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

} // namespace

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

Secrets::Secrets() : letters_{}
{
    letters_['='] = letters_['%'] = letters_['\''] = of_pair; // the last is that of `doesn't match the value`
    letters_['K'] = of_key;
}

void Secrets::add(std::string_view secret)
{
    const bool telling_one = secret.size() >= least_secret && key_shape(secret) != KeyShape::placeholder;
    if (!telling_one || known_.size() >= max_secrets) {
        return;
    }
    keep(secret, secret.size());
    if (const auto encoded = percent_encoded(secret); encoded != secret) {
        keep(encoded, secret.size());
    }
}

void Secrets::keep(std::string_view spelling, std::size_t size)
{
    known_.push_back({std::string(spelling), size});
    beginnings_.set(beginning_of(spelling.data()));
    const auto first = static_cast<unsigned char>(spelling.front());
    letters_[first | 0x20U] |= of_beginning;
    letters_[first & ~0x20U] |= of_beginning;
}

void Secrets::add_value(std::string_view name, std::string_view value)
{
    if (!is_secret_name(name) || is_key_name(name)) {
        return;
    }
    const bool credentials =
        same_name(name, "authorization") || same_name(name, "proxy-authorization") || same_name(name, "sign");
    add(credentials ? signature_in(value) : value);
}

void Secrets::add_around_key(std::string_view key_id)
{
    const auto [front, run, back] = split_key_id(key_id);
    const auto bare = [](std::string_view text) {
        while (!text.empty() && !is_alnum(text.front())) {
            text.remove_prefix(1);
        }
        while (!text.empty() && !is_alnum(text.back())) {
            text.remove_suffix(1);
        }
        return text;
    };
    if (!run.empty() || key_shape(key_id) == KeyShape::odd) {
        add(bare(front));
        add(bare(back));
    }
}

/// What one look at each character tells: whether one of the secrets may begin in the text, and which marks
/// it has.
unsigned Secrets::look_at(std::string_view text) const noexcept
{
    unsigned parts = 0;
    const std::size_t safe = text.size() < least_secret ? 0 : text.size() - least_secret + 1;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const unsigned letter = letters_[static_cast<unsigned char>(text[at])];
        parts |= letter;
        if ((letter & of_beginning) != 0 && at < safe && beginnings_[beginning_of(text.data() + at)]) {
            parts |= of_secret;
        }
    }
    return parts;
}

std::string Secrets::without_known(std::string_view text) const
{
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        std::size_t told = 0;
        if (text.size() >= least_secret && beginnings_[beginning_of(text.data())]) {
            for (const auto& [spelling, size] : known_) {
                if (told = told_by(text, spelling); told != 0) {
                    out += hidden(size);
                    break;
                }
            }
        }
        if (told == 0) {
            out += text.front();
        }
        text.remove_prefix(std::max<std::size_t>(told, 1));
    }
    return out;
}

void Secrets::hide_in(std::string& text) const
{
    const auto parts = look_at(text);
    if ((parts & of_secret) != 0) {
        text = without_known(text);
    }
    if ((parts & of_pair) != 0) {
        text = without_secret_values(text);
    }
    if ((parts & of_key) != 0 && text.find("AKID") != std::string::npos) {
        text = with_keys_masked(text);
    }
}

std::string Secrets::hidden_in(std::string_view text) const
{
    std::string out(text);
    hide_in(out);
    return out;
}

} // namespace cosdiag

// SPDX-License-Identifier: Apache-2.0
#include "diagnose/redaction.hpp"
#include "diagnose/secret.hpp"
#include "diagnose/text.hpp"

#include <algorithm>

namespace cosdiag {
namespace {

constexpr std::size_t max_secrets = 64;
constexpr std::size_t least_secret = 8; ///< shorter ones are words that occur by themselves
constexpr std::size_t telling = 20;     ///< so many characters alike are no chance

/// Three letters, in either case, as a number below 1024.
constexpr std::size_t beginning_of(const char* text) noexcept
{
    const auto letter = [text](std::size_t at) { return static_cast<unsigned char>(text[at]) | 0x20U; };
    return (letter(0) * 33U + letter(1) * 7U + (letter(2) << 2U)) & 1023U;
}

bool is_key_name(std::string_view name) noexcept
{
    return same_name(name, "q-ak") || same_name(name, "awsaccesskeyid") ||
           same_name(name, "x-amz-credential");
}

/// A character of base64, plain or for URLs.
bool is_base64(char c) noexcept
{
    return is_alnum(c) || c == '+' || c == '/' || c == '-' || c == '_' || c == '=';
}

/// Whether letters and digits stand together, in a row no version or name is as long as.
bool is_odd_word(std::string_view word) noexcept
{
    constexpr std::size_t least = 24;
    while (word.size() >= least) {
        const auto row = word.substr(0, first_without(word, is_alnum));
        const bool mixed =
            std::any_of(row.begin(), row.end(), is_digit) && !std::all_of(row.begin(), row.end(), is_digit);
        if (row.size() >= least && mixed) {
            return true;
        }
        word.remove_prefix(std::min(row.size() + 1, word.size()));
    }
    return false;
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

} // namespace

Secrets::Secrets() noexcept
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

void Secrets::add_odd_words(std::string_view text)
{
    while (!text.empty()) {
        const auto word = text.substr(0, first_without(text, is_base64));
        if (is_odd_word(word)) {
            add(word);
        }
        text.remove_prefix(std::min(word.size() + 1, text.size()));
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
                    out += length_of_hidden(size);
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

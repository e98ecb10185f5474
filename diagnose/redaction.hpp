// SPDX-License-Identifier: Apache-2.0
// What keeps credentials out of texts: the marks by which anybody's are known, and those that one exchange
// bears.
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cosdiag {

/// The text before the first pair of a presigned query (`q-ak=`, `X-Amz-Signature=`, …), whose `=` may be
/// percent-encoded. If even its name is, the text ends at its first escape.
std::string_view before_credentials(std::string_view text);

/// The text with each value replaced by its length whose name, before a `=`, is that of a secret, up to the
/// next blank, quotation mark or angle bracket. The same for `Condition key <name> doesn't match the value
/// <value>`.
std::string without_secret_values(std::string_view text);

/// What stands for a secret of so many characters.
std::string length_of_hidden(std::size_t size);

/// The signature in an Authorization of whatever kind: behind its name, or else the last word.
std::string_view signature_in(std::string_view value) noexcept;

/// What one exchange bears that nobody may read. It can hide these texts in others, and that is all.
class Secrets {
public:
    Secrets() noexcept;

    /// Texts too short to tell anything, and placeholders, are no secrets. Bounds: 64 are kept.
    void add(std::string_view secret);

    /// Of a field or parameter: adds what is secret in its value, judging by its name.
    void add_value(std::string_view name, std::string_view value);

    /// Of an access key id: what was written around it may be the SecretKey.
    void add_around_key(std::string_view key_id);

    /// Of a text that is made of names and versions, a User-Agent: words that are too long and too mixed to
    /// be one.
    void add_odd_words(std::string_view text);

    /// A text as people may see it: these secrets, cut off ones too, and without_secret_values() hidden,
    /// access key ids cut.
    [[nodiscard]] std::string hidden_in(std::string_view text) const;

    /// The same in place. Most texts hold nothing of the kind, which one look at each of their characters
    /// tells.
    void hide_in(std::string& text) const;

private:
    struct Known {
        std::string spelling;
        std::size_t size; ///< of the secret as such, not of this spelling
    };

    /// What a text may hold, in bits: most hold nothing of it.
    enum Part : std::uint8_t { of_pair = 1, of_key = 2, of_beginning = 4, of_secret = 8 };

    void keep(std::string_view spelling, std::size_t size);
    [[nodiscard]] unsigned look_at(std::string_view text) const noexcept;
    [[nodiscard]] std::string without_known(std::string_view text) const;

    std::vector<Known> known_;
    std::bitset<1024> beginnings_;            ///< hashes of the first three letters of all spellings
    std::array<std::uint8_t, 256> letters_{}; ///< what each letter may be part of
};

} // namespace cosdiag

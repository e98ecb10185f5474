// SPDX-License-Identifier: Apache-2.0
// What must not be printed whole: access keys are cut, tokens and signatures show their length only.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace cosdiag {

/// A token or signature as seen. It has no way to its text: it can be counted and compared, and that is all.
class Secret {
public:
    Secret() = default;

    explicit Secret(std::string_view text) : text_(text) {}

    [[nodiscard]] std::size_t size() const noexcept { return text_.size(); }

    [[nodiscard]] bool matches(std::string_view text) const noexcept { return text_ == text; }

    /// `214 characters`.
    [[nodiscard]] std::string described() const { return std::to_string(size()) + " characters"; }

private:
    std::string text_;
};

/// The first 8 and last 4 characters. Shorter ids lose all but their first 4.
std::string masked_key(std::string_view key_id);

/// A text with an access key id in it: what stands before the id, the id, and what stands behind. No id: all
/// is `front`.
struct KeyText {
    std::string_view front, run, back;
};

KeyText split_key_id(std::string_view text) noexcept;

/// A key id for people: placeholders whole, since that is what to look for; ids cut; and of other text, which
/// may be a SecretKey in the wrong place, only the length.
std::string shown_key_id(std::string_view key_id);

/// The text with every run that looks like an access key id cut by masked_key().
std::string with_keys_masked(std::string_view text);

/// Whether a field or parameter of this name carries a secret: signatures, tokens, credentials, passwords,
/// keys.
bool is_secret_name(std::string_view name) noexcept;

/// What a key id looks like. Shapes are conventions: 36 characters for a permanent id, more for a temporary
/// one.
enum class KeyShape {
    permanent,    ///< `AKID` and 32 letters or digits
    temporary,    ///< `AKID` and a longer text, or one with `-` or `_`
    cut_short,    ///< `AKID` and fewer characters than either
    empty,        ///< nothing at all
    placeholder,  ///< `undefined`, `${secretId}`, `<your-secret-id>`, …
    quoted,       ///< quotation marks around it
    blank_inside, ///< a blank, tab or line break in or around it
    stray_inside, ///< an id with other characters in or around it
    masked,       ///< an id without its middle, as people write it down: what was sent is not known
    other_vendor, ///< an access key id of another cloud
    odd,          ///< none of these
};

KeyShape key_shape(std::string_view key_id) noexcept;

/// What is wrong with the id, to follow "the access key id …"; empty for the two good shapes and a masked
/// one.
std::string_view fault_of(KeyShape shape) noexcept;

} // namespace cosdiag

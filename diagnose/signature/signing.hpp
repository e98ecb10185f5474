// SPDX-License-Identifier: Apache-2.0
// Signing as COS documents it (436/7778), with secrets that sign and cannot be read.
#pragma once

#include "diagnose/digest.hpp"

#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace cosdiag {

/// A SecretKey as configured. It makes keys for signatures and has no other way to its text; the memory is
/// wiped.
class SecretKey {
public:
    SecretKey() = default;

    explicit SecretKey(std::string text) noexcept : text_(std::move(text)) {}

    SecretKey(const SecretKey&) = default;
    SecretKey& operator=(const SecretKey&) = default;
    SecretKey(SecretKey&&) noexcept = default;
    SecretKey& operator=(SecretKey&&) noexcept = default;
    ~SecretKey();

    /// HMAC under the secret itself, or under the secret with text put around it, as careless copies have it.
    [[nodiscard]] Hmac hmac(Hmac::Hash hash, std::string_view before = {}, std::string_view after = {}) const;

private:
    std::string text_;
};

/// What careless copies of a secret have around it.
struct SecretSlip {
    std::string_view before, after;
    std::string_view what; ///< to follow "signed"
};

std::span<const SecretSlip> secret_slips() noexcept;

/// What to do about each of them.
inline constexpr std::string_view clean_secret =
    "take blanks, line ends and quotes off the SecretKey where it is read";

/// A key pair that the operator lets the engine check signatures with.
struct Identity {
    std::string secret_id;
    SecretKey secret_key;
    std::string name;  ///< how to call it; empty: by its id, cut
    std::string appid; ///< of the account it belongs to; empty: not told
};

/// `sha1`, the time as sent and the SHA-1 of the HttpString, each line ended by LF (436/7778, "Step 5").
std::string cos_string_to_sign(std::string_view sign_time, std::string_view http_string);

/// What a form's signature is made over: the SHA-1 of the policy's text alone (436/14690).
std::string cos_form_string_to_sign(std::string_view policy);

} // namespace cosdiag

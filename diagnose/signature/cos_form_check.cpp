// SPDX-License-Identifier: Apache-2.0
// The signature of a form upload (436/14690, "Signature protection"): HMAC-SHA1 under SignKey of the 40 hex
// digits that are the SHA-1 of the policy's JSON text.
#include "diagnose/form.hpp"
#include "diagnose/json_value.hpp"
#include "diagnose/signature/cos_key_search.hpp"
#include "diagnose/signature/policy_spelling.hpp"
#include "diagnose/text.hpp"

#include <utility>

namespace cosdiag {
namespace {

constexpr std::string_view policy_digest =
    "sign the SHA-1 of the policy's JSON text, as 40 hex digits and nothing else";
constexpr std::string_view same_policy = "sign the very octets of the policy that are then sent as base64";
constexpr std::string_view same_time =
    "use one time for SignKey, for q-key-time and for the condition q-sign-time";

/// What q-sign-time shall be by the policy's own conditions; empty when it does not say.
std::string sign_time_of(std::string_view policy)
{
    const auto document = parse_json(policy);
    for (const auto& condition : list_in(value_in(document, "conditions"))) {
        if (const auto value = text_in(condition, "q-sign-time"); !value.empty()) {
            return std::string(value);
        }
        const auto& list = list_in(condition);
        if (list.size() == 3 && list[1].is_string() && list[1].get_string() == "$q-sign-time" &&
            list[2].is_string()) {
            return std::string(std::string_view(list[2].get_string()));
        }
    }
    return {};
}

class Search : private CosKeySearch {
public:
    Search(
        std::string_view encoded,
        std::string policy,
        const Authorization& authorization,
        const Identity& identity,
        std::span<const Identity> all
    )
        : CosKeySearch(identity, all, *authorization.signature, *authorization.key_time),
          encoded_(encoded),
          policy_(std::move(policy)),
          right_(cos_form_string_to_sign(policy_))
    {
    }

    SignatureCheck run()
    {
        const bool fits_request = fits(sign_, right_);
        if (!fits_request) {
            static_cast<void>(
                other_string() || other_policy() || other_key(right_) || other_time() || other_writing()
            );
        }
        return result(fits_request);
    }

private:
    bool other_string()
    {
        const auto ordinary = [this](std::string_view http_string) {
            return cos_string_to_sign(key_time_, http_string);
        };
        const std::pair<std::string, std::string_view> all[] = {
            {sha1_hex(encoded_), "the SHA-1 of the policy's base64, not of its JSON text"},
            {ordinary(policy_), "the policy in a StringToSign of three lines, which is for other requests"},
            {ordinary(encoded_), "the policy's base64 in a StringToSign of three lines"},
            {ordinary("post\n/\n\n\n"), "the request itself, in place of the policy"},
            {policy_, "the policy's JSON text itself, not its SHA-1"},
            {std::string(encoded_), "the policy's base64 itself, not the SHA-1 of its JSON text"},
            {in_upper_case(right_), "the SHA-1 of the policy in upper case"},
            {join(right_, "\n"), "the SHA-1 of the policy with an LF behind it"},
            {join("sha1\n", right_, "\n"), "the SHA-1 of the policy with the line sha1 before it"},
            {sha256_hex(policy_), "the SHA-256 of the policy, not its SHA-1"},
            {std::string(), "no policy at all"},
        };
        for (const auto& [text, what] : all) {
            if (attempt(sign_, text, bug(Piece::layout, std::string(what), policy_digest))) {
                return true;
            }
        }
        return attempt_key(
            identity_.secret_key.hmac(Hmac::Hash::sha1),
            encoded_,
            "with the SecretKey itself, and the policy's base64, as S3 and OSS have it",
            "derive SignKey from SecretKey and KeyTime, and sign the SHA-1 of the policy's JSON text"
        );
    }

    bool other_policy()
    {
        for (const auto& [text, what] : policy_spellings(policy_)) {
            if (attempt(
                    sign_,
                    cos_form_string_to_sign(text),
                    bug(Piece::layout, join("the policy ", what, ", but sent it in another form"), same_policy
                    )
                )) {
                return true;
            }
        }
        return false;
    }

    bool other_time()
    {
        auto times = time_spellings(key_time_);
        times.insert(times.begin(), sign_time_of(policy_));
        for (const auto& time : times) {
            auto sign = own_sign_key(time);
            auto other = bug(Piece::time, join("with SignKey for the time ", shown(time)), same_time);
            other.signed_as = time;
            other.expected = key_time_;
            if (attempt(sign, right_, std::move(other))) {
                return true;
            }
        }
        return false;
    }

    bool other_writing()
    {
        const auto octets = sign_(right_);
        return (is_signature(base64_encoded(octets)) &&
                found(bug(Piece::layout, "with base64 in place of hex digits", "send 40 hex digits"))) ||
               (is_signature(in_upper_case(hex(octets))) &&
                found(bug(Piece::layout, "with hex digits in upper case", "send hex digits in lower case")));
    }

    static SigningBug bug(Piece piece, std::string what, std::string_view fix)
    {
        return {piece, {}, std::move(what), {}, {}, std::string(fix)};
    }

    const std::string_view encoded_;
    const std::string policy_;
    const std::string right_;
};

} // namespace

std::optional<SignatureCheck> check_form_signature(
    const Form& form, const Authorization& authorization, std::span<const Identity> identities
)
{
    const auto encoded = form.find("policy");
    auto policy = encoded ? base64_decoded(*encoded) : std::nullopt;
    const auto* const identity =
        authorization.key_id ? find_identity(identities, *authorization.key_id) : nullptr;
    if (identity == nullptr || !policy || !authorization.signature || !authorization.key_time) {
        return std::nullopt;
    }
    return Search(*encoded, std::move(*policy), authorization, *identity, identities).run();
}

} // namespace cosdiag

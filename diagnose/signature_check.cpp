// SPDX-License-Identifier: Apache-2.0
#include "diagnose/signature_check.hpp"

#include "diagnose/digest.hpp"
#include "diagnose/secret.hpp"
#include "diagnose/signing_variants.hpp"
#include "diagnose/text.hpp"

#include <algorithm>

namespace cosdiag {
namespace {

constexpr std::string_view clean_secret =
    "take blanks, line ends and quotes off the SecretKey where it is read";
constexpr std::string_view sign_key_as_text =
    "sign with the 40 hex digits of SignKey as text, not with its 20 octets";
constexpr std::string_view same_times =
    "use one time, as sent in q-sign-time and q-key-time, for SignKey and for StringToSign";
constexpr std::string_view three_lines =
    "StringToSign is `sha1`, the time and the SHA-1 in lower case, each line ended by LF";

class Search {
public:
    Search(const SignatureInQuestion& question, const Identity& identity, std::span<const Identity> all)
        : question_(question),
          identity_(identity),
          all_(all),
          sign_time_(*question.authorization.sign_time),
          key_time_(question.authorization.key_time.value_or(sign_time_)),
          sign_(sign_key(identity.secret_key.hmac(Hmac::Hash::sha1), key_time_))
    {
    }

    SignatureCheck run()
    {
        SignatureCheck check;
        check.identity = identity_.name.empty() ? masked_key(identity_.secret_id) : identity_.name;
        const auto right = question_.right.text();
        check.fits_request = fits(sign_, cos_string_to_sign(sign_time_, right));
        check.fits_theirs =
            !question_.theirs.empty() && fits(sign_, cos_string_to_sign(sign_time_, question_.theirs));
        if (!check.fits_request && !check.fits_theirs) {
            if (!other_text() && !other_key(right) && !other_time(right)) {
                other_string_to_sign(right);
            }
            check.bug = std::move(bug_);
        }
        check.tried = tried_;
        return check;
    }

private:
    /// SignKey, ready to sign (436/7778, "Step 3").
    static Hmac sign_key(Hmac secret, std::string_view key_time)
    {
        return {Hmac::Hash::sha1, hex(secret(key_time))};
    }

    bool fits(Hmac& sign, std::string_view string_to_sign)
    {
        ++tried_;
        return question_.authorization.signature->matches(hex(sign(string_to_sign)));
    }

    bool found(Piece piece, std::string_view what, std::string_view fix)
    {
        bug_ = SigningBug{piece, {}, std::string(what), {}, {}, std::string(fix)};
        return true;
    }

    bool other_text()
    {
        return each_signing_variant(question_.parts, question_.right, [this](const SigningVariant& variant) {
            if (!fits(sign_, cos_string_to_sign(sign_time_, variant.text))) {
                return false;
            }
            bug_ = SigningBug{
                variant.piece,
                variant.name,
                variant.what,
                variant.signed_as,
                variant.expected,
                std::string(variant.fix)};
            return true;
        });
    }

    bool other_key(std::string_view http_string)
    {
        const auto text = cos_string_to_sign(sign_time_, http_string);
        const auto try_key = [&](Hmac sign, std::string_view what, std::string_view fix) {
            return fits(sign, text) && found(Piece::secret, what, fix);
        };

        for (const auto& [before, after, what] : secret_slips()) {
            auto key = identity_.secret_key.hmac(Hmac::Hash::sha1, before, after);
            if (try_key(sign_key(std::move(key), key_time_), what, clean_secret)) {
                return true;
            }
        }
        for (const auto& other : all_) {
            if (&other == &identity_) {
                continue;
            }
            const auto name = other.name.empty() ? masked_key(other.secret_id) : other.name;
            if (try_key(
                    sign_key(other.secret_key.hmac(Hmac::Hash::sha1), key_time_),
                    join("with the SecretKey of another identity, ", name),
                    "use the SecretKey that belongs to this SecretId"
                )) {
                return true;
            }
        }
        auto secret = identity_.secret_key.hmac(Hmac::Hash::sha1);
        return try_key(
                   Hmac(Hmac::Hash::sha1, secret(key_time_)), "with the octets of SignKey", sign_key_as_text
               ) ||
               try_key(
                   std::move(secret),
                   "with the SecretKey itself in place of SignKey",
                   "derive SignKey from SecretKey and KeyTime first"
               ) ||
               try_key(
                   sign_key(Hmac(Hmac::Hash::sha1, identity_.secret_id), key_time_),
                   "with the SecretId in place of the SecretKey",
                   "use the SecretKey that belongs to this SecretId"
               );
    }

    bool other_time(std::string_view http_string)
    {
        const auto [begin, end] = split_at(sign_time_, ';');
        const std::string encoded = join(begin, "%3B", end);
        const std::string lower_encoded = join(begin, "%3b", end);
        const std::string comma = join(begin, ",", end);
        const std::string_view times[] = {
            sign_time_, key_time_, encoded, lower_encoded, begin, end, comma, ""};
        for (const auto key_time : times) {
            auto sign = sign_key(identity_.secret_key.hmac(Hmac::Hash::sha1), key_time);
            for (const auto time : times) {
                if ((key_time != key_time_ || time != sign_time_) &&
                    fits(sign, cos_string_to_sign(time, http_string))) {
                    found(
                        Piece::time,
                        join(
                            "SignKey for the time ", shown(key_time), " and StringToSign with ", shown(time)
                        ),
                        same_times
                    );
                    bug_->signed_as = join(shown(key_time), " and ", shown(time));
                    bug_->expected = join(key_time_, " and ", sign_time_);
                    return true;
                }
            }
        }
        return false;
    }

    static std::string_view shown(std::string_view time) noexcept { return time.empty() ? "(none)" : time; }

    bool other_string_to_sign(std::string_view http_string)
    {
        const auto right = cos_string_to_sign(sign_time_, http_string);
        const auto digest = sha1_hex(http_string);
        std::string upper = digest;
        for (char& c : upper) {
            c = c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
        }

        struct Other {
            std::string text;
            std::string_view what;
        };

        const Other others[] = {
            {right.substr(0, right.size() - 1), "a StringToSign without the LF at its end"},
            {join("sha1\n", sign_time_, "\n", upper, "\n"), "a StringToSign with its SHA-1 in upper case"},
            {std::string(http_string), "the HttpString itself in place of StringToSign"},
            {digest, "the SHA-1 of the HttpString in place of StringToSign"},
            {join("sha1\n", sign_time_, "\n", http_string, "\n"),
             "a StringToSign with the HttpString in place of its SHA-1"},
            {join(sign_time_, "\n", digest, "\n"), "a StringToSign without its first line, sha1"},
            {join("sha1\n", digest, "\n"), "a StringToSign without the time"},
            {join("SHA1\n", sign_time_, "\n", digest, "\n"),
             "a StringToSign that begins with SHA1 in upper case"},
        };
        for (const auto& [text, what] : others) {
            if (fits(sign_, text)) {
                return found(Piece::layout, what, three_lines);
            }
        }
        return false;
    }

    const SignatureInQuestion& question_;
    const Identity& identity_;
    std::span<const Identity> all_;
    const std::string sign_time_;
    const std::string key_time_;
    Hmac sign_;
    std::optional<SigningBug> bug_;
    unsigned tried_ = 0;
};

} // namespace

const Identity* find_identity(std::span<const Identity> identities, std::string_view secret_id) noexcept
{
    const auto at = std::find_if(identities.begin(), identities.end(), [secret_id](const Identity& one) {
        return one.secret_id == secret_id;
    });
    return at == identities.end() ? nullptr : &*at;
}

std::optional<SignatureCheck>
check_signature(const SignatureInQuestion& question, std::span<const Identity> identities)
{
    const auto& authorization = question.authorization;
    if (!authorization.key_id || !authorization.signature || !authorization.sign_time) {
        return std::nullopt;
    }
    const auto* const identity = find_identity(identities, *authorization.key_id);
    if (identity == nullptr) {
        return std::nullopt;
    }
    return Search(question, *identity, identities).run();
}

} // namespace cosdiag

// SPDX-License-Identifier: Apache-2.0
#include "diagnose/signature/signature_check.hpp"

#include "diagnose/digest.hpp"
#include "diagnose/signature/cos_key_search.hpp"
#include "diagnose/signature/signing_variants.hpp"
#include "diagnose/text.hpp"

#include <algorithm>

namespace cosdiag {
namespace {

constexpr std::string_view same_times =
    "use one time, as sent in q-sign-time and q-key-time, for SignKey and for StringToSign";
constexpr std::string_view three_lines =
    "StringToSign is `sha1`, the time and the SHA-1 in lower case, each line ended by LF";

class Search : private CosKeySearch {
public:
    Search(const SignatureInQuestion& question, const Identity& identity, std::span<const Identity> all)
        : CosKeySearch(
              identity,
              all,
              *question.authorization.signature,
              question.authorization.key_time.value_or(*question.authorization.sign_time)
          ),
          question_(question),
          sign_time_(*question.authorization.sign_time)
    {
    }

    SignatureCheck run()
    {
        const auto right = question_.right.text();
        const auto text = cos_string_to_sign(sign_time_, right);
        const auto readings = readings_of(question_.right);
        const bool fits_request = std::any_of(readings.begin(), readings.end(), [this](const auto& reading) {
            return fits(sign_, cos_string_to_sign(sign_time_, reading));
        });
        const bool fits_theirs =
            !question_.theirs.empty() && fits(sign_, cos_string_to_sign(sign_time_, question_.theirs));
        if (fits_request && !fits_theirs && !question_.theirs.empty()) {
            listed_in_vain();
        } else if (!fits_request && !fits_theirs) {
            static_cast<void>(
                other_text() || other_key(text) || other_time(right) || other_string_to_sign(right)
            );
        }
        return result(fits_request, fits_theirs);
    }

private:
    bool other_text()
    {
        return each_signing_variant(question_.parts, question_.right, [this](const SigningVariant& variant) {
            return attempt(
                sign_,
                cos_string_to_sign(sign_time_, variant.text),
                {variant.piece,
                 variant.name,
                 variant.what,
                 variant.signed_as,
                 variant.expected,
                 std::string(variant.fix),
                 is_sure(variant.piece)}
            );
        });
    }

    /// Repeated names, and a `+` whose reading by COS was not seen, leave it open which text is right.
    [[nodiscard]] bool is_sure(Piece piece) const noexcept
    {
        const auto& target = question_.parts.target;
        const auto where = piece == Piece::path        ? target.raw_path
                           : piece == Piece::parameter ? target.raw_query
                                                       : std::string_view{};
        const bool open = question_.theirs.empty() && where.find('+') != std::string_view::npos;
        return !open && !question_.right.repeated;
    }

    /// COS has a name in its text that the client lists, and neither sends nor signs.
    void listed_in_vain()
    {
        for (const auto* const names :
             {&question_.right.absent_headers, &question_.right.absent_parameters}) {
            if (!names->empty()) {
                const bool field = names == &question_.right.absent_headers;
                static_cast<void>(found(
                    {field ? Piece::header : Piece::parameter,
                     names->front(),
                     join("a text without ", names->front(), ", which its own list names"),
                     {},
                     {},
                     "put each listed name into the text to sign, or take it off the list"}
                ));
                return;
            }
        }
    }

    bool other_time(std::string_view http_string)
    {
        auto times = time_spellings(sign_time_);
        times.push_back(key_time_);
        for (const auto& key_time : times) {
            auto sign = own_sign_key(key_time);
            for (const auto& time : times) {
                if ((key_time != key_time_ || time != sign_time_) &&
                    attempt(
                        sign, cos_string_to_sign(time, http_string), other_times(shown(key_time), shown(time))
                    )) {
                    return true;
                }
            }
        }
        return false;
    }

    [[nodiscard]] SigningBug other_times(std::string_view key_time, std::string_view time) const
    {
        return {
            Piece::time,
            {},
            join("SignKey for the time ", key_time, " and StringToSign with ", time),
            join(key_time, " and ", time),
            join(key_time_, " and ", sign_time_),
            std::string(same_times)};
    }

    bool other_string_to_sign(std::string_view http_string)
    {
        const auto right = cos_string_to_sign(sign_time_, http_string);
        const auto digest = sha1_hex(http_string);
        const auto upper = in_upper_case(digest);

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
            if (attempt(
                    sign_, text, {Piece::layout, {}, std::string(what), {}, {}, std::string(three_lines)}
                )) {
                return true;
            }
        }
        return false;
    }

    const SignatureInQuestion& question_;
    const std::string sign_time_;
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

// SPDX-License-Identifier: Apache-2.0
// AWS Signature Version 2 as S3 has it ("Signing and Authenticating REST Requests", Amazon S3 User Guide),
// which COS takes from S3 libraries (436/37421). On the host of a bucket, the resource is its name and the
// path.
#include "diagnose/signature/aws_v2_variants.hpp"
#include "diagnose/signature/signature_search.hpp"
#include "diagnose/text.hpp"

#include <algorithm>
#include <utility>

namespace cosdiag {
namespace {

using aws_v2::Request;
using aws_v2::StringToSign;

constexpr std::string_view own_lines =
    "sign method, Content-MD5, Content-Type and Date, one line each, then x-amz- fields and resource";

/// In another way than as base64 of HMAC-SHA1.
struct OtherWriting {
    Hmac::Hash hash;
    std::string (*write)(std::string_view octets);
    std::string_view what;
};

constexpr OtherWriting other_writings[] = {
    {Hmac::Hash::sha1, hex, "with hex digits in place of base64"},
    {Hmac::Hash::sha1,
     [](std::string_view octets) { return base64_encoded(hex(octets)); },
     "with base64 of hex digits"},
    {Hmac::Hash::sha256, base64_encoded, "with HMAC-SHA256 in place of HMAC-SHA1"},
    {Hmac::Hash::sha256, hex, "with hex digits of HMAC-SHA256"},
    {Hmac::Hash::sha1,
     [](std::string_view octets) { return percent_encoded(base64_encoded(octets)); },
     "rightly, but percent-encoded the signature once too often"},
};

class Search : private SignatureSearch {
public:
    Search(
        const Request& request,
        const Secret& signature,
        const Identity& identity,
        std::span<const Identity> all
    )
        : SignatureSearch(identity, all, signature, base64_encoded),
          request_(request),
          rights_(aws_v2::documented(request)),
          right_(rights_.front()),
          sign_(identity.secret_key.hmac(Hmac::Hash::sha1))
    {
    }

    SignatureCheck run()
    {
        const bool fits_request =
            std::any_of(rights_.begin(), rights_.end(), [this](const StringToSign& one) {
                return fits(sign_, one.text());
            });
        if (fits_request && bare_plus()) {
            return result(false);
        }
        if (!fits_request) {
            static_cast<void>(other_text() || secrets() || writings() || layouts());
        }
        return result(fits_request);
    }

private:
    /// Base64 has plus signs, and in a query some take them for blanks (WHATWG URL, "urlencoded parsing").
    bool bare_plus()
    {
        const auto* const sent = request_.presigned ? request_.parts.target.find("Signature") : nullptr;
        const auto encoded = sent == nullptr ? std::string() : percent_encoded(sent->value);
        const auto query = request_.parts.target.raw_query;
        return encoded.find("%2B") != std::string::npos && query.find("%2B") == std::string_view::npos &&
               query.find("%2b") == std::string_view::npos &&
               found(
                   {Piece::parameter,
                    "Signature",
                    "rightly, but left the + in Signature unencoded, which COS may read as a blank",
                    {},
                    {},
                    "write each + of the base64 as %2B in the URL",
                    false}
               );
    }

    bool other_text()
    {
        const auto take = [this](const StringToSign& string, SigningBug bug) {
            return attempt(sign_, string.text(), std::move(bug));
        };
        return aws_v2::each_line_variant(request_, right_, take) ||
               aws_v2::each_resource_variant(request_, right_, take) ||
               aws_v2::each_field_variant(request_, right_, take);
    }

    bool secrets()
    {
        return other_secret(Hmac::Hash::sha1, right_.text(), [](Hmac secret) { return secret; });
    }

    bool writings()
    {
        const auto text = right_.text();
        for (const auto& [hash, write, what] : other_writings) {
            if (is_signature(write(identity_.secret_key.hmac(hash)(text)))) {
                return found(
                    {Piece::layout,
                     {},
                     std::string(what),
                     {},
                     {},
                     "send base64 of the 20 octets of HMAC-SHA1"}
                );
            }
        }
        return false;
    }

    bool layouts()
    {
        const auto right = right_.text();
        std::string crlf;
        for (const char c : right) {
            crlf += c == '\n' ? "\r\n" : std::string(1, c);
        }
        const auto& [method, md5, type, date] = std::tie(right_.method, right_.md5, right_.type, right_.date);
        const auto fields = right_.field_lines();
        const auto target = right_.target();
        const std::pair<std::string, std::string_view> all[] = {
            {join(right, "\n"), "a StringToSign with an LF at its end"},
            {std::move(crlf), "a StringToSign with CRLF for LF"},
            {join(method, "\n", type, "\n", date, "\n", fields, target),
             "a StringToSign without the line of Content-MD5"},
            {join(method, "\n", date, "\n", fields, target),
             "a StringToSign without the lines of Content-MD5 and Content-Type"},
            {join(method, "\n", type, "\n", md5, "\n", date, "\n", fields, target),
             "a StringToSign with Content-Type before Content-MD5"},
            {join(method, "\n", md5, "\n", type, "\n", date, "\n", target, "\n", fields),
             "a StringToSign with the x-amz- fields behind the resource"},
        };
        for (const auto& [text, what] : all) {
            if (attempt(
                    sign_, text, {Piece::layout, {}, std::string(what), {}, {}, std::string(own_lines)}
                )) {
                return true;
            }
        }
        return false;
    }

    const Request& request_;
    const std::vector<StringToSign> rights_;
    const StringToSign& right_;
    Hmac sign_;
};

} // namespace

std::optional<SignatureCheck> check_aws_v2_signature(
    const Request& request, const Authorization& authorization, std::span<const Identity> identities
)
{
    const auto* const identity =
        authorization.key_id ? find_identity(identities, *authorization.key_id) : nullptr;
    if (identity == nullptr || !authorization.signature) {
        return std::nullopt;
    }
    return Search(request, *authorization.signature, *identity, identities).run();
}

} // namespace cosdiag

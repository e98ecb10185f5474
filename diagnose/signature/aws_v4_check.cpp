// SPDX-License-Identifier: Apache-2.0
// AWS Signature Version 4 as S3 has it ("Authenticating Requests (AWS Signature Version 4)", Amazon S3 API
// Reference), which COS takes from S3 libraries (436/37421).
#include "diagnose/digest.hpp"
#include "diagnose/signature/aws_v4_request.hpp"
#include "diagnose/signature/signature_search.hpp"
#include "diagnose/signature/variant_spelling.hpp"
#include "diagnose/text.hpp"

#include <algorithm>
#include <vector>

namespace cosdiag {
namespace {

using aws_v4::algorithm;
using aws_v4::Canonical;
using aws_v4::canonical_of;
using aws_v4::read_signed;
using aws_v4::Signed;
using aws_v4::unsigned_payload;

constexpr std::string_view as_sent = "sign what is sent";

class Search : private SignatureSearch {
public:
    Search(
        const SignedParts& parts, const Signed& found, const Identity& identity, std::span<const Identity> all
    )
        : SignatureSearch(identity, all, Secret(found.signature), hex),
          parts_(parts),
          found_(found),
          right_(canonical_of(parts, found)),
          sign_(signing_key(identity.secret_key.hmac(Hmac::Hash::sha256, "AWS4"), found.scope))
    {
    }

    SignatureCheck run()
    {
        const bool fits_request = fits(sign_, text_of(right_));
        if (fits_request) {
            other_day();
        } else {
            static_cast<void>(
                paths() || hosts() || fields() || payloads() || queries() || methods() || secrets() ||
                scopes()
            );
        }
        return result(fits_request);
    }

private:
    /// The chain of date, region, service and terminator.
    static Hmac signing_key(Hmac secret, std::string_view scope)
    {
        std::string key;
        bool first = true;
        while (!scope.empty()) {
            const auto [part, rest] = split_at(scope, '/');
            scope = rest;
            key = first ? secret(part) : Hmac(Hmac::Hash::sha256, key)(part);
            first = false;
        }
        return {Hmac::Hash::sha256, key};
    }

    [[nodiscard]] std::string text_of(const Canonical& canonical) const
    {
        return join(algorithm, "\n", found_.stamp, "\n", found_.scope, "\n", sha256_hex(canonical.text()));
    }

    bool attempt(
        const Canonical& canonical,
        Piece piece,
        std::string_view name,
        std::string what,
        std::string_view signed_as,
        std::string_view expected,
        std::string_view fix
    )
    {
        return SignatureSearch::attempt(
            sign_,
            text_of(canonical),
            {piece,
             std::string(name),
             std::move(what),
             std::string(signed_as),
             std::string(expected),
             std::string(fix)}
        );
    }

    bool paths()
    {
        for (const auto& [text, what, fix] : aws_v4::path_spellings(parts_, right_.path)) {
            Canonical other = right_;
            other.path = text;
            if (attempt(other, Piece::path, {}, join("the path ", what), text, right_.path, fix)) {
                return true;
            }
        }
        return false;
    }

    bool hosts()
    {
        for (const auto& [host, what, fix] : host_spellings(parts_)) {
            Canonical other = right_;
            for (auto& header : other.headers) {
                header.value = header.name == "host" ? host : header.value;
            }
            if (attempt(other, Piece::host, "host", join("Host ", what), host, parts_.host, fix)) {
                return true;
            }
        }
        return false;
    }

    bool fields()
    {
        constexpr std::size_t most = 16; // a search has a millisecond
        for (std::size_t at = 0; at < std::min(right_.headers.size(), most); ++at) {
            const auto name = right_.headers[at].name;
            const auto sent = right_.headers[at].value;
            const auto piece = name == "host" ? Piece::host : Piece::header;
            std::vector<std::string> values = {"", lowered(sent)};
            if (name == "content-type") {
                values = type_spellings(sent);
                values.emplace_back();
            }
            for (const auto& value : values) {
                Canonical other = right_;
                other.headers[at].value = value;
                if (attempt(
                        other,
                        piece,
                        name,
                        join(name, " with another value than was sent"),
                        value,
                        sent,
                        as_sent
                    )) {
                    return true;
                }
            }
            Canonical without = right_;
            without.headers.erase(without.headers.begin() + static_cast<std::ptrdiff_t>(at));
            if (attempt(
                    without,
                    piece,
                    name,
                    join("a text without ", name, ", which its own list names"),
                    {},
                    sent,
                    as_sent
                )) {
                return true;
            }
        }
        return false;
    }

    bool payloads()
    {
        const std::string empty = sha256_hex("");
        for (const std::string_view payload :
             {unsigned_payload,
              std::string_view(empty),
              std::string_view("STREAMING-AWS4-HMAC-SHA256-PAYLOAD"),
              std::string_view("STREAMING-UNSIGNED-PAYLOAD-TRAILER"),
              std::string_view()}) {
            Canonical other = right_;
            other.payload = payload;
            if (attempt(
                    other,
                    Piece::layout,
                    {},
                    join("the payload hash ", payload.empty() ? "left empty" : payload),
                    payload,
                    right_.payload,
                    "sign the value of x-amz-content-sha256, or UNSIGNED-PAYLOAD in a presigned URL"
                )) {
                return true;
            }
        }
        return false;
    }

    bool queries()
    {
        Canonical other = right_;
        for (auto& [query, what, fix] : aws_v4::query_spellings(parts_.target)) {
            other.query = std::move(query);
            if (other.query != right_.query &&
                attempt(other, Piece::parameter, {}, std::move(what), {}, {}, fix)) {
                return true;
            }
        }
        return false;
    }

    /// A signing key for another scope than the one that is sent.
    bool scopes()
    {
        const auto text = text_of(right_);
        for (const auto& [scope, what, fix] : aws_v4::scope_spellings(found_)) {
            auto key = signing_key(identity_.secret_key.hmac(Hmac::Hash::sha256, "AWS4"), scope);
            if (SignatureSearch::attempt(
                    key, text, {Piece::layout, {}, join("with ", what), scope, found_.scope, std::string(fix)}
                )) {
                return true;
            }
        }
        return false;
    }

    /// Right but for what COS demands besides: the day in Credential is that of X-Amz-Date.
    void other_day()
    {
        const auto day = found_.stamp.substr(0, 8);
        const auto date = split_at(found_.scope, '/').front;
        if (date != day) {
            static_cast<void>(found(
                {Piece::time,
                 {},
                 join("with the date ", date, " in its Credential, on ", day, " by X-Amz-Date"),
                 std::string(date),
                 day,
                 "put the day of X-Amz-Date, in UTC, into the Credential"}
            ));
        }
    }

    bool methods()
    {
        for (const std::string_view method : {"GET", "PUT", "POST", "DELETE", "HEAD"}) {
            Canonical other = right_;
            other.method = method;
            if (attempt(
                    other,
                    Piece::method,
                    {},
                    join("the method ", method),
                    method,
                    right_.method,
                    "sign the method that is sent"
                )) {
                return true;
            }
        }
        return false;
    }

    bool secrets()
    {
        const auto text = text_of(right_);
        const auto derive = [this](Hmac secret) { return signing_key(std::move(secret), found_.scope); };
        return other_secret(Hmac::Hash::sha256, text, derive, "AWS4") ||
               attempt_key(
                   signing_key(identity_.secret_key.hmac(Hmac::Hash::sha256), found_.scope),
                   text,
                   "with the SecretKey itself, without AWS4 before it",
                   "put AWS4 before the SecretKey in the first step"
               );
    }

    const SignedParts& parts_;
    const Signed& found_;
    const Canonical right_;
    Hmac sign_;
};

} // namespace

std::optional<SignatureCheck> check_aws_v4_signature(
    const SignedParts& parts, const Authorization& authorization, std::span<const Identity> identities
)
{
    const auto* const identity =
        authorization.key_id ? find_identity(identities, *authorization.key_id) : nullptr;
    const auto found = identity == nullptr ? std::nullopt : read_signed(parts);
    if (!found) {
        return std::nullopt;
    }
    return Search(parts, *found, *identity, identities).run();
}

} // namespace cosdiag

// SPDX-License-Identifier: Apache-2.0
// AWS Signature Version 4 as S3 has it ("Authenticating Requests (AWS Signature Version 4)", Amazon S3 API
// Reference), which COS takes from S3 libraries (436/37421).
#include "diagnose/digest.hpp"
#include "diagnose/secret.hpp"
#include "diagnose/signature_check.hpp"
#include "diagnose/text.hpp"
#include "diagnose/variant_spelling.hpp"

#include <algorithm>
#include <vector>

namespace cosdiag {
namespace {

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view unsigned_payload = "UNSIGNED-PAYLOAD";
constexpr std::string_view as_sent = "sign what is sent";
constexpr std::string_view encode_once = "percent-encode the path once, slashes excepted, as S3 does";

/// What the signature itself says. Views point into the request.
struct Signed {
    std::string scope;     ///< date/region/s3/aws4_request
    std::string names;     ///< SignedHeaders
    std::string signature; ///< 64 hex digits
    std::string stamp;     ///< X-Amz-Date
    bool presigned = false;
};

std::string_view part_of(std::string_view text, std::string_view mark) noexcept
{
    const auto at = text.find(mark);
    return at == std::string_view::npos
               ? std::string_view{}
               : trimmed(text.substr(at + mark.size(), text.find(',', at) - at - mark.size()));
}

std::string scope_of(std::string_view credential)
{
    return std::string(split_at(credential, '/').back);
}

std::optional<Signed> read_signed(const SignedParts& parts)
{
    Signed out;
    if (const auto field = find_field(parts.fields, "authorization");
        field && field->starts_with(algorithm)) {
        const auto end = field->size();
        const auto signature = field->find("Signature=");
        out.scope = scope_of(part_of(*field, "Credential="));
        out.names = part_of(*field, "SignedHeaders=");
        out.signature =
            trimmed(field->substr(std::min(signature == std::string_view::npos ? end : signature + 10, end)));
        out.stamp = trimmed(find_field(parts.fields, "x-amz-date").value_or(std::string_view{}));
    } else {
        const auto value = [&parts](std::string_view name) {
            const auto* const parameter = parts.target.find(name);
            return parameter == nullptr ? std::string() : parameter->value;
        };
        out.presigned = true;
        out.scope = scope_of(value("X-Amz-Credential"));
        out.names = value("X-Amz-SignedHeaders");
        out.signature = value("X-Amz-Signature");
        out.stamp = value("X-Amz-Date");
    }
    if (out.scope.empty() || out.names.empty() || out.signature.empty() || out.stamp.empty()) {
        return std::nullopt;
    }
    return out;
}

/// The canonical request, in its parts.
struct Canonical {
    std::string method, path, query;
    std::vector<SignedPair> headers; ///< values as they are, in the order of the list
    std::string names, payload;

    [[nodiscard]] std::string text() const
    {
        std::string lines;
        for (const auto& header : headers) {
            lines += join(header.name, ":", header.value, "\n");
        }
        return join(method, "\n", path, "\n", query, "\n", lines, "\n", names, "\n", payload);
    }
};

std::string path_encoded(std::string_view path)
{
    std::string out;
    for (;;) {
        const auto slash = path.find('/');
        out += percent_encoded(path.substr(0, slash));
        if (slash == std::string_view::npos) {
            return out;
        }
        out += '/';
        path.remove_prefix(slash + 1);
    }
}

std::string query_of(const Target& target)
{
    std::vector<std::string> pairs;
    for (const auto& parameter : target.parameters) {
        if (parameter.name != "X-Amz-Signature") {
            pairs.push_back(join(percent_encoded(parameter.name), "=", percent_encoded(parameter.value)));
        }
    }
    std::sort(pairs.begin(), pairs.end());
    std::string out;
    for (const auto& pair : pairs) {
        out += out.empty() ? "" : "&";
        out += pair;
    }
    return out;
}

std::string single_blanks(std::string_view value)
{
    std::string out;
    for (const char c : trimmed(value)) {
        if (c != ' ' || !out.ends_with(' ')) {
            out += c;
        }
    }
    return out;
}

Canonical canonical_of(const SignedParts& parts, const Signed& found)
{
    Canonical out;
    out.method = parts.method;
    out.path = path_encoded(parts.target.path.empty() ? "/" : parts.target.path);
    out.query = query_of(parts.target);
    out.names = found.names;
    for (std::string_view list = found.names; !list.empty();) {
        const auto [name, rest] = split_at(list, ';');
        list = rest;
        std::string value;
        for (const auto& field : parts.fields) {
            if (name != "host" && same_name(field.name, name)) {
                value += value.empty() ? "" : ",";
                value += single_blanks(field.value);
            }
        }
        out.headers.push_back({std::string(name), name == "host" ? std::string(parts.host) : value});
    }
    const auto payload = find_field(parts.fields, "x-amz-content-sha256");
    out.payload = payload           ? std::string(trimmed(*payload))
                  : found.presigned ? std::string(unsigned_payload)
                                    : sha256_hex("");
    return out;
}

class Search {
public:
    Search(
        const SignedParts& parts, const Signed& found, const Identity& identity, std::span<const Identity> all
    )
        : parts_(parts),
          found_(found),
          identity_(identity),
          all_(all),
          right_(canonical_of(parts, found)),
          sign_(signing_key(identity.secret_key.hmac(Hmac::Hash::sha256, "AWS4")))
    {
    }

    SignatureCheck run()
    {
        SignatureCheck check;
        check.identity = identity_.name.empty() ? masked_key(identity_.secret_id) : identity_.name;
        check.fits_request = fits(sign_, right_);
        if (!check.fits_request) {
            static_cast<void>(
                paths() || hosts() || fields() || payloads() || queries() || methods() || secrets()
            );
            check.bug = std::move(bug_);
        }
        check.tried = tried_;
        return check;
    }

private:
    /// The chain of date, region, service and terminator.
    Hmac signing_key(Hmac secret) const
    {
        std::string key;
        bool first = true;
        for (std::string_view scope = found_.scope; !scope.empty();) {
            const auto [part, rest] = split_at(scope, '/');
            scope = rest;
            key = first ? secret(part) : Hmac(Hmac::Hash::sha256, key)(part);
            first = false;
        }
        return {Hmac::Hash::sha256, key};
    }

    bool fits(Hmac& sign, const Canonical& canonical)
    {
        ++tried_;
        const auto text =
            join(algorithm, "\n", found_.stamp, "\n", found_.scope, "\n", sha256_hex(canonical.text()));
        return hex(sign(text)) == found_.signature;
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
        if (!fits(sign_, canonical)) {
            return false;
        }
        bug_ = SigningBug{
            piece,
            std::string(name),
            std::move(what),
            std::string(signed_as),
            std::string(expected),
            std::string(fix)};
        return true;
    }

    bool paths()
    {
        const std::string_view encoded = right_.path;
        const auto second = encoded.find('/', 1);
        const auto label = parts_.host.substr(0, parts_.host.find('.'));
        std::string with_plus;
        for (const char c : parts_.target.path) {
            with_plus += c == ' ' ? std::string("+") : c == '/' ? std::string("/") : percent_encoded({&c, 1});
        }
        const Spelling spellings[] = {
            {parts_.target.path, "without percent-encoding", encode_once},
            {path_encoded(encoded), "percent-encoded twice", encode_once},
            {std::string(parts_.target.raw_path), "as it stands in the URL", encode_once},
            {with_plus, "percent-encoded, with + for blanks", encode_once},
            {join("/", label, encoded),
             "with the bucket's name before the key",
             "sign the path that is sent"},
            {second == std::string_view::npos ? "/" : std::string(encoded.substr(second)),
             "without its first part",
             "sign the path that is sent"},
            {join("/", encoded), "with two leading slashes", "sign the path that is sent"},
            {std::string(encoded.substr(1)), "without its leading slash", "sign the path that is sent"},
        };
        for (const auto& [text, what, fix] : spellings) {
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
        for (std::size_t at = 0; at < std::min<std::size_t>(right_.headers.size(), 32); ++at) {
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
        for (const std::string_view query : {std::string_view(), parts_.target.raw_query}) {
            other.query = query;
            if (attempt(
                    other,
                    Piece::parameter,
                    {},
                    query.empty() ? "no query" : "the query as it stands in the URL",
                    {},
                    {},
                    "sort and encode the parameters as Signature Version 4 demands"
                )) {
                return true;
            }
        }
        return false;
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
        const auto try_key = [this](Hmac sign, std::string what, std::string_view fix) {
            if (!fits(sign, right_)) {
                return false;
            }
            bug_ = SigningBug{Piece::secret, {}, std::move(what), {}, {}, std::string(fix)};
            return true;
        };
        for (const auto& [before, after, what] : secret_slips()) {
            if (try_key(
                    signing_key(identity_.secret_key.hmac(Hmac::Hash::sha256, join("AWS4", before), after)),
                    std::string(what),
                    clean_secret
                )) {
                return true;
            }
        }
        for (const auto& other : all_) {
            const auto name = other.name.empty() ? masked_key(other.secret_id) : other.name;
            if (&other != &identity_ && try_key(
                                            signing_key(other.secret_key.hmac(Hmac::Hash::sha256, "AWS4")),
                                            join("with the SecretKey of another identity, ", name),
                                            "use the SecretKey that belongs to this SecretId"
                                        )) {
                return true;
            }
        }
        return try_key(
            signing_key(identity_.secret_key.hmac(Hmac::Hash::sha256)),
            "with the SecretKey itself, without AWS4 before it",
            "put AWS4 before the SecretKey in the first step"
        );
    }

    const SignedParts& parts_;
    const Signed& found_;
    const Identity& identity_;
    std::span<const Identity> all_;
    const Canonical right_;
    Hmac sign_;
    std::optional<SigningBug> bug_;
    unsigned tried_ = 0;
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

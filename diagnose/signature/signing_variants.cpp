// SPDX-License-Identifier: Apache-2.0
#include "diagnose/signature/signing_variants.hpp"

#include "diagnose/signature/variant_offer.hpp"
#include "diagnose/signature/variant_spelling.hpp"
#include "diagnose/text.hpp"

#include <algorithm>
#include <utility>

namespace cosdiag {
namespace {

/// A query may hold a token or a signature: it is not shown.
std::string_view without_query(std::string_view path) noexcept
{
    return path.substr(0, path.find('?'));
}

class Search : private VariantOffer {
public:
    using VariantOffer::VariantOffer;

    bool run() { return paths() || hosts() || content_types() || methods() || layouts(); }

private:
    bool paths()
    {
        HttpString string = right_;
        for (auto& [path, what, fix] : path_spellings(parts_, right_.path)) {
            string.path = std::move(path);
            if (offer(
                    string,
                    Piece::path,
                    {},
                    join("the path ", what),
                    without_query(string.path),
                    right_.path,
                    fix
                )) {
                return true;
            }
        }
        return false;
    }

    bool methods()
    {
        HttpString string = right_;
        for (const std::string_view method : {"get", "put", "post", "delete", "head", "options"}) {
            string.method = method;
            if (offer(
                    string,
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
        string.method = parts_.method;
        return offer(
            string,
            Piece::method,
            {},
            "the method in upper case",
            string.method,
            right_.method,
            "sign the method in lower case"
        );
    }

    bool hosts()
    {
        const auto* const listed = find_pair(right_.headers, "host");
        if (listed == nullptr) {
            return false;
        }
        HttpString string = right_;
        auto& value = string.headers[static_cast<std::size_t>(listed - right_.headers.data())].value;
        for (const auto& [host, what, fix] : host_spellings(parts_)) {
            value = percent_encoded(host);
            if (offer(string, Piece::host, "host", join("Host ", what), host, parts_.host, fix)) {
                return true;
            }
        }
        return virtual_host(static_cast<std::size_t>(listed - right_.headers.data()));
    }

    /// Sent in path style, signed for the bucket's own host: with the bucket in the path or without.
    bool virtual_host(std::size_t at)
    {
        const auto bucket = split_at(std::string_view(right_.path).substr(1), '/');
        if (!parts_.host.starts_with("cos.") || bucket.front.empty()) {
            return false;
        }
        const auto host = join(bucket.front, ".", parts_.host);
        HttpString string = right_;
        string.headers[at].value = percent_encoded(host);
        const auto attempt = [&] {
            return offer(
                string,
                Piece::host,
                "host",
                join("Host as ", host),
                host,
                parts_.host,
                "ask the bucket's own host, as COS wants it, or sign the Host that is sent"
            );
        };
        if (attempt()) {
            return true;
        }
        string.path = join("/", bucket.back);
        return attempt();
    }

    /// The field that HTTP libraries set by themselves after the signature was made.
    bool content_types()
    {
        const auto* const listed = find_pair(right_.headers, "content-type");
        if (listed == nullptr) {
            return false;
        }
        const auto sent = percent_decoded(listed->value);
        Pairs changed = right_.headers;
        auto& value = changed[static_cast<std::size_t>(listed - right_.headers.data())].value;
        for (const auto& type : type_spellings(sent)) {
            value = percent_encoded(type);
            if (offer_pairs(
                    changed,
                    Piece::header,
                    "content-type",
                    join("content-type as ", type),
                    type,
                    sent,
                    "send the content-type that was signed, or do not sign it"
                )) {
                return true;
            }
        }
        return false;
    }

    /// The four lines with something wrong about the lines themselves.
    bool layouts()
    {
        const auto offer_layout = [this](std::string text, std::string what) {
            return offer_text(
                std::move(text),
                Piece::layout,
                {},
                std::move(what),
                {},
                {},
                "build four lines, each ended by one LF: method, path, parameters, fields"
            );
        };
        const auto parameters = line_of(right_.parameters);
        const auto headers = line_of(right_.headers);
        std::string crlf;
        for (const char c : right_text_) {
            crlf += c == '\n' ? "\r\n" : std::string(1, c);
        }
        return offer_layout(
                   right_text_.substr(0, right_text_.size() - 1), "a HttpString without the LF at its end"
               ) ||
               offer_layout(
                   join(right_.method, "\n", right_.path, "\n", headers, "\n", parameters, "\n"),
                   "the fields' line before the parameters' line"
               ) ||
               offer_layout(std::move(crlf), "a HttpString with CRLF for LF") ||
               offer_layout(
                   join(right_.method, "\n", right_.path, "\n", headers, "\n"),
                   "a HttpString without the parameters' line"
               ) ||
               offer_layout(
                   join(right_.method, "\n", right_.path, "\n", parameters, "\n"),
                   "a HttpString without the fields' line"
               );
    }
};

} // namespace

bool each_signing_variant(const SignedParts& parts, const HttpString& right, const TryVariant& attempt)
{
    return Search(parts, right, attempt).run() || each_pair_variant(parts, right, attempt);
}

} // namespace cosdiag

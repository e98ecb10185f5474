// SPDX-License-Identifier: Apache-2.0
#include "diagnose/judging.hpp"

#include "diagnose/text.hpp"
#include "diagnose/time.hpp"

#include <algorithm>

namespace cosdiag {
namespace {

constexpr std::size_t evidence_part = 400;

std::string_view carrier_words(const Authorization& authorization) noexcept
{
    switch (authorization.carrier) {
    case Carrier::header:
        return "Authorization field";
    case Carrier::query:
        return "query (presigned URL)";
    case Carrier::form:
        return "form fields";
    case Carrier::none:
        break;
    }
    return "nowhere";
}

std::string_view scheme_words(SignatureScheme scheme) noexcept
{
    switch (scheme) {
    case SignatureScheme::cos:
        return "COS signature";
    case SignatureScheme::aws_v2:
        return "AWS signature, version 2";
    case SignatureScheme::aws_v4:
        return "AWS signature, version 4";
    case SignatureScheme::other:
        return "of no kind that COS knows";
    case SignatureScheme::none:
        break;
    }
    return "none";
}

} // namespace

Named named(const Facts& facts, Family family) noexcept
{
    if (facts.family == family) {
        return Named::here;
    }
    const bool under_denial = family == Family::access_denied || family == Family::expired ||
                              family == Family::referer || family == Family::copy_source;
    const bool open =
        facts.family == Family::unsaid || (facts.family == Family::denied_without_reason && under_denial);
    return open && facts.from_cos ? Named::nothing : Named::elsewhere;
}

Confidence less_sure(Confidence confidence) noexcept
{
    return confidence == Confidence::certain ? Confidence::likely : Confidence::possible;
}

Confidence by_arithmetic(const Facts& facts, Named what) noexcept
{
    const auto earned = what == Named::here ? Confidence::certain : Confidence::likely;
    return facts.clock && facts.clock->disputed ? less_sure(earned) : earned;
}

std::optional<Window> validity_of(const Facts& facts) noexcept
{
    const auto& authorization = facts.authorization;
    if (authorization.window) {
        return authorization.window;
    }
    if (authorization.ends_at) {
        const auto begin = authorization.stamped_at.value_or(std::min<Seconds>(0, *authorization.ends_at));
        return Window{begin, *authorization.ends_at};
    }
    return std::nullopt;
}

bool outside_validity(const Facts& facts) noexcept
{
    const auto window = validity_of(facts);
    return window && facts.clock &&
           (facts.clock->now > window->end + edge || facts.clock->now < window->begin - edge);
}

bool is_no_key(const Facts& facts) noexcept
{
    const auto& id = facts.authorization.key_id;
    switch (facts.key_shape) {
    case KeyShape::empty:
    case KeyShape::placeholder:
    case KeyShape::quoted:
    case KeyShape::blank_inside:
    case KeyShape::other_vendor:
        return id.has_value();
    case KeyShape::odd:
    case KeyShape::stray_inside:
        return id && !id->starts_with("AKID");
    default:
        return false;
    }
}

std::string key_words(const Facts& facts)
{
    const std::string_view kind = facts.temporary_key ? "the temporary access key" : "the access key";
    return facts.authorization.key_id ? join(kind, " ", facts.shown_key) : std::string(kind);
}

std::string url_of(const Facts& facts)
{
    return join(facts.scheme.empty() ? "https" : facts.scheme, "://", facts.host, facts.target.raw_path);
}

std::string shell_quoted(std::string_view text)
{
    std::string out = "'";
    for (const char c : text) {
        if (c == '\'') {
            out += "'\\''";
        } else if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) {
            out += c;
        }
    }
    out += '\'';
    return out;
}

void add_answer(Judgement& judgement, const Facts& facts)
{
    const auto add = [&judgement](std::string_view what, std::string_view value) {
        if (!value.empty()) {
            judgement.evidence.push_back({Seen::response, std::string(what), shortened(value, evidence_part)}
            );
        }
    };
    add("Code", facts.code());
    add("Message", facts.message());
    if (!facts.error) {
        add("body", facts.method == "HEAD" ? "none: an answer to HEAD has no body" : "no <Error> was seen");
    }
    add("RequestId", facts.request_id);
}

void add_credentials(Judgement& judgement, const Facts& facts)
{
    const auto& authorization = facts.authorization;
    const auto add = [&judgement](std::string_view what, std::string value) {
        judgement.evidence.push_back({Seen::request, std::string(what), std::move(value)});
    };
    if (authorization.presence == Presence::absent) {
        add("signature", facts.form_upload ? "none in header, query or form" : "none in header or query");
    } else if (authorization.presence == Presence::unseen) {
        add("signature", facts.form_upload ? "not seen: the form was not read" : "not seen");
    } else {
        add("signature", join(scheme_words(authorization.scheme), " in the ", carrier_words(authorization)));
    }
    if (authorization.beside_other) {
        add("Authorization", "of a kind that COS does not know, beside it");
    }
    if (authorization.key_id) {
        add("access key", join(facts.shown_key, facts.temporary_key ? " (temporary)" : ""));
    }
    if (authorization.token) {
        add("security token", join("present, ", authorization.token->described()));
    } else if (facts.temporary_key) {
        add("security token", "none");
    }
}

void add_times(Judgement& judgement, const Facts& facts)
{
    const auto& authorization = facts.authorization;
    const auto add = [&judgement](Seen from, std::string_view what, std::string value) {
        judgement.evidence.push_back({from, std::string(what), std::move(value)});
    };
    if (authorization.sign_time) {
        const auto read = read_window(*authorization.sign_time);
        const auto sent = shortened(*authorization.sign_time, 64);
        add(Seen::request,
            "q-sign-time",
            read.window ? join(sent, " = ", iso_time(read.window->begin), " to ", iso_time(read.window->end))
                        : sent);
    }
    if (authorization.key_time && authorization.key_time != authorization.sign_time) {
        add(Seen::request, "q-key-time", shortened(*authorization.key_time, 64));
    }
    if (authorization.stamped_at) {
        add(Seen::request, "time of the request", iso_time(*authorization.stamped_at));
    }
    if (authorization.ends_at) {
        add(Seen::request, "end of the URL", iso_time(*authorization.ends_at));
    }
    if (facts.clock) {
        add(Seen::response,
            join("COS's clock (", name_of(facts.clock->source), ")"),
            iso_time(facts.clock->now));
    }
    if (facts.our_clock > 0) {
        add(Seen::our_clock, "the proxy's clock", iso_time(facts.our_clock));
    }
}

Remedy ask_with_request_id(const Facts& facts)
{
    if (facts.request_id.empty()) {
        return {
            Actor::caller,
            "Ask whoever runs the answering server; there is no RequestId to give to COS support."};
    }
    return {
        Actor::caller,
        join(
            "Give RequestId ", shortened(facts.request_id, 80), " to COS support or to its diagnostic tool."
        )};
}

} // namespace cosdiag

// SPDX-License-Identifier: Apache-2.0
#include "diagnose/signature_suspects.hpp"

#include "diagnose/judging.hpp"
#include "diagnose/text.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace cosdiag {
namespace {

constexpr std::size_t signature_digits = 40; ///< SHA-1 in hex

bool is_ascii(std::string_view text) noexcept
{
    return std::none_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) >= 0x80;
    });
}

bool has_charset(std::string_view type)
{
    return lowered(type).find("charset=") != std::string::npos;
}

std::optional<Suspect> suspect_type(const Facts& facts)
{
    const auto type = facts.asked("content-type");
    if (!type || !signs_field(facts, "content-type") ||
        !(facts.authorization.presigned() || has_charset(*type))) {
        return std::nullopt;
    }
    const bool charset = has_charset(*type);
    return Suspect{
        .summary = join(
            "content-type is signed and was sent as ",
            shortened(*type, 60),
            charset ? "; the charset may have been added after signing"
                    : "; a presigned URL wants the one it was made for"
        ),
        .fix = charset ? "sign the content-type exactly as it is sent, with its charset"
                       : "send the content-type that the URL was made for, or make the URL without one",
        .step = charset ? "Set the whole content-type, charset and all, before signing; or do not sign it."
                        : "Send exactly the content-type given when the URL was made: browsers and libraries "
                          "choose their own.",
        .evidence = {Seen::request, "content-type", shortened(*type, 100)},
        .strong = true,
    };
}

std::optional<Suspect> suspect_meta(const Facts& facts, const Field& field)
{
    const auto name = lowered(field.name.substr(0, 80));
    if (!name.starts_with("x-cos-meta-") || (facts.authorization.header_list && !signs_field(facts, name))) {
        return std::nullopt;
    }
    const Evidence evidence{Seen::request, name, shown_value(name, field.value)};
    if (name.find('_') != std::string::npos) {
        return Suspect{
            .summary = join(
                "the field ",
                shortened(name, 60),
                " has an underscore in its name, which some layers drop or rename"
            ),
            .fix = "name it with hyphens instead of underscores",
            .step = "Use letters, digits and hyphens in the names of x-cos-meta- fields.",
            .evidence = evidence,
            .strong = true,
        };
    }
    if (!is_ascii(field.value)) {
        return Suspect{
            .summary = join(
                "the signed field ",
                shortened(name, 60),
                " has characters outside ASCII, sent without encoding"
            ),
            .fix = "percent-encode the value before it is signed and sent",
            .step = "Encode such values before they reach the SDK, and decode them when they are read back.",
            .evidence = evidence,
            .strong = true,
        };
    }
    return std::nullopt;
}

constexpr FindSuspect* all[] = {suspect_header, suspect_host, suspect_path, suspect_parameter};

/// A key that was accepted before is right: then it is the text that is wrong, and weak suspects count.
bool stands(const Suspect& suspect, const Facts& facts) noexcept
{
    return suspect.strong || facts.memory.same_key;
}

} // namespace

std::optional<Suspect> suspect_header(const Facts& facts)
{
    if (auto type = suspect_type(facts)) {
        return type;
    }
    for (const auto& field : facts.request_fields) {
        if (auto meta = suspect_meta(facts, field)) {
            return meta;
        }
    }
    return std::nullopt;
}

std::optional<Suspect> suspect_path(const Facts& facts)
{
    const auto raw = facts.target.raw_path;
    const auto suspect = [&](std::string_view doubt, bool strong) {
        return Suspect{
            .summary = join("the path ", shortened(raw, 60), " ", doubt),
            .fix = "sign the decoded path, and send it encoded with %20 and %2B",
            .step = "Sign the path as it is before encoding, beginning with exactly one slash.",
            .evidence = {Seen::request, "path", shortened(raw, 200)},
            .strong = strong,
        };
    };
    if (raw.starts_with("//")) {
        return suspect("begins with two slashes: the key handed to the SDK probably begins with one", true);
    }
    if (raw.find('+') != std::string_view::npos) {
        return suspect("has a + in it, which some take for a blank", true);
    }
    if (raw.find('%') != std::string_view::npos) {
        return suspect("is sent percent-encoded; some clients sign it so too, and not decoded", false);
    }
    return std::nullopt;
}

std::optional<Suspect> suspect_parameter(const Facts& facts)
{
    const auto& authorization = facts.authorization;
    if (authorization.scheme == SignatureScheme::cos && authorization.signature &&
        authorization.signature->size() > signature_digits && authorization.presigned()) {
        const auto size = std::to_string(authorization.signature->size());
        return Suspect{
            .summary =
                join("q-signature has ", size, " characters, not 40: something was appended behind it"),
            .fix = "append parameters with &, or put them before the signature",
            .step = "A URL has one ?: what follows a second one becomes part of the last value.",
            .evidence = {Seen::request, "q-signature", join(size, " characters")},
            .strong = true,
        };
    }
    if (!facts.signed_string) {
        return std::nullopt;
    }
    for (const auto& pair : facts.signed_string->rebuilt.parameters) {
        if (pair.value.find('%') != std::string::npos) {
            return Suspect{
                .summary = join(
                    "the signed parameter ",
                    shortened(percent_decoded(pair.name), 40),
                    " has characters that are signed encoded; clients differ in how"
                ),
                .fix = "sign values encoded once, with upper-case escapes",
                .step = "Print the parameters' line that was signed and hold it against the query.",
                .evidence =
                    {Seen::request,
                     percent_decoded(pair.name),
                     shown_value(pair.name, percent_decoded(pair.value))},
            };
        }
    }
    return std::nullopt;
}

std::optional<Suspect> suspect_host(const Facts& facts)
{
    const bool shown = facts.signed_string && facts.signed_string->theirs_seen;
    if (shown || !signs_field(facts, "host")) {
        return std::nullopt;
    }
    const auto host = shortened(facts.host, 70);
    const Evidence evidence{Seen::request, "Host sent on", std::string(facts.host)};
    constexpr std::string_view fix = "sign the Host that reaches COS";
    if (facts.endpoint.kind == EndpointKind::not_cos) {
        return Suspect{
            .summary = join("Host is signed as ", host, ", a name of your own; a CDN behind it changes Host"),
            .fix = std::string(fix),
            .step =
                "If a CDN stands behind that name: sign with the bucket's own host name, or without Host.",
            .evidence = evidence,
            .strong = true,
        };
    }
    if (facts.host.find(':') != std::string_view::npos) {
        return Suspect{
            .summary = join("Host ", host, " has a port, and some SDKs sign the name without it"),
            .fix = std::string(fix),
            .step = "Leave the port out of the endpoint's name, or sign Host as it is sent, port included.",
            .evidence = evidence,
            .strong = true,
        };
    }
    return std::nullopt;
}

std::optional<Judgement> suspicion(const Facts& facts, FindSuspect* look)
{
    if (facts.family != Family::signature || facts.signature_check) {
        return std::nullopt;
    }
    auto suspect = look(facts);
    if (!suspect || !stands(*suspect, facts)) {
        return std::nullopt;
    }
    return Judgement{
        .confidence = Confidence::possible,
        .summary = std::move(suspect->summary),
        .fix = std::move(suspect->fix),
        .evidence = {std::move(suspect->evidence)},
        .remedies = {{Actor::caller, std::move(suspect->step)}},
        .policy = {},
    };
}

bool strongly_suspected(const Facts& facts)
{
    return std::any_of(std::begin(all), std::end(all), [&facts](FindSuspect* look) {
        return suspicion(facts, look).has_value();
    });
}

void add_weak_suspects(Judgement& judgement, const Facts& facts)
{
    for (auto* const look : all) {
        if (auto suspect = look(facts); suspect && !stands(*suspect, facts)) {
            judgement.remedies.push_back(
                {Actor::caller, join("Here ", suspect->summary, ": ", suspect->fix, ".")}
            );
        }
    }
}

} // namespace cosdiag

// SPDX-License-Identifier: Apache-2.0
#include "diagnose/cause.hpp"
#include "diagnose/judging.hpp"
#include "diagnose/text.hpp"

namespace cosdiag::causes {
namespace {

std::optional<Judgement> changed_on_the_way(const Facts& facts)
{
    const auto* const difference = find_difference(facts, Piece::header);
    if (difference == nullptr) {
        return std::nullopt;
    }
    const auto name = shortened(difference->name, 40);
    const bool lost = difference->theirs.empty();
    Judgement judgement{
        .confidence = by_comparison(facts, *difference),
        .summary = join(
            "the signed field ",
            name,
            lost ? " was sent but did not reach COS" : " reached COS with another value than was sent"
        ),
        .fix = join("stop what changes ", name, " between this proxy and COS"),
        .evidence = {},
        .remedies = {},
        .policy = {},
    };
    add_difference(judgement, *difference);
    judgement.remedies = {
        {Actor::operator_,
         join("Find what stands between this proxy and COS and rewrites ", name, ": a parent proxy, a CDN.")},
        {Actor::caller, join("Or leave ", name, " out of the signed fields.")},
    };
    return judgement;
}

/// A field that q-header-list names and the request lacks. COS's own string, if shown, has no value for it
/// either.
std::optional<Judgement> never_sent(const Facts& facts)
{
    if (!facts.signed_string || facts.signed_string->rebuilt.absent_headers.empty()) {
        return std::nullopt;
    }
    const auto& found = *facts.signed_string;
    const auto name = shortened(found.rebuilt.absent_headers.front(), 40);
    const bool proven = facts.family == Family::signature && found.theirs_agrees.value_or(false);
    Judgement judgement{
        .confidence = proven ? Confidence::certain : Confidence::likely,
        .summary = join("q-header-list signs the field ", name, ", but the request has no such field"),
        .fix = join("send ", name, " as it was signed, or sign without it"),
        .evidence = {},
        .remedies = {},
        .policy = {},
    };
    for (const auto& absent : found.rebuilt.absent_headers) {
        if (judgement.evidence.size() < 8) {
            judgement.evidence.push_back({Seen::request, "signed but not sent", shortened(absent, 60)});
        }
    }
    judgement.remedies = {
        {Actor::caller,
         join(
             "Send ", name, " with the value that was signed; HTTP libraries drop some fields by themselves."
         )},
        {Actor::caller, "Or sign only fields that are sure to be sent, such as host."},
    };
    return judgement;
}

bool has_charset(std::string_view type)
{
    return lowered(type).find("charset=") != std::string::npos;
}

/// The signed field that client libraries are known to change after signing, or nothing.
std::optional<Evidence> suspect(const Facts& facts)
{
    const auto type = facts.asked("content-type");
    const bool doubtful = type && (facts.authorization.presigned() || has_charset(*type));
    if (doubtful && signs_field(facts, "content-type")) {
        return Evidence{Seen::request, "content-type", shortened(*type, 100)};
    }
    for (const auto& field : facts.request_fields) {
        const auto name = lowered(field.name.substr(0, 80));
        const bool counts = !facts.authorization.header_list || signs_field(facts, name);
        if (counts && name.starts_with("x-cos-meta-") && name.find('_') != std::string::npos) {
            return Evidence{Seen::request, name, shown_value(name, field.value)};
        }
    }
    return std::nullopt;
}

Judgement suspect_type(const Evidence& type)
{
    const bool charset = has_charset(type.value);
    return {
        .confidence = Confidence::possible,
        .summary = join(
            "content-type is signed and was sent as ",
            shortened(type.value, 60),
            charset ? "; the charset may have been added after signing"
                    : "; a presigned URL wants the one it was made for"
        ),
        .fix = charset ? "sign the content-type exactly as it is sent, with its charset"
                       : "send the content-type that the URL was made for, or make the URL without one",
        .evidence = {type},
        .remedies =
            {{Actor::caller,
              charset ? "Set the whole content-type, charset and all, before signing; or do not sign it."
                      : "Send exactly the content-type given when the URL was made: browsers and libraries "
                        "choose their own."}},
        .policy = {},
    };
}

std::optional<Judgement> changed_by_the_client(const Facts& facts)
{
    const auto field = facts.family == Family::signature ? suspect(facts) : std::nullopt;
    if (!field) {
        return std::nullopt;
    }
    if (field->what == "content-type") {
        return suspect_type(*field);
    }
    return Judgement{
        .confidence = Confidence::possible,
        .summary = join(
            "the field ", field->what, " has an underscore in its name, which some layers drop or rename"
        ),
        .fix = "name it with hyphens instead of underscores",
        .evidence = {*field},
        .remedies = {{Actor::caller, "Use letters, digits and hyphens in the names of x-cos-meta- fields."}},
        .policy = {},
    };
}

std::optional<Judgement> judge(const Facts& facts)
{
    if (secret_decides(facts)) {
        return signed_otherwise(facts, Piece::header);
    }
    if (named(facts, Family::signature) == Named::elsewhere) {
        return std::nullopt;
    }
    auto judgement = changed_on_the_way(facts);
    if (!judgement) {
        judgement = never_sent(facts);
    }
    if (!judgement) {
        judgement = changed_by_the_client(facts);
    }
    if (judgement) {
        add_answer(*judgement, facts);
    }
    return judgement;
}

} // namespace

extern const Cause signed_header_changed;

constexpr Cause signed_header_changed{
    .token = "signed-header-changed",
    .title = "A signed field is missing or has another value",
    .explanation =
        {
            .meaning = "A header field that the signature covers did not arrive as it was signed.",
            .reason =
                "q-header-list says which fields are signed. COS computes the signature over what arrives: "
                "a field changed, dropped or added late gives another one.",
            .evidence =
                "`certain` when COS's FormatString shows another value than the request that left this "
                "proxy, "
                "or when a listed field is not in the request at all. `possible` for values that libraries "
                "are known to change after signing.",
            .change = "The caller signs last, after the HTTP library has set its fields, or signs fewer "
                      "fields. The "
                      "operator finds what rewrites fields on the way.",
            .confused = "signed-host-differs: the same for Host, which has causes of its own.",
        },
    .chinese =
        {
            .title = "签名的头部缺失或值不同",
            .explanation =
                {
                    .meaning = "签名包含的某个头部没有按签名时的样子到达。",
                    .reason = "q-header-list 列出被签名的头部，COS "
                              "按收到的内容计算。改动、丢失或后加的头部会得到另一个签名。",
                    .evidence = "COS 的 FormatString "
                                "与离开代理的请求不同，列出的头部根本没有发送，或配置的密钥证明签的是别的值："
                                "`certain`。已知会被库改动的值：`possible`。",
                    .change = "调用方在 HTTP "
                              "库设置完头部之后再签名，或少签一些头部。运维人员查找途中改写头部的一层。",
                    .confused = "signed-host-differs：Host 的同样问题，原因另有不同。",
                },
        },
    .source =
        {"Request Signature",
         "Generating HeaderList and HttpHeaders",
         "https://www.tencentcloud.com/document/product/436/7778",
         "2026-11-24"},
    .judge = judge,
};

} // namespace cosdiag::causes

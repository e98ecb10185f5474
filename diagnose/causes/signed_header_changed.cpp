// SPDX-License-Identifier: Apache-2.0
#include "diagnose/cause.hpp"
#include "diagnose/judging.hpp"
#include "diagnose/signature_suspects.hpp"
#include "diagnose/text.hpp"

namespace cosdiag::causes {
namespace {

/// What a difference says: the field was lost, altered or added between this proxy and COS.
std::optional<Judgement> changed_on_the_way(const Facts& facts)
{
    const auto* const difference = find_difference(facts, Piece::header);
    if (difference == nullptr) {
        return std::nullopt;
    }
    const auto name = shortened(difference->name, 40);
    const bool added = difference->ours.empty();
    const std::string_view fate = added ? " was not sent here, but COS received it"
                                  : difference->theirs.empty()
                                      ? " was sent but did not reach COS"
                                      : " reached COS with another value than was sent";
    Judgement judgement{
        .confidence = added ? Confidence::likely : by_comparison(facts, *difference),
        .summary = join("the signed field ", name, fate),
        .fix = join("stop what ", added ? "adds " : "changes ", name, " between this proxy and COS"),
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

/// A field that q-header-list names and the request lacks. Proven where COS's own string does not name it
/// either: then no text of the client's with a value for it can be COS's.
std::optional<Judgement> never_sent(const Facts& facts)
{
    if (!facts.signed_string || facts.signed_string->rebuilt.absent_headers.empty()) {
        return std::nullopt;
    }
    const auto& absent = facts.signed_string->rebuilt.absent_headers;
    const auto name = shortened(absent.front(), 40);
    Judgement judgement{
        .confidence = missing_at_cos(facts, absent.front()) ? Confidence::certain : Confidence::likely,
        .summary = join("q-header-list signs the field ", name, ", but the request has no such field"),
        .fix = join("send ", name, " as it was signed, or sign without it"),
        .evidence = {},
        .remedies = {},
        .policy = {},
    };
    for (const auto& each : absent) {
        if (judgement.evidence.size() < 8) {
            judgement.evidence.push_back({Seen::request, "signed but not sent", shortened(each, 60)});
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
        judgement = suspicion(facts, suspect_header);
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

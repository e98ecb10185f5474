// SPDX-License-Identifier: Apache-2.0
#include "diagnose/cause.hpp"
#include "diagnose/judging.hpp"
#include "diagnose/signature_suspects.hpp"
#include "diagnose/text.hpp"

namespace cosdiag::causes {
namespace {

Judgement changed_on_the_way(const Facts& facts, const Difference& difference)
{
    const auto name = shortened(difference.name, 40);
    const bool added = difference.ours.empty() && !facts.target.has(difference.name);
    const bool lost = difference.theirs.empty();
    const std::string_view fate = added  ? " was not sent here, but COS received it"
                                  : lost ? " was sent but did not reach COS"
                                         : " reached COS with another value than was sent";
    Judgement judgement{
        .confidence = added ? Confidence::likely : by_comparison(facts, difference),
        .summary = join("the signed parameter ", name, fate),
        .fix = join("send ", name, " as it was signed"),
        .evidence = {},
        .remedies = {},
        .policy = {},
    };
    add_difference(judgement, difference);
    return judgement;
}

Judgement never_sent(const Facts& facts, std::string_view absent)
{
    const auto name = shortened(absent, 40);
    return {
        .confidence = missing_at_cos(facts, absent) ? Confidence::certain : Confidence::likely,
        .summary =
            join("q-url-param-list signs the parameter ", name, ", but the query has no such parameter"),
        .fix = join("send ", name, " as it was signed"),
        .evidence = {{Seen::request, "signed but not sent", name}},
        .remedies = {},
        .policy = {},
    };
}

/// Without a FormatString or a list that disagrees, the query may still be of a kind that clients sign
/// otherwise.
std::optional<Judgement> from_strings(const Facts& facts)
{
    if (!facts.signed_string) {
        return std::nullopt;
    }
    if (const auto* const difference = find_difference(facts, Piece::parameter)) {
        return changed_on_the_way(facts, *difference);
    }
    const auto& absent = facts.signed_string->rebuilt.absent_parameters;
    return absent.empty() ? std::nullopt : std::optional(never_sent(facts, absent.front()));
}

std::optional<Judgement> judge(const Facts& facts)
{
    if (secret_decides(facts)) {
        return signed_otherwise(facts, Piece::parameter);
    }
    if (named(facts, Family::signature) == Named::elsewhere) {
        return std::nullopt;
    }
    auto judgement = from_strings(facts);
    if (!judgement) {
        judgement = suspicion(facts, suspect_parameter);
    }
    if (!judgement) {
        return std::nullopt;
    }
    add_answer(*judgement, facts);
    judgement->remedies.push_back(
        {Actor::caller,
         "Send the query exactly as it was signed: add parameters before signing, and change none after."}
    );
    judgement->remedies.push_back(
        {Actor::caller,
         "Encode values once, with %20 for a blank and upper-case escapes, and sign the decoded ones."}
    );
    return judgement;
}

} // namespace

extern const Cause signed_parameter_differs;

constexpr Cause signed_parameter_differs{
    .token = "signed-parameter-differs",
    .title = "A signed query parameter is missing or has another value",
    .explanation =
        {
            .meaning = "A query parameter that the signature covers did not arrive as it was signed.",
            .reason = "q-url-param-list says which parameters are signed; the third line of what is signed "
                      "holds their "
                      "names and values.",
            .evidence = "`certain` when COS's FormatString shows another value than was sent, or a listed "
                        "parameter is "
                        "not in the query and COS shows its strings; else `likely`.",
            .change =
                "The caller does not touch the URL after signing: tools that trim, re-encode or sort queries "
                "break it.",
            .confused = "signed-path-differs, when the question mark itself was encoded or lost.",
        },
    .chinese =
        {
            .title = "签名的查询参数缺失或值不同",
            .explanation =
                {
                    .meaning = "签名包含的某个查询参数没有按签名时的样子到达。",
                    .reason = "q-url-param-list 列出被签名的参数，COS 按收到的查询计算。",
                    .evidence = "COS 的 FormatString "
                                "与离开代理的请求不同，列出的参数不在查询里，或配置的密钥证明签的是别的写法："
                                "`certain` 或 `likely`。",
                    .change = "调用方原样发送签名时的查询；要加参数就在签名之前加。",
                    .confused = "signed-path-differs：问号本身被编码或丢失时。",
                },
        },
    .source =
        {"Request Signature",
         "Generating UrlParamList and HttpParameters",
         "https://www.tencentcloud.com/document/product/436/7778",
         "2026-11-24"},
    .judge = judge,
};

} // namespace cosdiag::causes

// SPDX-License-Identifier: Apache-2.0
#include "diagnose/cause.hpp"
#include "diagnose/judging.hpp"
#include "diagnose/secret.hpp"
#include "diagnose/text.hpp"

#include <algorithm>

namespace cosdiag::causes {
namespace {

/// The field in `Condition key <field> doesn't match the value …`.
std::string_view field_of(std::string_view complaint) noexcept
{
    constexpr std::string_view open = "Condition key ";
    const auto rest = complaint.substr(std::min(open.size(), complaint.size()));
    const auto end = rest.find(" doesn");
    return end == std::string_view::npos ? std::string_view{} : rest.substr(0, end);
}

/// The complaint without the value that it quotes, where that is a secret's.
std::string shown_complaint(std::string_view complaint, std::string_view field)
{
    constexpr std::string_view quoted = "the value";
    const auto at = complaint.find(quoted);
    if (is_secret_name(field) && field != "q-ak" && at != std::string_view::npos) {
        complaint = complaint.substr(0, at + quoted.size());
    }
    return with_keys_masked(complaint);
}

std::optional<Judgement> judge(const Facts& facts)
{
    if (named(facts, Family::post_policy) != Named::here) {
        return std::nullopt;
    }
    const auto field = field_of(facts.family_text);
    const auto complaint = shown_complaint(facts.family_text, field);
    const bool comparable = facts.form && !field.empty() && !is_secret_name(field);
    const auto sent = comparable ? facts.form->find(field) : std::nullopt;
    Judgement judgement{
        .confidence = Confidence::likely,
        .summary = join(
            "the form breaks a condition of its policy: ",
            shortened(complaint, sent ? 66 : 90),
            sent ? join("; the form has ", shortened(*sent, 32)) : std::string()
        ),
        .fix = "make field and condition equal: each condition of the policy needs its form field, with the "
               "same value",
        .evidence = {{Seen::response, "condition", shortened(complaint, 200)}},
        .remedies =
            {{Actor::caller,
              "Hold the fields of the form against the conditions of its policy, names and values, case and "
              "all."},
             {Actor::caller,
              "q-sign-algorithm, q-ak and q-sign-time (the value of q-key-time) must be conditions, and the "
              "file must come last."}},
        .policy = {},
    };
    if (comparable) {
        const bool lacking = !sent && facts.form->complete;
        judgement.evidence.push_back(
            {Seen::request,
             join("form field ", shortened(field, 60)),
             sent ? shown_value(field, *sent) : std::string(lacking ? "none" : "not seen")}
        );
    }
    add_answer(judgement, facts);
    add_credentials(judgement, facts);
    return judgement;
}

} // namespace

extern const Cause post_policy_mismatch;

constexpr Cause post_policy_mismatch{
    .token = "post-policy-mismatch",
    .title = "A form field breaks the form's own policy",
    .explanation =
        {
            .meaning = "The policy in the form names a condition that the form's fields do not meet.",
            .reason = "A form upload carries a policy, signed by whoever allowed the upload. COS compares "
                      "each of its conditions with the form's fields.",
            .evidence = "COS names the condition, and the form's own value is shown beside it where the form "
                        "was read; "
                        "that is `likely` all there is to it.",
            .change = "The caller, or the server that makes the form, brings policy and fields together.",
            .confused = "signature-mismatch: there the form's signature does not fit its policy.",
        },
    .chinese =
        {
            .title = "表单字段不符合表单自己的策略",
            .explanation =
                {
                    .meaning = "表单的策略里有一个条件，表单字段没有满足。",
                    .reason = "表单上传带有一份由授权者签名的策略，COS 把其中每个条件与表单字段逐一比较。",
                    .evidence = "COS 指出条件；读到表单时还会列出表单里的值。通常这就是全部原因：`likely`。",
                    .change = "调用方或生成表单的服务器让策略与字段一致。",
                    .confused = "signature-mismatch：那里是表单的签名与策略不符。",
                },
        },
    .source =
        {"POST Object",
         "Common Exceptions",
         "https://www.tencentcloud.com/document/product/436/14690",
         "2026-11-24"},
    .judge = judge,
};

} // namespace cosdiag::causes

// SPDX-License-Identifier: Apache-2.0
#include "diagnose/cause.hpp"
#include "diagnose/judging.hpp"
#include "diagnose/secret.hpp"
#include "diagnose/text.hpp"

namespace cosdiag::causes {
namespace {

std::optional<Judgement> judge(const Facts& facts)
{
    if (named(facts, Family::post_policy) != Named::here) {
        return std::nullopt;
    }
    Judgement judgement{
        .confidence = Confidence::likely,
        .summary = join(
            "the form breaks a condition of its policy: ", shortened(with_keys_masked(facts.message()), 90)
        ),
        .fix = "make field and condition equal: each condition of the policy needs its form field, with the "
               "same value",
        .evidence = {{Seen::response, "condition", shortened(with_keys_masked(facts.message()), 200)}},
        .remedies =
            {{Actor::caller,
              "Hold the fields of the form against the conditions of its policy, names and values, case and "
              "all."},
             {Actor::caller,
              "q-sign-algorithm, q-ak and q-sign-time (the value of q-key-time) must be conditions, and the "
              "file must come last."}},
        .policy = {},
    };
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
            .evidence = "COS names the condition in its Message; that is `likely` all there is to it.",
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
                    .evidence = "COS 在 Message 里指出条件，通常这就是全部原因：`likely`。",
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

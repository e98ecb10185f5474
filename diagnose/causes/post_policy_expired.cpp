// SPDX-License-Identifier: Apache-2.0
#include "diagnose/cause.hpp"
#include "diagnose/judging.hpp"
#include "diagnose/text.hpp"
#include "diagnose/time.hpp"

#include <vector>

namespace cosdiag::causes {
namespace {

/// The two numbers of `… expiration time: <unix> but the time now : <unix>`.
std::optional<Seconds> lateness(std::string_view message)
{
    std::vector<Seconds> numbers;
    while (!message.empty()) {
        const auto skip = first_without(message, [](char c) { return !is_digit(c); });
        message.remove_prefix(skip);
        const auto size = first_without(message, [](char c) { return is_digit(c); });
        if (const auto number = whole_number(message.substr(0, size))) {
            numbers.push_back(*number);
        }
        message.remove_prefix(size);
    }
    if (numbers.size() != 2 || numbers[1] <= numbers[0]) {
        return std::nullopt;
    }
    return numbers[1] - numbers[0];
}

std::optional<Judgement> judge(const Facts& facts)
{
    if (named(facts, Family::post_expired) != Named::here) {
        return std::nullopt;
    }
    const auto late = lateness(facts.family_text);
    Judgement judgement{
        .confidence = late ? Confidence::certain : Confidence::likely,
        .summary = late
                       ? join("the policy of this form expired ", span_in_words(*late), " before it was sent")
                       : std::string("the policy of this form has expired"),
        .fix = "fetch a new form, with a later expiration",
        .evidence = {},
        .remedies =
            {{Actor::caller, "Fetch form and policy anew, right before the upload."},
             {Actor::caller,
              "If it is new: give its expiration more room, and check the clock of the server that makes "
              "it."}},
        .policy = {},
    };
    add_answer(judgement, facts);
    add_credentials(judgement, facts);
    return judgement;
}

} // namespace

extern const Cause post_policy_expired;

constexpr Cause post_policy_expired{
    .token = "post-policy-expired",
    .title = "The form's policy has expired",
    .explanation =
        {
            .meaning = "The policy in the form allows the upload until a moment that has passed.",
            .reason = "A policy has an expiration, so that a form that leaks does not work for ever.",
            .evidence = "COS says so, and gives both times in its Message: their difference is `certain`.",
            .change = "The caller fetches a new form. The server that makes forms gives them enough time.",
            .confused = "signature-expired: the same for signatures outside of forms.",
        },
    .chinese =
        {
            .title = "表单的策略已过期",
            .explanation =
                {
                    .meaning = "表单里的策略允许上传的截止时间已经过去。",
                    .reason = "策略带有到期时间，这样泄露的表单不会永远有效。",
                    .evidence = "COS 在 Message 里给出两个时间，它们的差就是 `certain` 的证据。",
                    .change = "调用方重新获取表单；生成表单的服务器留足时间。",
                    .confused = "signature-expired：表单之外的签名过期。",
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

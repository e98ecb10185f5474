// SPDX-License-Identifier: Apache-2.0
#include "diagnose/cause.hpp"
#include "diagnose/judging.hpp"
#include "diagnose/secret.hpp"
#include "diagnose/text.hpp"

namespace cosdiag::causes {
namespace {

std::string what_was_said(const Facts& facts)
{
    const auto message = with_keys_masked(shortened(facts.message(), 70));
    if (!facts.code().empty()) {
        return join("COS says ", shortened(facts.code(), 40), message.empty() ? "" : ": ", message);
    }
    return message.empty() ? "the answer gives no reason" : join("COS says: ", message);
}

/// The engine asks this judge when no other has spoken; it never declines.
std::optional<Judgement> judge(const Facts& facts)
{
    Judgement judgement{
        .confidence = Confidence::possible,
        .summary = join(what_was_said(facts), "; nothing in the exchange tells more"),
        .fix = facts.request_id.empty() ? "look at what answers for this host"
                                        : "look the RequestId up with COS",
        .evidence = {},
        .remedies = {ask_with_request_id(facts)},
        .policy = {},
    };
    add_answer(judgement, facts);
    add_credentials(judgement, facts);
    add_times(judgement, facts);
    add_rights(judgement, facts);
    if (facts.method == "HEAD") {
        judgement.remedies.push_back(
            {Actor::caller,
             "Repeat it as a GET with `Range: bytes=0-0`, signed anew: the answer then has a body."}
        );
    }
    return judgement;
}

} // namespace

extern const Cause unexplained;

constexpr Cause unexplained{
    .token = "unexplained",
    .title = "None of the known causes",
    .explanation =
        {
            .meaning = "The request was refused, and nothing that was seen of it speaks for one of the known "
                       "causes.",
            .reason = "COS has more reasons than this catalogue, and some answers arrive without any.",
            .evidence =
                "Code, Message and RequestId stand in the entry as they came, with what was looked at.",
            .change = "The caller takes the RequestId to COS's diagnostic tool or to its support.",
            .confused = "not-from-cos: there the answer bears another's mark.",
        },
    .chinese =
        {
            .title = "不属于任何已知原因",
            .explanation =
                {
                    .meaning = "请求被拒绝，而看到的内容不支持任何一种已知原因。",
                    .reason = "COS 的拒绝理由比这个目录多，有些返回根本不带理由。",
                    .evidence = "Code、Message 和 RequestId 原样保留在条目里，并说明查看过什么。",
                    .change = "调用方把 RequestId 交给 COS 的诊断工具或技术支持。",
                    .confused = "not-from-cos：那里的返回带有别家的标记。",
                },
        },
    .source =
        {"Error Codes",
         "Error Code List",
         "https://www.tencentcloud.com/document/product/436/7730",
         "2026-11-24"},
    .judge = judge,
};

} // namespace cosdiag::causes

// SPDX-License-Identifier: Apache-2.0
#include "diagnose/cause.hpp"
#include "diagnose/judging.hpp"
#include "diagnose/text.hpp"

namespace cosdiag::causes {
namespace {

/// A URL that signs fields of the content was made for the upload it is used for.
bool made_for_upload(const Facts& facts)
{
    const auto& list = facts.authorization.header_list;
    return (facts.method == "PUT" || facts.method == "POST") && list &&
           (list->find("content-") != std::string::npos || list->find("x-cos-") != std::string::npos);
}

std::optional<Judgement> judge(const Facts& facts)
{
    if (secret_decides(facts)) {
        return signed_otherwise(facts, Piece::method);
    }
    const auto what = named(facts, Family::signature);
    const auto* const difference = find_difference(facts, Piece::method);
    const bool other_use = facts.authorization.presigned() && facts.method != "GET" &&
                           !made_for_upload(facts) && (what == Named::here || facts.method == "HEAD");
    if (what == Named::elsewhere || (difference == nullptr && !other_use)) {
        return std::nullopt;
    }
    Judgement judgement{
        .confidence = Confidence::possible,
        .summary = join(
            "a presigned URL was used with ",
            shortened(facts.method, 16),
            "; it works only for the method it was made for"
        ),
        .fix = "make a presigned URL for this method",
        .evidence = {{Seen::request, "method", shortened(facts.method, 16)}},
        .remedies = {},
        .policy = {},
    };
    if (difference != nullptr) {
        judgement.confidence = by_comparison(facts, *difference);
        judgement.summary = join(
            "COS received the method ",
            shortened(difference->theirs, 16),
            ", but ",
            shortened(difference->ours, 16),
            " was sent"
        );
        judgement.fix = "stop what changes the method on the way";
        add_difference(judgement, *difference);
        judgement.remedies = {{Actor::operator_, "Find what rewrites methods between this proxy and COS."}};
    } else {
        judgement.remedies = {
            {Actor::caller, join("Ask for a presigned URL made for ", shortened(facts.method, 16), ".")},
            {Actor::caller,
             "To look at an object with a URL made for GET: use GET with `Range: bytes=0-0`, not HEAD."},
        };
    }
    add_answer(judgement, facts);
    return judgement;
}

} // namespace

extern const Cause signed_method_differs;

constexpr Cause signed_method_differs{
    .token = "signed-method-differs",
    .title = "The request was signed for another method",
    .explanation =
        {
            .meaning =
                "The method is the first line of what is signed: a URL signed for GET opens nothing for HEAD "
                "or PUT.",
            .reason = "COS computes the signature over the method that it receives.",
            .evidence =
                "`certain` when COS's FormatString shows another method than was sent. That a presigned URL "
                "was made for another method cannot be seen: `possible`.",
            .change =
                "The caller asks for a URL for the method in use. Link checkers and download managers that "
                "begin with HEAD need a second URL, or a GET of the first byte.",
            .confused = "permission-denied: a GET right covers HEAD only if the signature does too.",
        },
    .chinese =
        {
            .title = "签名是为另一种方法做的",
            .explanation =
                {
                    .meaning = "签名的第一行是方法，而 COS 看到的方法与签名时不同。",
                    .reason = "为 GET 生成的预签名 URL 只能用于 GET：用它做 HEAD、PUT 或 DELETE，COS "
                              "算出的签名就不同。",
                    .evidence = "COS 的 FormatString "
                                "与经过代理的请求方法不同，或配置的密钥证明签的是另一种方法：`certain`"
                                "；预签名 URL 用于别的方法：`possible`。",
                    .change = "调用方为实际使用的方法获取签名。",
                    .confused = "permission-denied：读取权限也包括 HEAD，前提是签名是为 HEAD 做的。",
                },
        },
    .source =
        {"Request Signature",
         "Generating HttpString",
         "https://www.tencentcloud.com/document/product/436/7778",
         "2026-11-24"},
    .judge = judge,
};

} // namespace cosdiag::causes

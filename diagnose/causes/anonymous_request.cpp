// SPDX-License-Identifier: Apache-2.0
#include "diagnose/cause.hpp"
#include "diagnose/judging.hpp"
#include "diagnose/text.hpp"
#include "diagnose/time.hpp"

namespace cosdiag::causes {
namespace {

/// COS takes a request whose credentials it cannot recognise for an anonymous one (436/30613).
bool is_anonymous(const Facts& facts) noexcept
{
    return facts.authorization.presence == Presence::absent ||
           (facts.authorization.presence == Presence::present &&
            facts.authorization.scheme == SignatureScheme::other);
}

/// A presigned URL that was encoded once more than it was made: COS sees no query, or none that it knows.
void explain_misplaced(Judgement& judgement, const Facts& facts)
{
    const bool path = facts.target.credentials == Misplaced::in_path;
    judgement.summary =
        path ? "the ? of a presigned URL was encoded or lost, so its signature became part of the key"
             : "the = and & of a presigned URL's query were encoded, so COS sees no signature in it";
    judgement.fix = "send the presigned URL exactly as it was made, without encoding it again";
    judgement.evidence.push_back(
        {Seen::request,
         path ? "path" : "query",
         path ? "has a presigned query in it" : "is encoded as a whole"}
    );
    judgement.remedies.insert(
        judgement.remedies.begin(),
        {Actor::caller, "Find what encodes the URL after it was signed: hand it to the client as it is."}
    );
}

std::optional<Judgement> judge(const Facts& facts)
{
    const auto what = named(facts, Family::access_denied);
    const bool preflight = facts.method == "OPTIONS";
    if (what == Named::elsewhere || !is_anonymous(facts) || (preflight && what == Named::nothing)) {
        return std::nullopt;
    }
    const bool forgotten = facts.authorization.token.has_value();
    const bool foreign = facts.authorization.scheme == SignatureScheme::other;
    // A website's error page is its owner's: it hides whether COS meant the right or the Referer.
    const bool hidden = what == Named::nothing && facts.endpoint.kind == EndpointKind::website;
    Judgement judgement{
        .confidence = forgotten || preflight || hidden ? Confidence::possible : Confidence::likely,
        .summary = join(
            foreign ? "the Authorization is of no kind that COS knows, so the request counts as unsigned; "
            : forgotten ? "the request has a security token but no signature; "
                        : "the request is not signed; ",
            place_of(facts),
            " does not allow that anonymously"
        ),
        .fix = "sign the request, or use a presigned URL made by somebody who may",
        .evidence = {},
        .remedies = {},
        .policy = {},
    };
    add_answer(judgement, facts);
    add_credentials(judgement, facts);
    add_rights(judgement, facts);
    if (facts.memory.read_unsigned) {
        judgement.evidence.push_back(
            {Seen::memory,
             "this object without a signature",
             join("readable ", span_in_words(*facts.memory.read_unsigned), " ago")}
        );
    }
    judgement.remedies = {
        {Actor::caller,
         "Sign the request with an SDK, or have it signed: check that the program has a key at all."},
        {Actor::bucket_owner,
         join(
             "For readers without a key: hand out presigned URLs for ", place_of(facts), " with a short life."
         )},
        {Actor::bucket_owner,
         "If it was open to anonymous readers before: look for a changed ACL or a policy with a deny for all "
         "users."},
    };
    if (facts.target.credentials != Misplaced::nowhere && !foreign) {
        explain_misplaced(judgement, facts);
    }
    add_access_documents(judgement, facts);
    return judgement;
}

} // namespace

extern const Cause anonymous_request;

constexpr Cause anonymous_request{
    .token = "anonymous-request",
    .title = "The request is not signed",
    .explanation =
        {
            .meaning =
                "The request reached COS without any credentials that COS can recognise, and the bucket does "
                "not let anonymous callers do this.",
            .reason = "A bucket is private unless its owner opened it. An unsigned request has only the "
                      "rights that "
                      "the bucket's ACL and policy give to anonymous callers.",
            .evidence = "COS says `Access Denied.`, and there is no signature in the Authorization field, in "
                        "the query "
                        "or, for a form upload, in the form. A form that was not read proves nothing. Always "
                        "`likely`: "
                        "a deny or a condition refuses with the same words.",
            .change = "The caller signs, or asks for a presigned URL. An SDK that runs without a key sends "
                      "an empty "
                      "Authorization: look at how the program gets its key.",
            .confused = "permission-denied: there a signature was sent, and its owner lacks the right.",
        },
    .chinese =
        {
            .title = "请求没有签名",
            .explanation =
                {
                    .meaning = "请求不带任何凭证，而存储桶不允许匿名做这件事。",
                    .reason = "私有存储桶只接受签名请求。程序没有读到密钥、链接是裸 "
                              "URL、或签名被中间层去掉，请求就成了匿名。",
                    .evidence = "头部、查询和表单里都没有签名，COS 返回 `Access Denied.`：`likely`。",
                    .change = "调用方签名，或使用有权限者生成的预签名 URL。",
                    .confused = "permission-denied：有签名，但缺少权限。",
                },
        },
    .source =
        {"403 Error for COS Access",
         "Message: \"Access Denied.\"",
         "https://www.tencentcloud.com/document/product/436/40105",
         "2026-11-24"},
    .judge = judge,
};

} // namespace cosdiag::causes

// SPDX-License-Identifier: Apache-2.0
#include "diagnose/cause.hpp"
#include "diagnose/judging.hpp"
#include "diagnose/text.hpp"
#include "diagnose/time.hpp"

namespace cosdiag::causes {
namespace {

/// COS takes a request whose credentials it cannot recognise for an anonymous one (436/30613). Where their
/// place was not seen, there may have been none.
bool may_be_anonymous(const Facts& facts) noexcept
{
    switch (facts.authorization.presence) {
    case Presence::absent:
        return true;
    case Presence::unseen:
        return !facts.temporary_key;
    case Presence::present:
        break;
    }
    return facts.authorization.scheme == SignatureScheme::other;
}

/// Without COS's word, the hotlink rule refuses just these requests too.
Confidence confidence_of(const Facts& facts, Named what) noexcept
{
    if (facts.family == Family::no_signature) {
        return Confidence::likely;
    }
    const bool sure =
        what == Named::here && facts.authorization.presence != Presence::unseen && facts.method != "OPTIONS";
    return sure ? Confidence::likely : Confidence::possible;
}

std::string_view state_of(const Facts& facts) noexcept
{
    const auto& authorization = facts.authorization;
    if (authorization.scheme == SignatureScheme::other) {
        return "the Authorization is of no kind that COS knows, so the request counts as unsigned; ";
    }
    if (authorization.presence == Presence::absent) {
        return authorization.token ? "the request has a security token but no signature; "
                                   : "the request is not signed; ";
    }
    return facts.family == Family::no_signature ? "COS found no signature in the request; "
                                                : "whether the request was signed was not seen; ";
}

std::string summary_of(const Facts& facts, Confidence confidence)
{
    if (facts.call.action == "GetService") {
        return join(state_of(facts), "nobody may list buckets anonymously");
    }
    const std::string_view doubt = confidence == Confidence::possible ? "perhaps " : "";
    return join(state_of(facts), doubt, place_of(facts), " does not allow that anonymously");
}

void add_steps(Judgement& judgement, const Facts& facts)
{
    const bool reads = facts.method == "GET" || facts.method == "HEAD";
    auto& steps = judgement.remedies;
    steps.push_back(
        {Actor::caller,
         "Sign the request with an SDK, or have it signed: check that the program has a key at all."}
    );
    if (reads && is_on_bucket(facts)) {
        steps.push_back(
            {Actor::bucket_owner,
             join(
                 "For readers without a key: hand out presigned URLs for ",
                 place_of(facts),
                 " with a short life."
             )}
        );
    }
    if (is_on_bucket(facts)) {
        steps.push_back(
            {Actor::bucket_owner,
             "If it was open to anonymous callers before: look for a changed ACL or a policy with a deny for "
             "all users."}
        );
    }
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
    const bool no_signature = facts.family == Family::no_signature;
    const auto what = named(facts, Family::access_denied);
    const bool preflight = facts.method == "OPTIONS";
    const bool open = what != Named::elsewhere && may_be_anonymous(facts);
    if (!no_signature && (!open || (preflight && what == Named::nothing))) {
        return std::nullopt;
    }
    const auto confidence = confidence_of(facts, what);
    Judgement judgement{
        .confidence = confidence,
        .summary = summary_of(facts, confidence),
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
    add_steps(judgement, facts);
    if (facts.target.credentials != Misplaced::nowhere && facts.authorization.presence == Presence::absent) {
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
            .evidence = "COS says `Access Denied.`, or that the signature is empty, and there is none in the "
                        "Authorization field, in the query or, for a form upload, in the form: `likely`, "
                        "since a deny or a condition refuses with the same words. `possible` where COS's "
                        "reason was not seen (HEAD, a page of the site's own), since hotlink protection "
                        "refuses such requests too, and where the place for a signature was not.",
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
                    .evidence =
                        "头部、查询和表单里都没有签名，COS 返回 `Access Denied.` 或说明签名为空：`likely`。"
                        "没有看到 COS 的理由（HEAD、网站自己的错误页）或没有看到签名所在的位置时为 "
                        "`possible`，因为防盗链也会拒绝这样的请求。",
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

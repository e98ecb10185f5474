// SPDX-License-Identifier: Apache-2.0
#include "diagnose/cause.hpp"
#include "diagnose/judging.hpp"
#include "diagnose/text.hpp"

namespace cosdiag::causes {
namespace {

/// SDKs sign with the key's own times, and outside these COS may answer `Access Denied.` as well.
Confidence confidence_of(const Facts& facts, Named what) noexcept
{
    const bool sure =
        what == Named::here && facts.temporary_key && !facts.call.action.empty() && !outside_validity(facts);
    return sure ? Confidence::likely : Confidence::possible;
}

/// Where the place for credentials was not seen, a temporary key may have been in it.
bool may_be_temporary(const Facts& facts) noexcept
{
    const auto presence = facts.authorization.presence;
    return facts.temporary_key ? presence != Presence::absent : presence == Presence::unseen;
}

void add_steps(Judgement& judgement, const Facts& facts)
{
    const bool form = facts.call.action == "PostObject";
    if (outside_validity(facts)) {
        add_times(judgement, facts);
        judgement.remedies.push_back(
            {Actor::caller,
             "First fetch a new temporary key: by COS's clock this signature is outside its own time."}
        );
    }
    const Remedy steps[] = {
        {Actor::account_owner,
         join(
             "In the policy given to STS when the key was made, allow ",
             grant_of(facts),
             form ? "; PutObject does not cover form uploads." : "; names of SDK functions are no actions."
         )},
        {Actor::account_owner,
         "Check that the user or role that asks STS has this right too: a temporary key gets only what both "
         "allow."},
    };
    judgement.remedies.insert(judgement.remedies.end(), std::begin(steps), std::end(steps));
}

std::optional<Judgement> judge(const Facts& facts)
{
    const auto what = named(facts, Family::access_denied);
    if (what == Named::elsewhere || !may_be_temporary(facts)) {
        return std::nullopt;
    }
    Judgement judgement{
        .confidence = confidence_of(facts, what),
        .summary = join(
            facts.temporary_key ? key_words(facts) : std::string("a temporary key, if one signed this,"),
            " may not do ",
            wish_of(facts)
        ),
        .fix = facts.call.action.empty()
                   ? "let the policy passed to STS allow this call"
                   : join("add name/cos:", facts.call.action, " for this object to the policy passed to STS"),
        .evidence = {},
        .remedies = {},
        .policy = policy_allowing(facts.call.rights),
    };
    add_answer(judgement, facts);
    add_credentials(judgement, facts);
    add_rights(judgement, facts);
    add_steps(judgement, facts);
    add_permission_steps(judgement, facts, facts.call.bucket);
    add_grants(judgement, facts);
    add_access_documents(judgement, facts);
    return judgement;
}

} // namespace

extern const Cause temporary_key_scope;

constexpr Cause temporary_key_scope{
    .token = "temporary-key-scope",
    .title = "The temporary key was not given this right",
    .explanation =
        {
            .meaning =
                "The request was signed with a temporary key, and the policy that the key was made with does "
                "not cover this action on this resource, or its maker lacks the right.",
            .reason =
                "A temporary key may do what the policy passed to STS allows and what its maker may do: the "
                "smaller of the two. Bucket policies and ACLs apply as they do to any key.",
            .evidence =
                "COS says `Access Denied.`, and the key is a temporary one: a security token came along, or "
                "the id has that shape. Never more than `likely`: the policy itself is sealed in the token. "
                "`possible` where no credentials were seen because their place was not.",
            .change =
                "Whoever runs the service that makes the keys adds the action. The usual omissions: "
                "PostObject "
                "for form uploads, the multipart actions besides PutObject, a prefix that does not match the "
                "key, and names of SDK functions in place of actions.",
            .confused =
                "temporary-key-expired: then COS says InvalidAccessKeyId or that the request has expired.",
        },
    .chinese =
        {
            .title = "临时密钥没有被授予这个权限",
            .explanation =
                {
                    .meaning = "请求用临时密钥签名，而它的策略不包含这个操作或这个资源。",
                    .reason = "临时密钥的权限是申请时传给 STS 的策略与颁发者自身权限的交集。表单上传需要 "
                              "PostObject，分块上传需要一组操作。",
                    .evidence = "COS 返回 `Access Denied.`，且密钥是临时的：带有安全令牌，或 ID "
                                "是临时密钥的形状。最多为 "
                                "`likely`，因为策略封装在令牌里；没有看到凭证所在的位置时为 `possible`。",
                    .change = "申请临时密钥的后端在策略里加上这个操作和资源；条目给出最小的语句。",
                    .confused = "temporary-key-expired：那时 COS 返回 InvalidAccessKeyId，或说请求已过期。",
                },
        },
    .source =
        {"Generating and Using Temporary Keys",
         "Temporary Key",
         "https://www.tencentcloud.com/document/product/436/14048",
         "2026-11-24"},
    .judge = judge,
};

} // namespace cosdiag::causes

// SPDX-License-Identifier: Apache-2.0
#include "diagnose/cause.hpp"
#include "diagnose/judging.hpp"
#include "diagnose/text.hpp"

namespace cosdiag::causes {
namespace {

/// `likely` only where COS gave its reason and the key was seen; on hosts whose actions are not known,
/// `possible`.
Confidence confidence_of(const Facts& facts, Named what) noexcept
{
    const bool sure = what == Named::here && facts.authorization.presence == Presence::present &&
                      !facts.call.action.empty();
    return sure ? Confidence::likely : Confidence::possible;
}

std::optional<Judgement> judge(const Facts& facts)
{
    const auto what = named(facts, Family::access_denied);
    if (what == Named::elsewhere || facts.temporary_key || facts.authorization.presence == Presence::absent ||
        facts.authorization.scheme == SignatureScheme::other) {
        return std::nullopt;
    }
    Judgement judgement{
        .confidence = confidence_of(facts, what),
        .summary = join(key_words(facts), " may not do ", wish_of(facts)),
        .fix = facts.call.action.empty()
                   ? "grant the key's user the right for this call"
                   : join("grant the key's user name/cos:", facts.call.action, " on it"),
        .evidence = {},
        .remedies = {},
        .policy = policy_allowing(facts.call.rights),
    };
    add_answer(judgement, facts);
    add_credentials(judgement, facts);
    add_rights(judgement, facts);
    const auto account =
        facts.call.appid.empty() ? std::string("is the one you mean") : join("has APPID ", facts.call.appid);
    judgement.remedies = {
        {Actor::caller,
         join(
             "Find out whose ",
             facts.shown_key.empty() ? std::string("key signed this") : key_words(facts).substr(4) + " is",
             ", and whether that account ",
             account,
             "."
         )},
        {Actor::account_owner,
         join("If it is a sub-user's: one way is a CAM policy that allows ", grant_of(facts), ".")},
    };
    if (is_on_bucket(facts)) {
        judgement.remedies.push_back(
            {Actor::bucket_owner,
             "If it belongs to another account: allow that account in the bucket policy; it then allows its "
             "user."}
        );
    }
    add_permission_steps(judgement, facts, facts.call.bucket);
    add_grants(judgement, facts);
    add_access_documents(judgement, facts);
    return judgement;
}

} // namespace

extern const Cause permission_denied;

constexpr Cause permission_denied{
    .token = "permission-denied",
    .title = "The key lacks the right for this call",
    .explanation =
        {
            .meaning = "The request was signed with a permanent key, and nothing allows that key's owner "
                       "this action "
                       "on this resource; or something denies it.",
            .reason = "COS starts from no. An allow in a user's or group's CAM policy, in the bucket policy "
                      "or in an "
                      "ACL opens; a deny in any of them wins; a condition that does not hold makes a "
                      "statement count "
                      "for nothing.",
            .evidence =
                "COS says `Access Denied.` for all of these alike. The action and the resource follow from "
                "method, path and query; the key is the one in the signature. Never more than `likely`: what "
                "the policies say is not seen here.",
            .change =
                "The account owner grants the named action on the named resource, or the bucket owner "
                "removes "
                "the deny or condition that stands against it. A copy needs a second right, on its source. "
                "Through a proxy, conditions on address or VPC meet the proxy's.",
            .confused =
                "temporary-key-scope (the key is a temporary one), anonymous-request (there is no key), "
                "copy-source-denied (the right on the source is missing).",
        },
    .chinese =
        {
            .title = "密钥没有这个调用的权限",
            .explanation =
                {
                    .meaning = "请求用永久密钥签名，而没有任何规则允许该密钥的用户对这个资源做这个操作；或有"
                               "规则禁止它。",
                    .reason = "COS 默认拒绝。用户或用户组的 CAM 策略、存储桶策略或 ACL "
                              "中任何一处允许即可，但任何一处明确禁止都优先。",
                    .evidence =
                        "COS 返回 `Access Denied.` "
                        "且请求带有永久密钥：`likely`。到底是缺少允许还是存在禁止，从返回中看不出来。",
                    .change =
                        "账号所有者或存储桶所有者查看策略；条目给出恰好允许这次调用的语句，作为一种办法。",
                    .confused = "anonymous-request：没有签名。temporary-key-scope：临时密钥的策略。",
                },
        },
    .source =
        {"Working with COS API Authorization Policies",
         "Authorization Policy Elements",
         "https://www.tencentcloud.com/document/product/436/30580",
         "2026-11-24"},
    .judge = judge,
};

} // namespace cosdiag::causes

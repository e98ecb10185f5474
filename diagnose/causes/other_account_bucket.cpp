// SPDX-License-Identifier: Apache-2.0
#include "diagnose/cause.hpp"
#include "diagnose/judging.hpp"
#include "diagnose/text.hpp"

namespace cosdiag::causes {
namespace {

/// A bucket is made under the APPID of the account that makes it, whatever the key may do.
bool creates_elsewhere(const Facts& facts) noexcept
{
    return facts.call.action == "PutBucket" && facts.family == Family::access_denied;
}

std::optional<Judgement> judge(const Facts& facts)
{
    const bool foreign = !facts.key_appid.empty() && facts.key_appid != facts.call.appid;
    if (named(facts, Family::access_denied) == Named::elsewhere || facts.call.appid.empty() ||
        facts.authorization.presence != Presence::present || (!foreign && !creates_elsewhere(facts))) {
        return std::nullopt;
    }
    Judgement judgement{
        .confidence = foreign
                          ? by_arithmetic(facts, named(facts, Family::access_denied)) == Confidence::certain
                                ? Confidence::likely
                                : Confidence::possible
                          : Confidence::possible,
        .summary = foreign
                       ? join(
                             "the bucket belongs to APPID ",
                             facts.call.appid,
                             ", ",
                             key_words(facts),
                             " to APPID ",
                             facts.key_appid
                         )
                       : join(
                             "a bucket can be made only under the APPID of its own account; this one names ",
                             facts.call.appid
                         ),
        .fix = foreign ? "use a key of the bucket's account, or have that account grant this one"
                       : "end the bucket's name with the APPID of the key's account",
        .evidence = {{Seen::request, "APPID of the bucket", facts.call.appid}},
        .remedies =
            {{Actor::caller,
              "Check the bucket's name: the number behind its last hyphen is the account's APPID."}},
        .policy = {},
    };
    if (is_on_bucket(facts)) {
        judgement.remedies.push_back(
            {Actor::bucket_owner,
             "To share the bucket across accounts: allow the other account in the bucket policy; it then "
             "allows "
             "its user."}
        );
    }
    if (foreign) {
        judgement.evidence.push_back({Seen::config, "APPID of the key", facts.key_appid});
    }
    add_answer(judgement, facts);
    add_credentials(judgement, facts);
    return judgement;
}

} // namespace

extern const Cause other_account_bucket;

constexpr Cause other_account_bucket{
    .token = "other-account-bucket",
    .title = "The bucket belongs to another account than the key",
    .explanation =
        {
            .meaning = "The key is one of another account than the bucket's.",
            .reason = "A bucket's name ends in the APPID of its owner. Keys of other accounts may act on it "
                      "only when the owner has granted that.",
            .evidence = "The bucket's APPID is in the request, the key's in the settings (identities, "
                        "appid): that they differ is sure, that it is the reason is `likely`. Making a "
                        "bucket under another APPID is `possible` without that.",
            .change = "The caller uses the right key or the right bucket name; the bucket's owner grants "
                      "access across accounts.",
            .confused = "permission-denied: within one account.",
        },
    .chinese =
        {
            .title = "存储桶属于另一个账号",
            .explanation =
                {
                    .meaning = "密钥与存储桶属于不同的账号。",
                    .reason = "存储桶名以所有者的 APPID 结尾。其他账号的密钥只有在所有者授权之后才能操作它。",
                    .evidence = "存储桶的 APPID 在请求里，密钥的 APPID 在设置里（identities 的 "
                                "appid）：两者不同是确定的，因此被拒绝是 `likely`。没有设置时，在别人的 "
                                "APPID 下创建存储桶为 `possible`。",
                    .change = "调用方使用正确的密钥或正确的存储桶名；存储桶所有者跨账号授权。",
                    .confused = "permission-denied：同一账号之内的权限。",
                },
        },
    .source =
        {"Cross-Account Access",
         "Working with Access Policies",
         "https://www.tencentcloud.com/document/product/436/30580",
         "2026-11-24"},
    .judge = judge,
};

} // namespace cosdiag::causes

// SPDX-License-Identifier: Apache-2.0
#include "diagnose/cause.hpp"
#include "diagnose/judging.hpp"
#include "diagnose/text.hpp"

namespace cosdiag::causes {
namespace {

std::optional<Judgement> judge(const Facts& facts)
{
    if (named(facts, Family::bucket_owner) != Named::here) {
        return std::nullopt;
    }
    const std::string_view which = facts.family_text == "UserNotSourceBucketOwner" ? "source" : "target";
    Judgement judgement{
        .confidence = Confidence::likely,
        .summary = join(key_words(facts), " does not belong to the owner of the ", which, " bucket"),
        .fix = join("make this call with a key of the ", which, " bucket's owner"),
        .evidence = {},
        .remedies =
            {{Actor::account_owner,
              join(
                  "Find out which account owns the ",
                  which,
                  " bucket: its APPID is the number at the end of its name."
              )},
             {Actor::caller, "Use a key of that account, and grant its user the right to this call."}},
        .policy = {},
    };
    add_answer(judgement, facts);
    add_credentials(judgement, facts);
    return judgement;
}

} // namespace

extern const Cause bucket_owner_required;

constexpr Cause bucket_owner_required{
    .token = "bucket-owner-required",
    .title = "The key belongs to neither bucket's owner",
    .explanation =
        {
            .meaning = "The call joins two buckets, and one of them belongs to another account than the key.",
            .reason = "Replication and similar settings can be made by the owner alone; a right that was "
                      "granted across accounts is not enough.",
            .evidence = "COS says so in its Code. The key and the bucket are in the request; whose they are "
                        "is not seen, so `likely`.",
            .change = "The caller uses a key of the owner's account.",
            .confused = "permission-denied: there a grant can help.",
        },
    .chinese =
        {
            .title = "密钥不属于存储桶的所有者",
            .explanation =
                {
                    .meaning = "这个调用涉及两个存储桶，其中一个属于另一个账号。",
                    .reason = "跨存储桶复制等设置只有所有者能做，跨账号授予的权限不够。",
                    .evidence =
                        "COS 在 Code 里说明。密钥和存储桶在请求里；它们属于谁看不到，所以是 `likely`。",
                    .change = "调用方改用所有者账号的密钥。",
                    .confused = "permission-denied：那种情况授权可以解决。",
                },
        },
    .source =
        {"Error Codes",
         "4XX Error Codes",
         "https://www.tencentcloud.com/document/product/436/7730",
         "2026-11-24"},
    .judge = judge,
};

} // namespace cosdiag::causes

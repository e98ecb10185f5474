// SPDX-License-Identifier: Apache-2.0
#include "diagnose/cause.hpp"
#include "diagnose/judging.hpp"
#include "diagnose/text.hpp"

namespace cosdiag::causes {
namespace {

/// Whether the source is in another account than the one that copies: the key's where the settings tell it,
/// else the target's.
bool is_foreign(const Facts& facts, const CopySource& source) noexcept
{
    const auto& own = facts.key_appid.empty() ? facts.call.appid : facts.key_appid;
    return !source.appid.empty() && !own.empty() && source.appid != own;
}

void miss_bucket(Judgement& judgement, const CopySource& source)
{
    judgement.summary =
        join("the copy source ", object_words({}, source.key), " names no bucket, so COS cannot find it");
    judgement.fix = "write the source as <bucket>-<appid>.cos.<region>.myqcloud.com/<key>";
}

std::optional<Judgement> judge(const Facts& facts)
{
    const bool about_source = named(facts, Family::copy_source) == Named::here;
    const auto denied = named(facts, Family::access_denied);
    const bool not_signed = facts.authorization.presence == Presence::absent;
    if (!about_source && (!facts.call.source || denied == Named::elsewhere || not_signed)) {
        return std::nullopt;
    }
    const auto source = facts.call.source.value_or(CopySource{});
    const bool foreign = is_foreign(facts, source);
    const bool likely = about_source || (foreign && denied == Named::here);
    const auto object =
        source.bucket.empty() ? std::string("the source object") : object_words(source.bucket, source.key);
    Judgement judgement{
        .confidence = likely ? Confidence::likely : Confidence::possible,
        .summary = join(
            "a copy needs name/cos:GetObject on ",
            object,
            foreign ? join(", a bucket of another account (APPID ", source.appid, ")") : std::string()
        ),
        .fix = "let the same key read the source, or download and upload instead",
        .evidence =
            {{Seen::request,
              "copy source",
              facts.call.source ? shortened(source.shown, 300) : std::string("not seen")}},
        .remedies = {},
        .policy = facts.call.source ? policy_allowing(facts.call.rights) : std::string(),
    };
    if (source.without_bucket) {
        miss_bucket(judgement, source);
    }
    add_answer(judgement, facts);
    add_credentials(judgement, facts);
    add_rights(judgement, facts);
    judgement.remedies = {
        {foreign ? Actor::bucket_owner : Actor::account_owner,
         join("Allow ", key_words(facts), " name/cos:GetObject on ", object, ".")},
        {Actor::caller,
         "Check the source by itself: a HEAD or GET of it with the same key tells whether it may be read."},
        {Actor::caller,
         "Where no right on the source is to be had: download it with a key that may, and upload it."},
    };
    add_permission_steps(
        judgement, facts, source.bucket.empty() ? std::string_view("the source bucket") : source.bucket
    );
    return judgement;
}

} // namespace

extern const Cause copy_source_denied;

constexpr Cause copy_source_denied{
    .token = "copy-source-denied",
    .title = "The source of the copy may not be read",
    .explanation =
        {
            .meaning = "The request copies an object, and its key may not read the object it copies from.",
            .reason =
                "COS reads the source in the name of the same key that writes the target. So a copy needs "
                "two rights: GetObject on the source and PutObject on the target, also across accounts.",
            .evidence =
                "`likely` where COS speaks of the source object, or where the source named in the request "
                "belongs to another APPID than the key (or, as long as that is not known, the target) and "
                "COS says `Access Denied.`; else `possible`, beside the right on the target.",
            .change = "The owner of the source bucket lets the key read it. Between accounts that takes a "
                      "statement in "
                      "the source bucket's policy for the other account, which then allows its own user.",
            .confused = "permission-denied: there the right on the target is the one that is missing.",
        },
    .chinese =
        {
            .title = "不能读取复制的源对象",
            .explanation =
                {
                    .meaning = "复制需要两个权限：写目标和读源，这里缺的是读源。",
                    .reason =
                        "COS 用同一个密钥读取源对象。源在另一个账号里，或密钥只有上传权限时，读取会被拒绝。",
                    .evidence =
                        "COS 指向源对象，或请求里的源与密钥（不知道密钥的账号时为目标）的 APPID 不同而 "
                        "COS 返回 `Access Denied.`：`likely`；否则与目标上的权限并列为 `possible`。",
                    .change = "源存储桶的所有者允许这个密钥读取，或由调用方先下载再上传。",
                    .confused = "permission-denied：那里缺少的是目标上的权限。",
                },
        },
    .source =
        {"Working with COS API Authorization Policies",
         "Copying an object",
         "https://www.tencentcloud.com/document/product/436/30580",
         "2026-11-24"},
    .judge = judge,
};

} // namespace cosdiag::causes

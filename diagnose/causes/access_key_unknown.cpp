// SPDX-License-Identifier: Apache-2.0
#include "diagnose/cause.hpp"
#include "diagnose/judging.hpp"
#include "diagnose/text.hpp"
#include "diagnose/time.hpp"

#include <vector>

namespace cosdiag::causes {
namespace {

/// A signed URL on a name of its own: a CDN there may sign for its origin too, and COS then reads a mixture.
bool is_behind_cdn(const Facts& facts) noexcept
{
    const auto kind = facts.endpoint.kind;
    return facts.authorization.presigned() && (kind == EndpointKind::not_cos || kind == EndpointKind::cdn);
}

/// A temporary key vanishes by itself, so that its end, or a token left out, explains the answer better.
bool explained_better(const Facts& facts) noexcept
{
    return facts.temporary_key || is_behind_cdn(facts);
}

std::string_view reasons_of(const Facts& facts) noexcept
{
    if (facts.temporary_key) {
        return ": expired, cut, or sent without its own token";
    }
    return facts.authorization.key_id ? ": deleted, disabled, or mistyped"
                                      : ": deleted, disabled, mistyped, or a temporary one that has expired";
}

std::vector<Remedy> steps_for(const Facts& facts)
{
    if (facts.temporary_key) {
        return {
            {Actor::caller,
             "Fetch a new temporary key; use its SecretId, SecretKey and token together, all from one "
             "answer."},
            {Actor::account_owner,
             "Check that the user who made the temporary key, and that user's own key, still exist."},
        };
    }
    return {
        {Actor::account_owner,
         join(
             "In the CAM console under API keys, look for ",
             facts.authorization.key_id ? facts.shown_key : "this id",
             ": is it there, is it enabled?"
         )},
        {Actor::caller,
         "If it is not there: ask for a new key and replace the old one wherever it is configured."},
    };
}

std::optional<Judgement> judge(const Facts& facts)
{
    if (named(facts, Family::access_key) != Named::here || facts.key_complaint == KeyComplaint::format ||
        is_no_key(facts)) {
        return std::nullopt;
    }
    Judgement judgement{
        .confidence = explained_better(facts) ? Confidence::possible : Confidence::likely,
        .summary = join("COS does not know ", key_words(facts), reasons_of(facts)),
        .fix = facts.temporary_key ? "fetch a new temporary key and use its three parts together"
                                   : "check in the CAM console that this key exists and is enabled",
        .evidence = {},
        .remedies = {},
        .policy = {},
    };
    add_answer(judgement, facts);
    add_credentials(judgement, facts);
    if (facts.memory.same_key) {
        judgement.evidence.push_back(
            {Seen::memory,
             "this key on this bucket",
             join(
                 "accepted ",
                 span_in_words(*facts.memory.same_key),
                 " ago: disabled, deleted or expired since"
             )}
        );
    }
    judgement.remedies = steps_for(facts);
    if (is_behind_cdn(facts)) {
        judgement.remedies.insert(
            judgement.remedies.begin(),
            {Actor::caller,
             "Repeat it on the bucket's own host: a CDN with its own origin authentication clashes with the "
             "URL's signature."}
        );
    }
    return judgement;
}

} // namespace

extern const Cause access_key_unknown;

constexpr Cause access_key_unknown{
    .token = "access-key-unknown",
    .title = "COS does not know the access key",
    .explanation =
        {
            .meaning = "The access key id has the right form, but there is no such key, or it is disabled.",
            .reason =
                "Keys are deleted, disabled and rotated; temporary ones vanish when their time is over. COS "
                "answers InvalidAccessKeyId for all of these.",
            .evidence =
                "COS names InvalidAccessKeyId and the id is well-formed. `likely`; `possible` for a "
                "temporary key, since the end of its time or a missing token explains it better, and for a "
                "signed URL on a domain in front, which may add a signature of its own.",
            .change =
                "The account owner looks the id up in the CAM console. The caller replaces a deleted key, or "
                "fetches a new temporary one.",
            .confused =
                "access-key-malformed (the id is no id), security-token-missing (a temporary id alone), "
                "signature-mismatch (the id exists, the secret is wrong).",
        },
    .chinese =
        {
            .title = "COS 不认识这个访问密钥",
            .explanation =
                {
                    .meaning = "访问密钥 ID 的格式正确，但没有这个密钥，或它已被禁用。",
                    .reason = "密钥会被删除、禁用和轮换，临时密钥到期就消失。对所有这些情况 COS 都返回 "
                              "InvalidAccessKeyId。",
                    .evidence = "COS 返回 InvalidAccessKeyId 且 ID 格式正确：`likely`；临时密钥为 "
                                "`possible`，因为过期或缺令牌更能解释；前置域名（CDN）上的预签名 URL 也是 "
                                "`possible`，因为 CDN 可能另加了签名。",
                    .change = "账号所有者在访问管理（CAM）控制台查找这个 "
                              "ID。调用方更换已删除的密钥，或获取新的临时密钥。",
                    .confused = "access-key-malformed（ID 不是 ID）、security-token-missing（只有临时 "
                                "ID）、signature-mismatch（ID 存在，密钥不对）。",
                },
        },
    .source =
        {"403 Error for COS Access",
         "Message: \"InvalidAccessKeyId\"",
         "https://www.tencentcloud.com/document/product/436/40105",
         "2026-11-24"},
    .judge = judge,
};

} // namespace cosdiag::causes

// SPDX-License-Identifier: Apache-2.0
#include "diagnose/cause.hpp"
#include "diagnose/judging.hpp"
#include "diagnose/text.hpp"
#include "diagnose/time.hpp"

namespace cosdiag::causes {
namespace {

/// A temporary key vanishes by itself, so that its end, or a token left out, explains the answer better. A
/// token beside a permanent key does not.
bool explained_better(const Facts& facts) noexcept
{
    return facts.temporary_key && facts.key_shape != KeyShape::permanent;
}

std::optional<Judgement> judge(const Facts& facts)
{
    if (named(facts, Family::access_key) != Named::here || facts.key_complaint == KeyComplaint::format ||
        is_no_key(facts)) {
        return std::nullopt;
    }
    Judgement judgement{
        .confidence = explained_better(facts) ? Confidence::possible : Confidence::likely,
        .summary = join(
            "COS does not know ",
            key_words(facts),
            facts.temporary_key ? ": expired, cut, or sent without its own token"
                                : ": deleted, disabled, or mistyped"
        ),
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
    if (facts.temporary_key) {
        judgement.remedies = {
            {Actor::caller,
             "Fetch a new temporary key; use its SecretId, SecretKey and token together, all from one "
             "answer."},
            {Actor::account_owner,
             "Check that the user who made the temporary key, and that user's own key, still exist."},
        };
    } else {
        judgement.remedies = {
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
            .evidence = "COS names InvalidAccessKeyId and the id is well-formed. `likely`; `possible` for a "
                        "temporary key, since the end of its time or a missing token explains it better.",
            .change =
                "The account owner looks the id up in the CAM console. The caller replaces a deleted key, or "
                "fetches a new temporary one.",
            .confused =
                "access-key-malformed (the id is no id), security-token-missing (a temporary id alone), "
                "signature-mismatch (the id exists, the secret is wrong).",
        },
    .source =
        {"403 Error for COS Access",
         "Message: \"InvalidAccessKeyId\"",
         "https://www.tencentcloud.com/document/product/436/40105",
         "2026-11-24"},
    .judge = judge,
};

} // namespace cosdiag::causes

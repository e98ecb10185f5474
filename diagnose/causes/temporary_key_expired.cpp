// SPDX-License-Identifier: Apache-2.0
#include "diagnose/cause.hpp"
#include "diagnose/judging.hpp"
#include "diagnose/text.hpp"
#include "diagnose/time.hpp"

namespace cosdiag::causes {
namespace {

std::string summary_of(const Facts& facts, std::optional<Window> window)
{
    const auto key = key_words(facts);
    if (window && facts.clock && facts.clock->now > window->end + edge) {
        return join(
            key,
            " has expired: its signature ended ",
            span_in_words(facts.clock->now - window->end),
            " before COS's clock"
        );
    }
    if (window && facts.clock && facts.clock->now < window->begin - edge) {
        return join(
            key,
            " is not valid yet: its signature begins ",
            span_in_words(window->begin - facts.clock->now),
            " after COS's clock"
        );
    }
    return join(key, " may be outside its own time: expired, or not begun");
}

std::optional<Judgement> judge(const Facts& facts)
{
    if (named(facts, Family::access_key) != Named::here || !facts.authorization.token ||
        facts.key_shape == KeyShape::permanent || facts.key_complaint == KeyComplaint::format ||
        is_no_key(facts)) {
        return std::nullopt;
    }
    const auto window = validity_of(facts);
    const bool outside = outside_validity(facts) && !facts.clock->disputed;
    const auto& worked = facts.memory.same_key;
    Judgement judgement{
        .confidence = outside || worked ? Confidence::likely : Confidence::possible,
        .summary = summary_of(facts, window),
        .fix = "fetch a new temporary key and sign with its own start and end time",
        .evidence = {},
        .remedies = {},
        .policy = {},
    };
    add_answer(judgement, facts);
    add_credentials(judgement, facts);
    add_times(judgement, facts);
    if (worked) {
        judgement.evidence.push_back(
            {Seen::memory, "this key on this bucket", join("accepted ", span_in_words(*worked), " ago")}
        );
    }
    judgement.remedies = {
        {Actor::caller, "Fetch a new temporary key, and renew it a few minutes before its ExpiredTime."},
        {Actor::caller,
         "Sign with the StartTime and ExpiredTime that came with the key, not with the local clock."},
        {Actor::operator_, "Where keys are cached and handed out: let the cache end before the keys do."},
    };
    return judgement;
}

} // namespace

extern const Cause temporary_key_expired;

constexpr Cause temporary_key_expired{
    .token = "temporary-key-expired",
    .title = "The temporary key is outside its own time",
    .explanation =
        {
            .meaning =
                "The request carries a temporary key and its token, and the key no longer exists for COS, or "
                "does not exist yet.",
            .reason = "A temporary key lives 30 minutes by default, and at most 36 hours. Afterwards COS "
                      "knows its id "
                      "no more; signed ahead of its start, it is refused the same way.",
            .evidence = "COS names InvalidAccessKeyId and a token came along. `likely` when the signature's "
                        "own window "
                        "lies outside COS's clock, which SDKs take from the key; else `possible`.",
            .change =
                "The caller renews the key in time. Whoever caches keys keeps them shorter than they live.",
            .confused = "signature-expired: the key lives, the signature made with it is too old.",
        },
    .chinese =
        {
            .title = "临时密钥不在有效期内",
            .explanation =
                {
                    .meaning = "请求带有临时密钥和令牌，但对 COS 来说这个密钥已不存在，或尚未生效。",
                    .reason = "临时密钥默认有效 30 分钟，最长 36 小时。过期后 COS 不再认识它的 "
                              "ID；早于起始时间签名也会同样被拒绝。",
                    .evidence = "COS 返回 InvalidAccessKeyId 且带有令牌。签名自身的时间窗不包含 COS "
                                "的时间时为 `likely`，否则为 `possible`。",
                    .change = "调用方及时更新密钥。缓存密钥的一方，缓存时间要短于密钥寿命。",
                    .confused = "signature-expired：密钥仍有效，只是用它做的签名太旧。",
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

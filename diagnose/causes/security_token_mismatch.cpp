// SPDX-License-Identifier: Apache-2.0
#include "diagnose/cause.hpp"
#include "diagnose/judging.hpp"
#include "diagnose/text.hpp"

namespace cosdiag::causes {
namespace {

std::optional<Judgement> judge(const Facts& facts)
{
    const bool mixed =
        facts.key_shape == KeyShape::permanent && facts.authorization.key_id && facts.authorization.token;
    const auto what_key = named(facts, Family::access_key);
    const auto what_signature = named(facts, Family::signature);
    const auto what_denied = named(facts, Family::access_denied);
    const bool swapped = !facts.memory.token_of_this_key.value_or(true);
    if ((!mixed && !swapped) || (what_key == Named::elsewhere && what_signature == Named::elsewhere &&
                                 what_denied == Named::elsewhere)) {
        return std::nullopt;
    }
    Judgement judgement{
        .confidence = what_key == Named::here ? Confidence::likely : Confidence::possible,
        .summary = swapped ? join("this token came with another key before, and now with ", facts.shown_key)
                           : join(
                                 "a security token came along with a permanent key, ",
                                 facts.shown_key,
                                 ": they cannot belong together"
                             ),
        .fix = "use id, key and token of one answer of STS, or the permanent pair without a token",
        .evidence =
            {{Seen::request, "access key", facts.shown_key},
             {Seen::request, "token", facts.authorization.token->described()}},
        .remedies =
            {{Actor::caller,
              "Look where the three come from: environment variables of two set-ups mix easily, such as a "
              "token left behind."},
             {Actor::caller,
              "With a permanent pair send no x-cos-security-token; with a temporary one send all three from "
              "one answer."}},
        .policy = {},
    };
    if (swapped) {
        judgement.evidence.push_back({Seen::memory, "this token", "came with another key, and was accepted"});
    }
    add_answer(judgement, facts);
    add_credentials(judgement, facts);
    return judgement;
}

} // namespace

extern const Cause security_token_mismatch;

constexpr Cause security_token_mismatch{
    .token = "security-token-mismatch",
    .title = "The security token does not belong to the access key",
    .explanation =
        {
            .meaning = "The request bears a security token, and an access key that is no temporary one.",
            .reason = "A token is valid only with the temporary SecretId and SecretKey that came with it. "
                      "COS then does not know the combination.",
            .evidence = "The id has the shape of a permanent key, and a token is there. With "
                        "InvalidAccessKeyId that is `likely` the cause, with other refusals `possible`.",
            .change = "The caller takes all three from one answer of STS, or leaves the token out.",
            .confused = "security-token-missing: the other way round, a temporary key without its token.",
        },
    .chinese =
        {
            .title = "安全令牌不属于这个访问密钥",
            .explanation =
                {
                    .meaning = "请求带有安全令牌，而访问密钥却不是与它成对的临时密钥。",
                    .reason =
                        "令牌只能与同时颁发的临时 SecretId 和 SecretKey 一起使用，否则 COS 不认识这个组合。",
                    .evidence = "ID 的形状是永久密钥，却带有令牌；或这个令牌先前与另一个密钥一起出现。返回 "
                                "InvalidAccessKeyId 时为 `likely`，其他拒绝为 `possible`。",
                    .change = "调用方使用 STS 同一次返回的三项，或去掉令牌。",
                    .confused = "security-token-missing：相反的情况，临时密钥没有令牌。",
                },
        },
    .source =
        {"Generating and Using Temporary Keys",
         "Using a temporary key",
         "https://www.tencentcloud.com/document/product/436/14048",
         "2026-11-24"},
    .judge = judge,
};

} // namespace cosdiag::causes

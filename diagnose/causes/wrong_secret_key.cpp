// SPDX-License-Identifier: Apache-2.0
#include "diagnose/cause.hpp"
#include "diagnose/judging.hpp"
#include "diagnose/text.hpp"

namespace cosdiag::causes {
namespace {

/// The client signed with the secret set here, and COS does not accept it.
std::optional<Judgement> held_otherwise(const Facts& facts)
{
    const auto& check = *facts.signature_check;
    const bool fits = check.fits_theirs || check.fits_request;
    const bool agrees = facts.signed_string && facts.signed_string->theirs_agrees.value_or(false);
    if (!fits || check.bug || !secret_decides(facts) || facts.family != Family::signature) {
        return std::nullopt;
    }
    return Judgement{
        .confidence = check.fits_theirs && agrees ? Confidence::certain : Confidence::likely,
        .summary =
            join(key_words(facts), ": the client signed correctly, but COS holds another SecretKey for it"),
        .fix = "make a new key pair in the CAM console, and use id and key of the same pair",
        .evidence = {},
        .remedies =
            {{Actor::account_owner,
              "Look in the CAM console, under API keys, whether this SecretId was made anew or belongs to "
              "another pair."},
             {Actor::caller,
              "Use the SecretId and the SecretKey of one pair; a key that was replaced does not come back."}},
        .policy = {},
    };
}

std::optional<Judgement> judge(const Facts& facts)
{
    if (!facts.signature_check) {
        return std::nullopt;
    }
    if (auto other = signed_otherwise(facts, Piece::secret)) {
        return other;
    }
    auto judgement = held_otherwise(facts);
    if (judgement) {
        add_check(*judgement, facts);
        add_answer(*judgement, facts);
    }
    return judgement;
}

} // namespace

extern const Cause wrong_secret_key;

constexpr Cause wrong_secret_key{
    .token = "wrong-secret-key",
    .title = "The SecretKey does not belong to this SecretId",
    .explanation =
        {
            .meaning = "The text that was signed is right; the key that signed it is not.",
            .reason = "A blank, a line end or quotes copied along, the SecretKey of another pair, or a pair "
                      "that was "
                      "replaced: each gives a signature that COS cannot reproduce.",
            .evidence =
                "This needs a SecretKey in the settings (identities). `certain` when that SecretKey gives "
                "the "
                "signature for COS's own FormatString, so that COS must hold another one; or when an altered "
                "or another configured SecretKey gives it.",
            .change = "The caller takes SecretId and SecretKey from the same pair and strips what does not "
                      "belong to "
                      "them. The account's owner sees in the CAM console which pairs exist.",
            .confused = "signature-mismatch: without a SecretKey in the settings, a wrong key and a wrong "
                        "text look the "
                        "same.",
        },
    .chinese =
        {
            .title = "SecretKey 不属于这个 SecretId",
            .explanation =
                {
                    .meaning = "签名的文本正确，签名用的密钥不正确。",
                    .reason = "复制时带上了空格、换行或引号，用了另一对密钥的 "
                              "SecretKey，或这对密钥已被替换：COS 都算不出同样的签名。",
                    .evidence =
                        "需要在设置里配置 SecretKey（identities）。若该 SecretKey 对 COS 自己的 FormatString "
                        "恰好给出这个签名，说明 COS 持有的是另一个；若改动过的或另一个已配置的 SecretKey "
                        "给出它，也是 `certain`。",
                    .change = "调用方使用同一对的 SecretId 和 SecretKey，去掉不属于它们的字符。账号所有者在 "
                              "CAM 控制台查看现有的密钥对。",
                    .confused = "signature-mismatch：没有配置 SecretKey 时，密钥错误和文本错误看起来一样。",
                },
        },
    .source =
        {"Request Signature",
         "Step 3: Generate SignKey",
         "https://www.tencentcloud.com/document/product/436/7778",
         "2026-11-24"},
    .judge = judge,
};

} // namespace cosdiag::causes

// SPDX-License-Identifier: Apache-2.0
#include "diagnose/cause.hpp"
#include "diagnose/judging.hpp"
#include "diagnose/signature_suspects.hpp"
#include "diagnose/text.hpp"
#include "diagnose/time.hpp"

namespace cosdiag::causes {
namespace {

/// Whether a piece is known to differ: then that piece is the cause, and this judge is silent.
bool piece_known(const Facts& facts) noexcept
{
    if (!facts.signed_string) {
        return false;
    }
    const auto& found = *facts.signed_string;
    return !found.differences.empty() || !found.rebuilt.absent_headers.empty() ||
           !found.rebuilt.absent_parameters.empty();
}

std::string names_of(const std::vector<SignedPair>& pairs)
{
    std::string names;
    for (const auto& pair : pairs) {
        names += names.empty() ? "" : ", ";
        names += pair.name;
    }
    return names.empty() ? "none" : shortened(names, 200);
}

void add_comparison(Judgement& judgement, const Facts& facts)
{
    if (!facts.signed_string) {
        return;
    }
    const auto& found = *facts.signed_string;
    const std::string_view same = found.theirs_seen ? ", the same at COS" : "";
    const auto add = [&judgement](std::string_view what, std::string value) {
        judgement.evidence.push_back({Seen::request, std::string(what), std::move(value)});
    };
    add("method", join(found.rebuilt.method, same));
    add("path", join(shortened(found.rebuilt.path, 200), same));
    add("signed parameters", join(names_of(found.rebuilt.parameters), same));
    add("signed fields", join(names_of(found.rebuilt.headers), same));
    if (found.theirs_agrees) {
        judgement.evidence.push_back(
            {Seen::response,
             "SHA-1 of COS's FormatString",
             *found.theirs_agrees ? "equals the one in its StringToSign"
                                  : "is not the one in its StringToSign"}
        );
    }
}

std::string summary_of(const Facts& facts)
{
    if (facts.authorization.carrier == Carrier::form) {
        return "the form's signature does not fit its policy: wrong SecretKey, or another text was signed";
    }
    if (facts.signed_string && facts.signed_string->theirs_seen) {
        return "the request reached COS as it was sent; the SecretKey is wrong, or the client signed another "
               "text";
    }
    return "the signature does not fit the request: wrong SecretKey, or the client signed another text";
}

/// Right for what was seen, and yet refused: what COS checked is not what it shows, or not what was sent.
Judgement judge_right_signature(const Facts& facts)
{
    Judgement judgement{
        .confidence = Confidence::possible,
        .summary =
            "the signature is right for the request as seen here; COS checked another text, or holds another "
            "SecretKey",
        .fix = "find what changes the request between this proxy and COS",
        .evidence = {},
        .remedies =
            {{Actor::operator_,
              "Find what stands between this proxy and COS: a parent proxy, a CDN, a gateway; repeat without "
              "it."},
             {Actor::account_owner,
              "Look in the CAM console, under API keys, whether this SecretId was made anew."}},
        .policy = {},
    };
    add_check(judgement, facts);
    add_comparison(judgement, facts);
    add_answer(judgement, facts);
    return judgement;
}

/// With the secret at hand: mistakes in the text or the time as such, or that no known mistake explains it.
std::optional<Judgement> judge_with_secret(const Facts& facts)
{
    if (secret_decides(facts)) {
        auto judgement = signed_otherwise(facts, Piece::layout);
        return judgement ? judgement : signed_otherwise(facts, Piece::time);
    }
    const auto& check = *facts.signature_check;
    if (check.fits_theirs || check.fits_request) {
        return judge_right_signature(facts);
    }
    Judgement judgement{
        .confidence = Confidence::likely,
        .summary = join(
            "the SecretKey set here for ",
            key_words(facts).substr(4),
            " gives another signature for every known mistake; the client has another, or a value was changed"
        ),
        .fix = "hold the client's SecretKey against the one set here",
        .evidence = {},
        .remedies =
            {{Actor::caller,
              "Look which SecretKey the client really reads: environment, file, profile, and their order."},
             {Actor::operator_, "Look whether identities holds the right SecretKey for this SecretId."},
             {Actor::caller,
              facts.signed_string
                  ? "If both are the same: print the HttpString that was signed and hold it "
                    "against the FormatString."
                  : "If both are the same: print the text that was signed and hold it against "
                    "the documented one."}},
        .policy = {},
    };
    if (named(facts, Family::signature) == Named::nothing) {
        judgement.confidence = Confidence::possible;
    }
    add_check(judgement, facts);
    add_answer(judgement, facts);
    return judgement;
}

std::optional<Judgement> judge(const Facts& facts)
{
    const auto what = named(facts, Family::signature);
    const bool is_signed = facts.authorization.presence == Presence::present &&
                           facts.authorization.scheme != SignatureScheme::other;
    if (what == Named::elsewhere || piece_known(facts) || (what == Named::nothing && !is_signed)) {
        return std::nullopt;
    }
    if (facts.signature_check) {
        return judge_with_secret(facts);
    }
    Judgement judgement{
        .confidence =
            what == Named::here && !strongly_suspected(facts) ? Confidence::likely : Confidence::possible,
        .summary = summary_of(facts),
        .fix = "check that SecretId and SecretKey belong together, then how the text to sign is built",
        .evidence = {},
        .remedies = {},
        .policy = {},
    };
    add_answer(judgement, facts);
    add_credentials(judgement, facts);
    add_comparison(judgement, facts);
    if (facts.memory.same_key) {
        judgement.evidence.push_back(
            {Seen::memory,
             "another signature of this key",
             join(
                 "accepted ",
                 span_in_words(*facts.memory.same_key),
                 " ago: if by the same program, its SecretKey is right"
             )}
        );
    }
    judgement.remedies = {
        {Actor::caller,
         "Try the same key in another tool, such as COSCLI: if that fails too, the pair is wrong."},
        {Actor::caller,
         "Look for a blank or line end copied along with the SecretKey, and for keys of two users mixed."},
        {Actor::caller,
         "If the pair is right: print the HttpString that was signed and hold it against the FormatString in "
         "the answer."},
    };
    add_weak_suspects(judgement, facts);
    if (facts.authorization.scheme == SignatureScheme::aws_v4) {
        judgement.remedies.push_back(
            {Actor::caller, "With an S3 library: use virtual-hosted addressing and no aws-chunked bodies."}
        );
    }
    return judgement;
}

} // namespace

extern const Cause signature_mismatch;

constexpr Cause signature_mismatch{
    .token = "signature-mismatch",
    .title = "The signature does not fit",
    .explanation =
        {
            .meaning =
                "COS computed another signature than the request bears, and nothing seen tells which piece "
                "differs.",
            .reason = "Two things give another signature: another SecretKey, or another text. COS shows the "
                      "text it "
                      "made from what it received.",
            .evidence =
                "COS says SignatureDoesNotMatch. Where it shows its FormatString, that is compared with the "
                "request line by line: equal lines say that nothing changed on the way. Without the secret, "
                "a wrong key and a client that signs another text cannot be told apart: `likely`.",
            .change =
                "The caller checks the pair of id and key first, then compares texts. An SDK in place of own "
                "signing code ends most of these.",
            .confused =
                "access-key-unknown: there the id itself is unknown. The signed-… causes: there the piece "
                "that differs is known.",
        },
    .chinese =
        {
            .title = "签名不匹配",
            .explanation =
                {
                    .meaning = "COS 算出的签名与请求带的不同，看到的内容不足以说明是哪一部分不同。",
                    .reason = "两种情况会得到另一个签名：另一个 SecretKey，或另一段文本。COS "
                              "会给出它按收到的内容构造的文本。",
                    .evidence = "COS 返回 SignatureDoesNotMatch。若给出 "
                                "FormatString，就与请求逐行比较：各行相同说明途中没有改动。没有密钥时无法区分"
                                "密钥错误和文本错误：`likely`。",
                    .change = "调用方先核对 SecretId 与 SecretKey 是否成对，再比较文本。用 SDK "
                              "代替自己写的签名代码可以避免大多数问题。",
                    .confused = "access-key-unknown：ID 本身不存在。signed-… 各原因：已知哪一部分不同。",
                },
        },
    .source =
        {"403 Error for COS Access",
         "Message: \"SignatureDoesNotMatch\"",
         "https://www.tencentcloud.com/document/product/436/40105",
         "2026-11-24"},
    .judge = judge,
};

} // namespace cosdiag::causes

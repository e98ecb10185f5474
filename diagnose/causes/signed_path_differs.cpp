// SPDX-License-Identifier: Apache-2.0
#include "diagnose/cause.hpp"
#include "diagnose/judging.hpp"
#include "diagnose/signature_suspects.hpp"
#include "diagnose/text.hpp"

#include <algorithm>
#include <utility>

namespace cosdiag::causes {
namespace {

/// How COS read the path otherwise than it was sent.
struct Reading {
    std::string summary;
    bool by_cos; ///< COS itself reads it so; else something in between rewrote it
};

Reading reading_of(const Facts& facts, const Difference& difference)
{
    const auto raw = facts.target.raw_path;
    const auto shown = shortened(raw, 60);
    std::string blanks(raw);
    std::replace(blanks.begin(), blanks.end(), '+', ' ');
    if (blanks != raw && percent_decoded(blanks) == difference.theirs) {
        return {join("COS read the + in ", shown, " as a blank"), true};
    }
    if (difference.ambiguous && difference.theirs.find('+') != std::string::npos) {
        return {join("a blank in ", shown, " reached COS as a +"), false};
    }
    if (difference.ambiguous) {
        return {join("%2B in ", shown, " reached COS as a blank"), false};
    }
    return {join("COS received another path than was sent: ", shortened(difference.theirs, 60)), false};
}

Judgement differs(const Facts& facts, const Difference& difference)
{
    auto [summary, by_cos] = reading_of(facts, difference);
    Judgement judgement{
        .confidence = by_comparison(facts, difference),
        .summary = std::move(summary),
        .fix = by_cos ? "sign the decoded path, and send it encoded with %20 and %2B"
                      : "stop what rewrites the path between this proxy and COS",
        .evidence = {},
        .remedies =
            {{Actor::caller,
              "Encode the key once, octet by octet: a blank as %20, a plus as %2B, no slash doubled or "
              "lost."},
             {Actor::caller, "Sign the path as it is before encoding, beginning with exactly one slash."}},
        .policy = {},
    };
    if (!by_cos) {
        judgement.remedies.insert(
            judgement.remedies.begin(),
            {Actor::operator_, "Find what rewrites the path between this proxy and COS."}
        );
    }
    add_difference(judgement, difference);
    return judgement;
}

std::optional<Judgement> judge(const Facts& facts)
{
    if (secret_decides(facts)) {
        return signed_otherwise(facts, Piece::path);
    }
    if (named(facts, Family::signature) != Named::here) {
        return std::nullopt;
    }
    std::optional<Judgement> judgement;
    if (const auto* const difference = find_difference(facts, Piece::path)) {
        judgement = differs(facts, *difference);
    } else {
        judgement = suspicion(facts, suspect_path);
    }
    if (judgement) {
        add_answer(*judgement, facts);
    }
    return judgement;
}

} // namespace

extern const Cause signed_path_differs;

constexpr Cause signed_path_differs{
    .token = "signed-path-differs",
    .title = "COS read another path than was signed",
    .explanation =
        {
            .meaning = "The path is the second line of what is signed, and COS's line is not the client's.",
            .reason =
                "The decoded path is signed. Encoders disagree about blanks, plus signs, doubled slashes and "
                "characters beyond ASCII, and so do those who decode.",
            .evidence =
                "`certain` when COS's FormatString has another path than the request that left this proxy; "
                "`likely` when only a plus against a blank differs; `possible` when the path merely has "
                "something in it about which signers disagree.",
            .change = "The caller encodes each octet of the key once and signs the key as it was before. "
                      "Plain names "
                      "avoid the question.",
            .confused = "signature-mismatch: with equal paths, the fault is elsewhere.",
        },
    .chinese =
        {
            .title = "COS 读到的路径与签名的不同",
            .explanation =
                {
                    .meaning = "路径是签名文本的第二行，COS 的这一行与客户端的不同。",
                    .reason = "签名用的是解码后的路径。编码程序对空格、加号、双斜杠和非 ASCII "
                              "字符的处理各不相同，解码的也是。",
                    .evidence = "COS 的 FormatString "
                                "与离开代理的请求路径不同，或配置的密钥证明签的是另一种写法：`certain`"
                                "；只有加号与空格之差：`likely`；路径里只是含有容易出错的字符：`possible`。",
                    .change = "调用方对对象键的每个字节只编码一次，并用编码前的路径签名。简单的名字可以避开这"
                              "个问题。",
                    .confused = "signature-mismatch：路径相同，问题在别处。",
                },
        },
    .source =
        {"Request Signature",
         "Generating HttpString",
         "https://www.tencentcloud.com/document/product/436/7778",
         "2026-11-24"},
    .judge = judge,
};

} // namespace cosdiag::causes

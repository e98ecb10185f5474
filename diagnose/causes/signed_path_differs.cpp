// SPDX-License-Identifier: Apache-2.0
#include "diagnose/cause.hpp"
#include "diagnose/judging.hpp"
#include "diagnose/text.hpp"

namespace cosdiag::causes {
namespace {

/// What in the path signers are known to disagree about; empty when there is nothing.
std::string_view doubtful_part(std::string_view path) noexcept
{
    if (path.starts_with("//")) {
        return "begins with two slashes: the key handed to the SDK probably begins with one";
    }
    if (path.find('+') != std::string_view::npos) {
        return "has a + in it, which some take for a blank";
    }
    return {};
}

std::optional<Judgement> judge(const Facts& facts)
{
    if (secret_decides(facts)) {
        return signed_otherwise(facts, Piece::path);
    }
    if (named(facts, Family::signature) != Named::here) {
        return std::nullopt;
    }
    const auto* const difference = find_difference(facts, Piece::path);
    const auto doubt = doubtful_part(facts.target.raw_path);
    if (difference == nullptr && doubt.empty()) {
        return std::nullopt;
    }
    Judgement judgement{
        .confidence = Confidence::possible,
        .summary = join("the path ", shortened(facts.target.raw_path, 60), " ", doubt),
        .fix = "sign the decoded path, and send it encoded with %20 and %2B",
        .evidence = {},
        .remedies = {},
        .policy = {},
    };
    const bool plus = difference != nullptr && difference->ambiguous;
    if (difference != nullptr) {
        judgement.confidence = by_comparison(facts, *difference);
        judgement.summary =
            plus ? join("COS read the + in ", shortened(facts.target.raw_path, 60), " as a blank")
                 : join("COS received another path than was sent: ", shortened(difference->theirs, 60));
        add_difference(judgement, *difference);
    } else {
        judgement.evidence.push_back({Seen::request, "path", shortened(facts.target.raw_path, 200)});
    }
    add_answer(judgement, facts);
    judgement.remedies = {
        {Actor::caller,
         "Encode the key once, octet by octet: a blank as %20, a plus as %2B, no slash doubled or lost."},
        {Actor::caller, "Sign the path as it is before encoding, beginning with exactly one slash."},
    };
    if (difference != nullptr && !plus) {
        judgement.remedies.insert(
            judgement.remedies.begin(),
            {Actor::operator_, "Find what rewrites the path between this proxy and COS."}
        );
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
    .source =
        {"Request Signature",
         "Generating HttpString",
         "https://www.tencentcloud.com/document/product/436/7778",
         "2026-11-24"},
    .judge = judge,
};

} // namespace cosdiag::causes

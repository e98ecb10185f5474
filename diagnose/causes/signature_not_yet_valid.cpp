// SPDX-License-Identifier: Apache-2.0
#include "diagnose/cause.hpp"
#include "diagnose/judging.hpp"
#include "diagnose/text.hpp"

namespace cosdiag::causes {
namespace {

std::optional<Judgement> judge(const Facts& facts)
{
    const auto what = named(facts, Family::expired);
    const auto window = validity_of(facts);
    if (what == Named::elsewhere || !window || !facts.clock) {
        return std::nullopt;
    }
    const auto ahead = window->begin - facts.clock->now;
    const bool at_edge = ahead >= -edge && ahead <= edge && window->end > facts.clock->now + edge;
    if (ahead < -edge || (at_edge && what == Named::nothing) || (!at_edge && ahead <= edge)) {
        return std::nullopt;
    }
    Judgement judgement{
        .confidence = at_edge ? Confidence::likely : by_arithmetic(facts, what),
        .summary =
            at_edge ? join("the signature begins at ", iso_time(window->begin), ", within 2 s of COS's clock")
                    : join(
                          "the signature begins ",
                          std::to_string(ahead),
                          " s after COS's clock (",
                          iso_time(window->begin),
                          ")"
                      ),
        .fix = "correct the clock of the machine that signs, then sign again",
        .evidence = {},
        .remedies = {},
        .policy = {},
    };
    add_answer(judgement, facts);
    add_times(judgement, facts);
    add_signer_clock(judgement, facts);
    if (const auto hours = whole_hours(ahead)) {
        judgement.evidence.push_back(
            {Seen::request,
             "start against COS's clock",
             join("+", std::to_string(*hours), " h: a whole number of hours, as a wrong time zone gives")}
        );
        judgement.remedies.push_back(
            {Actor::caller, "Check for local time taken as UTC: the start is off by a whole number of hours."}
        );
    }
    judgement.remedies.push_back(
        {Actor::operator_, "Set the clock of the machine that signs by NTP: its present is COS's future."}
    );
    judgement.remedies.push_back(
        {Actor::caller, "Let the window begin a minute in the past, so that small differences do not matter."}
    );
    return judgement;
}

} // namespace

extern const Cause signature_not_yet_valid;

constexpr Cause signature_not_yet_valid{
    .token = "signature-not-yet-valid",
    .title = "The signature's time has not begun",
    .explanation =
        {
            .meaning = "By COS's clock, the window for which the request was signed lies in the future.",
            .reason = "COS answers that the request has expired whenever its clock is outside the window, on "
                      "either "
                      "side of it.",
            .evidence = "The start of the window against COS's clock. `certain` when COS says so too, "
                        "`likely` without "
                        "a body. Two seconds at the edge decide nothing.",
            .change =
                "The operator sets the clock of the signing machine. SDKs that let the window begin a minute "
                "earlier forgive small differences.",
            .confused = "signature-expired: the same words of COS, the other end of the window.",
        },
    .chinese =
        {
            .title = "签名尚未生效",
            .explanation =
                {
                    .meaning = "按 COS 的时钟，签名的时间窗还在将来。",
                    .reason = "只要时钟不在窗内，无论在哪一边，COS 都回答请求已过期。",
                    .evidence = "时间窗的起点与 COS 的时钟比较。COS 也这样说时为 `certain`，没有正文时为 "
                                "`likely`。边缘两秒不作判断。",
                    .change = "运维人员校准签名机器的时钟。让时间窗提前一分钟开始的 SDK 能容忍小的误差。",
                    .confused = "signature-expired：COS 的说法相同，却是时间窗的另一端。",
                },
        },
    .source =
        {"403 Error for COS Access",
         "Message: \"Request has expired\"",
         "https://www.tencentcloud.com/document/product/436/40105",
         "2026-11-24"},
    .judge = judge,
};

} // namespace cosdiag::causes

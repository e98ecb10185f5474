// SPDX-License-Identifier: Apache-2.0
#include "diagnose/cause.hpp"
#include "diagnose/judging.hpp"
#include "diagnose/text.hpp"

namespace cosdiag::causes {
namespace {

/// What the window says against COS's clock.
enum class Position { unknown, before, open, edge, after };

Position position_of(const Facts& facts, std::optional<Window> window) noexcept
{
    if (!window || !facts.clock) {
        return Position::unknown;
    }
    const auto now = facts.clock->now;
    if (now > window->end + edge) {
        return Position::after;
    }
    if (now >= window->end - edge) {
        return Position::edge;
    }
    return now > window->begin + edge ? Position::open : Position::before;
}

std::optional<Confidence> confidence_of(const Facts& facts, Named what, Position position) noexcept
{
    if (position == Position::after) {
        return by_arithmetic(facts, what);
    }
    if (what == Named::nothing || position == Position::before) {
        return std::nullopt;
    }
    const bool header_without_window = position == Position::unknown && !facts.authorization.presigned() &&
                                       (facts.authorization.scheme == SignatureScheme::aws_v4 ||
                                        facts.authorization.scheme == SignatureScheme::aws_v2);
    return position == Position::open || header_without_window ? Confidence::possible : Confidence::likely;
}

std::string summary_of(const Facts& facts, Position position, std::optional<Window> window)
{
    switch (position) {
    case Position::after:
        return join(
            "the signature ended ",
            std::to_string(facts.clock->now - window->end),
            " s before COS's clock (",
            iso_time(window->end),
            ")"
        );
    case Position::edge:
        return join("the signature ends at ", iso_time(window->end), ", within 2 s of COS's clock");
    case Position::open:
        return join("COS says the request has expired, though its window runs until ", iso_time(window->end));
    default:
        break;
    }
    if (window) {
        return join(
            "COS says the request has expired; its window ends at ",
            iso_time(window->end),
            ", and COS's clock was not seen"
        );
    }
    return "COS says that the request has expired; its time window was not seen";
}

void add_steps(Judgement& judgement, const Facts& facts, std::optional<Window> window)
{
    if (window && facts.clock) {
        judgement.evidence.push_back(
            {Seen::request, "life of the signature", span_in_words(window->end - window->begin)}
        );
        if (const auto hours = whole_hours(window->begin - facts.clock->now)) {
            judgement.evidence.push_back(
                {Seen::request,
                 "start against COS's clock",
                 join(std::to_string(*hours), " h: a whole number of hours, as a wrong time zone gives")}
            );
            judgement.remedies.push_back(
                {Actor::caller,
                 "Check for local time taken as UTC: the start is off by a whole number of hours."}
            );
        }
    }
    judgement.remedies.push_back(
        {Actor::caller,
         facts.authorization.presigned()
             ? "Ask for a new presigned URL, with a life that covers the time until it is used."
             : "Sign each request when it is sent, and give long uploads a longer window."}
    );
    if (signer_clock_verdict(facts) != SignerVerdict::right) {
        judgement.remedies.push_back(
            {Actor::operator_,
             "Keep the clock of the machine that signs in step (NTP), and its time zone right."}
        );
    }
}

std::optional<Judgement> judge(const Facts& facts)
{
    const auto what = named(facts, Family::expired);
    if (what == Named::elsewhere || facts.authorization.window_fault != WindowFault::none) {
        return std::nullopt;
    }
    const auto window = validity_of(facts);
    const auto position = position_of(facts, window);
    const auto confidence = confidence_of(facts, what, position);
    if (!confidence) {
        return std::nullopt;
    }
    Judgement judgement{
        .confidence = *confidence,
        .summary = summary_of(facts, position, window),
        .fix = window && explained_by_signer_clock(facts, window->begin)
                   ? "set the clock of the machine that signs (NTP), then sign again"
                   : "sign again, with an end time in the future",
        .evidence = {},
        .remedies = {},
        .policy = {},
    };
    add_answer(judgement, facts);
    add_times(judgement, facts);
    add_signer_clock(judgement, facts);
    add_steps(judgement, facts, window);
    return judgement;
}

} // namespace

extern const Cause signature_expired;

constexpr Cause signature_expired{
    .token = "signature-expired",
    .title = "The signature's time is over",
    .explanation =
        {
            .meaning = "The request reached COS after the end of the time for which it was signed.",
            .reason = "Each signature has a window, q-sign-time and q-key-time or the expiry of a presigned "
                      "URL. COS "
                      "takes the request only while its own clock is inside.",
            .evidence =
                "The end of the window against COS's clock, which is its Date, its ServerTime or the time "
                "inside the request id. `certain` when COS says so too; `likely` without a body, or without "
                "the window. Two seconds at the edge decide nothing.",
            .change =
                "The caller signs anew. Where it happens again and again: a longer window, a clock in step, "
                "no time zone mixed into Unix seconds.",
            .confused = "clock-skewed: the window is short and fresh, but made by a wrong clock.",
        },
    .chinese =
        {
            .title = "签名已过有效期",
            .explanation =
                {
                    .meaning = "请求到达 COS 时，签名的有效时间已经结束。",
                    .reason = "每个签名都有时间窗：q-sign-time 和 q-key-time，或预签名 URL 的到期时间。只有 "
                              "COS 自己的时钟在窗内才接受请求。",
                    .evidence = "时间窗的终点与 COS 的时钟比较；COS 的时钟取自 Date、ServerTime 或请求 ID "
                                "里的时间。COS 也这样说时为 `certain`；没有正文或看不到时间窗时为 "
                                "`likely`。边缘两秒不作判断。",
                    .change = "调用方重新签名。若反复发生：加长有效期、校准时钟，不要把时区混入 Unix 秒。",
                    .confused = "clock-skewed：时间窗短而新，却是由错误的时钟生成的。",
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

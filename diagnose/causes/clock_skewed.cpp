// SPDX-License-Identifier: Apache-2.0
#include "diagnose/cause.hpp"
#include "diagnose/judging.hpp"
#include "diagnose/text.hpp"

namespace cosdiag::causes {
namespace {

constexpr Seconds in_step = 60; ///< closer clocks are taken to agree: requests spend time on their way

Seconds size_of(Seconds offset) noexcept
{
    return offset < 0 ? -offset : offset;
}

/// The date that the client itself wrote, if it did.
std::optional<Seconds> client_date(const Facts& facts)
{
    if (facts.authorization.stamped_at && !facts.authorization.presigned()) {
        return facts.authorization.stamped_at;
    }
    for (const auto* const name : {"x-cos-date", "x-amz-date", "date"}) {
        if (const auto sent = facts.asked(name)) {
            const auto iso = read_iso_time(*sent);
            return iso ? iso : read_http_date(*sent);
        }
    }
    return std::nullopt;
}

/// When the client says it signed: q-key-time may come from elsewhere, such as STS.
std::optional<Window> sign_window(const Facts& facts)
{
    const auto& sent = facts.authorization.sign_time;
    return sent ? read_window(*sent).window : std::nullopt;
}

/// The client's clock minus COS's. Without a date the start of the window stands in for it, unless the window
/// is open: then it may have begun long ago by intention.
std::optional<Seconds> client_offset(const Facts& facts)
{
    if (!facts.clock) {
        return std::nullopt;
    }
    const auto now = facts.clock->now;
    if (const auto date = client_date(facts)) {
        return *date - now;
    }
    const auto window = sign_window(facts);
    const bool stands_in =
        window && !facts.authorization.presigned() && (window->begin > now || window->end < now);
    return stands_in ? std::optional(window->begin - now) : std::nullopt;
}

bool amazon_header(const Authorization& authorization) noexcept
{
    return authorization.carrier == Carrier::header && (authorization.scheme == SignatureScheme::aws_v4 ||
                                                        authorization.scheme == SignatureScheme::aws_v2);
}

/// A header signed the AWS way has no window of its own: only a clock can make it too old.
std::optional<Confidence> for_amazon(Named what, std::optional<Seconds> offset) noexcept
{
    const bool far = offset && size_of(*offset) > allowed_skew;
    if (far || (!offset && what == Named::here)) {
        return Confidence::likely;
    }
    return std::nullopt;
}

/// A COS window speaks of a clock when it lies ahead, or off by whole hours, or the client's date is off as
/// well, or its earlier requests were off by the same; and not when these were right.
std::optional<Confidence> for_window(const Facts& facts, Named what, std::optional<Seconds> offset)
{
    const auto window = sign_window(facts);
    if (!window || !facts.clock || facts.authorization.presigned() ||
        facts.authorization.window_fault != WindowFault::none) {
        return std::nullopt;
    }
    const auto now = facts.clock->now;
    const bool ahead = window->begin > now + edge;
    const bool over = window->end + edge < now;
    if (!ahead && !over) {
        return std::nullopt;
    }
    if (explained_by_signer_clock(facts, window->begin)) {
        return Confidence::likely;
    }
    if (signer_clock_verdict(facts) == SignerVerdict::right) {
        return std::nullopt;
    }
    const bool dated = client_date(facts).has_value();
    if (dated && offset && size_of(*offset) <= in_step) {
        return std::nullopt;
    }
    if (ahead || (dated && offset && size_of(*offset) > allowed_skew)) {
        return what == Named::here ? Confidence::likely : Confidence::possible;
    }
    if (whole_hours(window->begin - now)) {
        return Confidence::possible;
    }
    return window->end - window->begin <= 2 * 3600 ? std::optional(Confidence::possible) : std::nullopt;
}

std::optional<Confidence> confidence_of(const Facts& facts, std::optional<Seconds> offset)
{
    if (facts.family == Family::skewed) {
        const bool dated = offset && client_date(facts);
        const bool proven = dated && size_of(*offset) > allowed_skew;
        return proven                                 ? by_arithmetic(facts, Named::here)
               : dated && size_of(*offset) <= in_step ? Confidence::possible
                                                      : Confidence::likely;
    }
    const auto what = named(facts, Family::expired);
    if (what == Named::elsewhere) {
        return std::nullopt;
    }
    return amazon_header(facts.authorization) ? for_amazon(what, offset) : for_window(facts, what, offset);
}

/// Our own clock is the third witness: it tells which of the two is alone.
enum class Witness { absent, agrees_with_cos, agrees_with_client, agrees_with_nobody };

Witness witness_of(const Facts& facts, std::optional<Seconds> offset) noexcept
{
    if (!facts.our_offset) {
        return Witness::absent;
    }
    if (size_of(*facts.our_offset) <= in_step) {
        return Witness::agrees_with_cos;
    }
    if (!offset) {
        return Witness::absent;
    }
    return size_of(*offset - *facts.our_offset) <= in_step ? Witness::agrees_with_client
                                                           : Witness::agrees_with_nobody;
}

std::string_view words_of(Witness witness) noexcept
{
    switch (witness) {
    case Witness::agrees_with_cos:
        return "; the proxy's clock agrees with COS's";
    case Witness::agrees_with_client:
        return "; the proxy's clock is off by the same";
    case Witness::agrees_with_nobody:
        return "; the proxy's clock is off too";
    case Witness::absent:
        break;
    }
    return {};
}

std::string summary_of(const Facts& facts, std::optional<Seconds> offset)
{
    if (!offset) {
        return "the request's time and COS's clock are too far apart; the client's clock seems wrong";
    }
    if (facts.family == Family::skewed && size_of(*offset) <= in_step) {
        return "COS says that the clocks are too far apart, but the times seen agree: a request sent again "
               "later, or restamped?";
    }
    const auto hours = whole_hours(*offset);
    return join(
        "the client's time is ",
        span_in_words(*offset),
        *offset < 0 ? " behind" : " ahead of",
        " COS's clock",
        hours ? ", a whole number of hours: a time zone slip?" : "",
        facts.family == Family::skewed ? " (15 min are allowed)" : "",
        words_of(witness_of(facts, offset))
    );
}

void add_witness(Judgement& judgement, const Facts& facts, std::optional<Seconds> offset)
{
    if (offset) {
        judgement.evidence.push_back(
            {Seen::request,
             "client's clock minus COS's",
             join(
                 std::to_string(*offset),
                 client_date(facts) ? " s, within 1 s" : " s, or up to 60 s more: windows may begin early"
             )}
        );
    }
    add_signer_clock(judgement, facts);
    if (facts.our_offset) {
        judgement.evidence.push_back(
            {Seen::our_clock,
             "proxy's clock minus COS's",
             join(std::to_string(*facts.our_offset), " s, within ", std::to_string(facts.our_slack), " s")}
        );
    }
    switch (witness_of(facts, offset)) {
    case Witness::agrees_with_cos:
        judgement.remedies.push_back(
            {Actor::operator_,
             "Set the client's clock by NTP: the proxy's clock and COS's agree, the client's does not."}
        );
        break;
    case Witness::agrees_with_client:
        judgement.remedies.push_back(
            {Actor::operator_,
             "Set the clock of this machine by NTP: proxy and client are off by the same amount."}
        );
        break;
    case Witness::agrees_with_nobody:
        judgement.remedies.push_back(
            {Actor::operator_, "Set both clocks by NTP: the proxy's is wrong too, by another amount."}
        );
        break;
    case Witness::absent:
        break;
    }
}

std::optional<Judgement> judge(const Facts& facts)
{
    const auto offset = client_offset(facts);
    const auto confidence = confidence_of(facts, offset);
    if (!confidence) {
        return std::nullopt;
    }
    Judgement judgement{
        .confidence = *confidence,
        .summary = summary_of(facts, offset),
        .fix = "set the clock of the machine that signs (NTP), then sign again",
        .evidence = {},
        .remedies = {},
        .policy = {},
    };
    add_answer(judgement, facts);
    add_times(judgement, facts);
    add_witness(judgement, facts, offset);
    judgement.remedies.push_back(
        {Actor::caller,
         "Check the machine's time zone too: Unix seconds are UTC, whatever the wall clock shows."}
    );
    judgement.remedies.push_back(
        {Actor::caller,
         "Where the clock cannot be set: SDKs take an offset (SystemClockOffset, setLocalTimeDelta)."}
    );
    return judgement;
}

} // namespace

extern const Cause clock_skewed;

constexpr Cause clock_skewed{
    .token = "clock-skewed",
    .title = "The clock of the signing machine is wrong",
    .explanation =
        {
            .meaning = "The time at which the client says it signed is too far from COS's.",
            .reason = "COS allows 15 minutes between the request's time and its own. A COS signature made by "
                      "a wrong "
                      "clock has a window that lies elsewhere, and COS says that it has expired.",
            .evidence = "The client's date or the start of its window, against COS's clock, and the proxy's "
                        "clock as a "
                        "third. `certain` when COS says RequestTimeTooSkewed and more than 15 minutes are "
                        "seen. Whole "
                        "hours point to a time zone.",
            .change = "Whoever runs the signing machine sets its clock. The entry says which of the three "
                      "clocks is "
                      "alone.",
            .confused = "signature-expired: an old signature from a right clock.",
        },
    .chinese =
        {
            .title = "签名机器的时钟不准",
            .explanation =
                {
                    .meaning = "客户端声称的签名时间与 COS 的时间相差太远。",
                    .reason = "COS 允许请求时间与自己的时间相差 15 分钟。时钟错误时做的 COS "
                              "签名，时间窗就在别处，COS 会说请求已过期。",
                    .evidence = "客户端的日期或时间窗起点与 COS 的时钟比较，并以代理的时钟为第三方。COS 返回 "
                                "RequestTimeTooSkewed 且确实相差 15 分钟以上时为 "
                                "`certain`。整小时的差多半是时区问题。",
                    .change = "由签名机器的管理者校准时钟。日志条目会说明三个时钟里哪一个与众不同。",
                    .confused = "signature-expired：时钟是准的，签名放得太久。",
                },
        },
    .source =
        {"403 Error for COS Access",
         "Message: \"RequestTimeTooSkewed\"",
         "https://www.tencentcloud.com/document/product/436/40105",
         "2026-11-24"},
    .judge = judge,
};

} // namespace cosdiag::causes

// SPDX-License-Identifier: Apache-2.0
#include "diagnose/cause.hpp"
#include "diagnose/judging.hpp"
#include "diagnose/text.hpp"

#include <utility>

namespace cosdiag::causes {
namespace {

/// The first of the fields that is at fault, and what stands in it.
struct Faulty {
    std::string_view name;
    std::string sent;
};

Faulty faulty_field(const Facts& facts)
{
    const auto& sign = facts.authorization.sign_time;
    const auto& key = facts.authorization.key_time;
    if (sign && read_window(*sign).fault != WindowFault::none) {
        return {"q-sign-time", *sign};
    }
    if (key && read_window(*key).fault != WindowFault::none) {
        return {"q-key-time", *key};
    }
    const auto* const expires = facts.target.find("Expires");
    return {"Expires", expires == nullptr ? std::string() : expires->value};
}

/// A unit finer than seconds, and what to divide by: 13 digits are milliseconds.
struct Unit {
    std::string_view name, divisor;
};

Unit unit_of(std::string_view times) noexcept
{
    const auto digits = first_without(times, is_digit);
    return digits > 18   ? Unit{"nanoseconds", "1000000000"}
           : digits > 15 ? Unit{"microseconds", "1000000"}
                         : Unit{"milliseconds", "1000"};
}

struct Words {
    std::string summary, fix, step;
};

Words words_of(const Facts& facts)
{
    constexpr std::string_view pair_of_times =
        "Compute start and end in Unix seconds, start first, and join them with a semicolon.";
    const auto [field, sent] = faulty_field(facts);
    const auto shown = join(field, " ", shortened(sent, 44), " ");
    switch (facts.authorization.window_fault) {
    case WindowFault::too_fine: {
        const auto [unit, divisor] = unit_of(sent);
        return {
            join(shown, "counts ", unit, " where COS wants seconds"),
            join("divide both times by ", divisor),
            join("Divide by ", divisor, " before signing: the program's clock counts ", unit, ".")};
    }
    case WindowFault::reversed:
        return {
            join(shown, "ends before it starts"),
            "write it as <start>;<end>, both in Unix seconds",
            std::string(pair_of_times)};
    case WindowFault::disjoint:
        return {
            join(
                "q-sign-time ",
                shortened(facts.authorization.sign_time.value_or(""), 44),
                " and q-key-time ",
                shortened(facts.authorization.key_time.value_or(""), 44),
                " have no moment in common"
            ),
            "sign with one time window for both",
            "Use one window for q-sign-time and q-key-time, as SDKs do."};
    default:
        return {
            join(shown, "is not two numbers with a semicolon between"),
            "write it as <start>;<end>, both in Unix seconds",
            std::string(pair_of_times)};
    }
}

std::optional<Judgement> judge(const Facts& facts)
{
    const auto what = named(facts, Family::expired);
    if (what == Named::elsewhere || facts.authorization.window_fault == WindowFault::none) {
        return std::nullopt;
    }
    auto [summary, fix, step] = words_of(facts);
    Judgement judgement{
        .confidence = what == Named::here ? Confidence::certain : Confidence::likely,
        .summary = std::move(summary),
        .fix = std::move(fix),
        .evidence = {},
        .remedies = {},
        .policy = {},
    };
    add_answer(judgement, facts);
    add_times(judgement, facts);
    judgement.remedies = {
        {Actor::caller, std::move(step)},
        {Actor::caller, "Give the SDK StartTime and ExpiredTime in seconds, as the answer of STS has them."},
    };
    return judgement;
}

} // namespace

extern const Cause sign_time_malformed;

constexpr Cause sign_time_malformed{
    .token = "sign-time-malformed",
    .title = "The signature's time window is not one",
    .explanation =
        {
            .meaning =
                "q-sign-time or q-key-time is not a start and an end in Unix seconds, so COS cannot find the "
                "present in between; or the two have no moment in common.",
            .reason = "COS reads `<start>;<end>`, both in seconds. In milliseconds the start lies thousands "
                      "of years "
                      "ahead; an end before the start leaves no moment at all.",
            .evidence = "The text of the field itself. `certain` when COS says that the request has expired.",
            .change = "The caller corrects the program that computes the times.",
            .confused =
                "signature-expired and signature-not-yet-valid: there the window is one, at another time.",
        },
    .chinese =
        {
            .title = "签名的时间窗不成立",
            .explanation =
                {
                    .meaning = "q-sign-time 或 q-key-time 不是以 Unix 秒表示的起止时间，COS "
                               "无法判断现在是否在其中；或者两者没有共同的时刻。",
                    .reason = "COS 读取 "
                              "`<start>;<end>`"
                              "，单位都是秒。写成毫秒，起始就在几万年之后；止早于起，就没有任何时刻有效。",
                    .evidence = "依据字段本身的文字。COS 说请求已过期时为 `certain`。",
                    .change = "调用方修正计算时间的程序。",
                    .confused =
                        "signature-expired 和 signature-not-yet-valid：那里时间窗成立，只是在另一个时间。",
                },
        },
    .source =
        {"Request Signature",
         "Generating KeyTime",
         "https://www.tencentcloud.com/document/product/436/7778",
         "2026-11-24"},
    .judge = judge,
};

} // namespace cosdiag::causes

// SPDX-License-Identifier: Apache-2.0
#include "diagnose/cause.hpp"
#include "diagnose/judging.hpp"
#include "diagnose/text.hpp"

namespace cosdiag::causes {
namespace {

std::string_view fault_words(WindowFault fault) noexcept
{
    switch (fault) {
    case WindowFault::milliseconds:
        return "counts milliseconds where COS wants seconds";
    case WindowFault::reversed:
        return "ends before it starts";
    default:
        return "is not two numbers with a semicolon between";
    }
}

/// The first of the two fields that is at fault.
std::string_view faulty_field(const Authorization& authorization) noexcept
{
    const bool sign_time =
        authorization.sign_time && read_window(*authorization.sign_time).fault != WindowFault::none;
    return sign_time ? "q-sign-time" : "q-key-time";
}

std::optional<Judgement> judge(const Facts& facts)
{
    const auto what = named(facts, Family::expired);
    const auto fault = facts.authorization.window_fault;
    if (what == Named::elsewhere || fault == WindowFault::none) {
        return std::nullopt;
    }
    const auto field = faulty_field(facts.authorization);
    const auto& sent = field == "q-sign-time" ? facts.authorization.sign_time : facts.authorization.key_time;
    Judgement judgement{
        .confidence = what == Named::here ? Confidence::certain : Confidence::likely,
        .summary = join(field, " ", shortened(sent.value_or(""), 40), " ", fault_words(fault)),
        .fix = fault == WindowFault::milliseconds ? "divide both times by 1000"
                                                  : "write it as <start>;<end>, both in Unix seconds",
        .evidence = {},
        .remedies = {},
        .policy = {},
    };
    add_answer(judgement, facts);
    add_times(judgement, facts);
    judgement.remedies = {
        {Actor::caller,
         fault == WindowFault::milliseconds
             ? "Divide by 1000 before signing: clocks of JavaScript and Java count milliseconds."
             : "Compute start and end in Unix seconds, start first, and join them with a semicolon."},
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
                "present in between.",
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
                               "无法判断现在是否在其中。",
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

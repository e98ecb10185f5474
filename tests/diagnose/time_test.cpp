// SPDX-License-Identifier: Apache-2.0
#include "diagnose/cos_clock.hpp"
#include "diagnose/time.hpp"

#include <doctest/doctest.h>

#include <string>

namespace cosdiag {
namespace {

constexpr Seconds now = 1'795'492'800; // 2026-11-24T04:00:00Z
constexpr std::string_view now_text = "Tue, 24 Nov 2026 04:00:00 GMT";

} // namespace

TEST_SUITE_BEGIN("diagnose/time");

TEST_CASE("HTTP dates are read, and anything like one is not")
{
    CHECK(read_http_date("Sun, 06 Nov 1994 08:49:37 GMT") == 784'111'777);
    CHECK(read_http_date(now_text) == now);
    CHECK(read_http_date(" Thu, 01 Jan 1970 00:00:00 GMT ") == 0);
    CHECK(read_http_date("Sun, 6 Nov 1994 08:49:37 GMT") == 784'111'777);
    CHECK(read_http_date("Thu, 29 Feb 2024 23:59:60 GMT") == 1'709'251'200);
    for (const std::string_view text :
         {"",
          "Sun, 06 Nov 1994 08:49:37",
          "Sun, 06 Nov 1994 08:49:37 +0800",
          "Sun, 06 Noo 1994 08:49:37 GMT",
          "Sun, 32 Nov 1994 08:49:37 GMT",
          "Sun, 06 Nov 1994 24:49:37 GMT",
          "Sunday, 06-Nov-94 08:49:37 GMT",
          "Sun Nov  6 08:49:37 1994",
          "Sun, 06 Nov 1994 08:49:37 GMT and more",
          "784111777"}) {
        CAPTURE(text);
        CHECK_FALSE(read_http_date(text));
    }
}

TEST_CASE("ISO stamps are read with and without punctuation and fractions")
{
    for (const std::string_view text :
         {"2026-11-24T04:00:00Z",
          "20261124T040000Z",
          "2026-11-24T04:00:00.123Z",
          " 2026-11-24T04:00:00Z\n"}) {
        CAPTURE(text);
        CHECK(read_iso_time(text) == now);
    }
    for (const std::string_view text :
         {"",
          "2026-11-24",
          "2026-11-24T04:00:00",
          "2026-11-24T04:00:00+08:00",
          "2026-13-24T04:00:00Z",
          "2026-11-24 04:00:00Z",
          "1795492800"}) {
        CAPTURE(text);
        CHECK_FALSE(read_iso_time(text));
    }
}

TEST_CASE("moments are written as they are read")
{
    static constexpr std::pair<Seconds, std::string_view> rows[] = {
        {0, "1970-01-01T00:00:00Z"},
        {-1, "1969-12-31T23:59:59Z"},
        {now, "2026-11-24T04:00:00Z"},
        {951'782'400, "2000-02-29T00:00:00Z"},
        {4'107'542'400, "2100-03-01T00:00:00Z"},
        {253'402'300'799, "9999-12-31T23:59:59Z"},
    };
    for (const auto& [moment, text] : rows) {
        CAPTURE(text);
        CHECK(iso_time(moment) == text);
        CHECK(read_iso_time(text) == moment);
    }
    CHECK(iso_time(253'402'300'800) == "253402300800");
    CHECK(iso_time_ms(now * 1000 + 42) == "2026-11-24T04:00:00.042Z");
    CHECK(iso_time_ms(-1) == "1969-12-31T23:59:59.999Z");
}

TEST_CASE("spans are told in words that people use")
{
    static constexpr std::pair<Seconds, std::string_view> rows[] = {
        {0, "0 s"},
        {119, "119 s"},
        {-42, "42 s"},
        {120, "2 min"},
        {3812, "1 h 3 min 32 s"},
        {3600, "1 h"},
        {8 * 3600 + 1, "8 h 1 s"},
        {86400, "1 d"},
        {3 * 86400 + 2 * 3600 + 59, "3 d 2 h"},
    };
    for (const auto& [span, words] : rows) {
        CHECK(span_in_words(span) == words);
    }
}

TEST_CASE("offsets within 90 s of 1 to 14 whole hours look like a slip of time zone")
{
    static constexpr std::pair<Seconds, int> rows[] = {
        {3600, 1}, {-3600, -1}, {8 * 3600 + 90, 8}, {8 * 3600 - 90, 8}, {-14 * 3600, -14}};
    for (const auto& [offset, hours] : rows) {
        CAPTURE(offset);
        CHECK(whole_hours(offset) == hours);
    }
    for (const Seconds offset :
         {Seconds{0}, Seconds{89}, Seconds{1800}, Seconds{3600 + 91}, Seconds{15 * 3600}, Seconds{86400}}) {
        CAPTURE(offset);
        CHECK_FALSE(whole_hours(offset));
    }
}

TEST_CASE("request ids of COS begin with the second in which the request arrived")
{
    CHECK(request_id_time("NWNhYzEzZThfM2ExYjJjMDlfNGQ1ZV82ZjcwODE=") == 0x5cac13e8);
    CHECK(request_id_time(" NmIwNTBiYzBfM2ExYjJjMDlfNGQ1ZV82ZjcwODE= ") == now);
    for (const std::string_view text : {
             "",
             "NWNhYzEz",                                 // too short
             "NTg4****",                                 // masked, as documentation has it
             "5cac13e8_3a1b2c09_4d5e_6f7081",            // not base64
             "enp6enp6enpfM2ExYjJjMDlfNGQ1ZV82ZjcwODE=", // zzzzzzzz_
             "MDAwMDAwMDFfM2ExYjJjMDlfNGQ1ZV82ZjcwODE=", // 1970
             "ZmZmZmZmZmZfM2ExYjJjMDlfNGQ1ZV82ZjcwODE=", // 2106
             "MDAwMDAwMDAwMDAwMDFfM2ExYjI=",             // fourteen digits
         }) {
        CAPTURE(text);
        CHECK_FALSE(request_id_time(text));
    }
}

TEST_CASE("COS's clock is its Date while the sources agree, else the moment the request arrived")
{
    using enum ClockSource;

    constexpr std::string_view at_0 = "NmIwNTBiYzBfM2ExYjJjMDlfNGQ1ZV82ZjcwODE="; // 04:00:00

    static constexpr struct {
        std::string_view date, server_time, request_id;
        Seconds now;
        ClockSource source;
        bool disputed;
    } rows[] = {
        {now_text, "", "", now, ClockSource::date, false},
        {"", "2026-11-24T04:00:00Z", "", now, server_time, false},
        {"", "", at_0, now, request_id, false},
        {"Tue, 24 Nov 2026 04:00:05 GMT", "", at_0, now + 5, ClockSource::date, false},
        {"Tue, 24 Nov 2026 04:00:06 GMT", "", at_0, now, request_id, true},
        {"Tue, 24 Nov 2026 04:30:00 GMT", "2026-11-24T04:00:01Z", at_0, now, request_id, true},
        {"Tue, 24 Nov 2026 04:30:00 GMT", "2026-11-24T04:00:00Z", "", now, server_time, true},
        {"Tue, 24 Nov 2026 04:00:00 GMT",
         "",
         "NWNhYzEzZThfM2ExYjJjMDlfNGQ1ZV82ZjcwODE=",
         now,
         ClockSource::date,
         false},                                                                        // an id of years ago
        {"Tue, 24 Nov 2026 03:59:00 GMT", "", at_0, now - 60, ClockSource::date, true}, // of the future
        {"Thu, 26 Nov 2026 04:00:00 GMT", "", at_0, now + 2 * 86400, ClockSource::date, true},
        {"nonsense", "nonsense", at_0, now, request_id, false},
    };

    for (const auto& row : rows) {
        CAPTURE(row.date);
        CAPTURE(row.server_time);
        CAPTURE(row.request_id);
        const auto clock = read_cos_clock(row.date, row.server_time, row.request_id);
        REQUIRE(clock);
        CHECK(clock->now == row.now);
        CHECK(clock->source == row.source);
        CHECK(clock->disputed == row.disputed);
    }
    CHECK_FALSE(read_cos_clock("", "", ""));
    CHECK_FALSE(read_cos_clock("soon", "now", "masked****"));
}

TEST_SUITE_END();

} // namespace cosdiag

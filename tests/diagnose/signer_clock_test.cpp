// SPDX-License-Identifier: Apache-2.0
#include "diagnose/memory.hpp"
#include "diagnose/signer_clock.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace cosdiag;

namespace {

constexpr Seconds noon = 1795521600; // 2026-11-24T12:00:00Z

/// One request: when COS received it, and when its window begins.
struct Look {
    Seconds cos, start;
};

std::optional<SignerClock> estimate(const std::vector<Look>& looks)
{
    SignerClocks clocks;
    for (const auto& look : looks) {
        clocks.observe("192.0.2.7", "AKIDa", {look.start, look.start - look.cos - 1, 62}, look.cos);
    }
    return clocks.recall("192.0.2.7", "AKIDa", looks.back().cos + 5);
}

} // namespace

TEST_SUITE("diagnose/signer_clock")
{
    TEST_CASE("a request's own date is read before the window of its signature; a URL's window is not")
    {
        struct Row {
            std::vector<Field> fields;
            std::optional<Seconds> offset, slack;
        };

        const Field window{
            "Authorization",
            "q-sign-algorithm=sha1&q-ak=AKIDa&q-sign-time=1795521540;1795522440&q-key-time=1;2"};
        const Row rows[] = {
            {{{"Date", "Tue, 24 Nov 2026 12:00:10 GMT"}, window}, 9, 2},
            {{{"x-amz-date", "20261124T115950Z"}}, -11, 2},
            {{{"x-cos-date", "Tue, 24 Nov 2026 12:00:00 GMT"}}, -1, 2},
            {{window}, -61, 62},
            {{{"Authorization", "q-sign-algorithm=sha1&q-sign-time=1795521540000;1795522440000"}}, {}, {}},
            {{{"Authorization", "AWS AKIDa:c2lnbmF0dXJl"}}, {}, {}},
            {{{"Date", "yesterday"}, window}, -61, 62},
            {{}, {}, {}},
        };
        for (const auto& row : rows) {
            const auto sample = read_clock_sample(row.fields, noon);
            CAPTURE(row.fields.size());
            CHECK(sample.has_value() == row.offset.has_value());
            if (sample && row.offset) {
                CHECK(sample->offset == *row.offset);
                CHECK(sample->slack == *row.slack);
            }
        }
    }

    TEST_CASE("fresh samples that agree make an estimate; one alone, or the same signature again, does not")
    {
        struct Row {
            const char* name;
            std::vector<Look> looks;
            std::optional<Seconds> offset;
            unsigned samples;
            Seconds ago = 5;
        };

        const Row rows[] = {
            {"one", {{noon, noon - 1}}, {}, 0},
            {"two that agree", {{noon, noon - 1}, {noon + 10, noon + 9}}, -2, 2},
            {"three", {{noon, noon}, {noon + 10, noon + 9}, {noon + 11, noon + 10}}, -2, 3},
            {"a clock an hour behind", {{noon, noon - 3601}, {noon + 3, noon - 3598}}, -3602, 2},
            {"one signature used twice", {{noon, noon - 300}, {noon + 10, noon - 300}}, {}, 0},
            {"the key's own start, renewed once", {{noon, noon - 900}, {noon + 60, noon + 59}}, {}, 0},
            {"an old signature between", {{noon, noon}, {noon + 1, noon - 900}, {noon + 2, noon + 2}}, -1, 2},
            {"an old one used again and again",
             {{noon, noon}, {noon + 1, noon + 1}, {noon + 2, noon - 900}, {noon + 3, noon - 900}},
             -1,
             2,
             7},
            {"a clock that was set",
             {{noon, noon - 900}, {noon + 1, noon - 899}, {noon + 2, noon + 2}, {noon + 3, noon + 3}},
             -1,
             2},
            {"a quarter of an hour between", {{noon, noon}, {noon + 901, noon + 901}}, {}, 0},
        };
        for (const auto& row : rows) {
            CAPTURE(row.name);
            const auto known = estimate(row.looks);
            CHECK(known.has_value() == row.offset.has_value());
            if (known && row.offset) {
                CHECK(known->offset == *row.offset);
                CHECK(known->samples == row.samples);
                CHECK(known->ago == row.ago);
            }
        }
    }

    TEST_CASE("an estimate belongs to one key at one address, and is forgotten after a quarter of an hour")
    {
        SignerClocks clocks;
        clocks.observe("192.0.2.7", "AKIDa", {noon, -1, 62}, noon);
        clocks.observe("192.0.2.7", "AKIDa", {noon + 5, -1, 62}, noon + 5);
        CHECK(clocks.recall("192.0.2.7", "AKIDa", noon + 905));
        CHECK_FALSE(clocks.recall("192.0.2.7", "AKIDa", noon + 906));
        CHECK_FALSE(clocks.recall("192.0.2.8", "AKIDa", noon + 6));
        CHECK_FALSE(clocks.recall("192.0.2.7", "AKIDb", noon + 6));
    }
}

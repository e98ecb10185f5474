// SPDX-License-Identifier: Apache-2.0
#include "diagnose/json_value.hpp"
#include "diagnose/wrap.hpp"
#include "proxy/offline/log_entry.hpp"
#include "proxy/tail/entry_printer.hpp"
#include "support.hpp"

#include <doctest/doctest.h>

using namespace cosdiag;
using namespace cosdiag::tail;

namespace {

/// UTC, of the day that the entries are from.
PrintStyle plain()
{
    PrintStyle style;
    style.local = [](Seconds moment) {
        const auto seconds = static_cast<std::time_t>(moment);
        std::tm utc{};
        ::gmtime_r(&seconds, &utc);
        return utc;
    };
    style.today = "2026-11-24";
    return style;
}

std::string
entry(const std::string& id, unsigned attempts = 1, const std::string& first_id = "", int seconds = 0)
{
    auto diagnosis = test::anonymous(id);
    diagnosis.attempts = attempts;
    diagnosis.first_id = first_id;
    diagnosis.at.ms += seconds * 1000;
    return json_line(diagnosis);
}

bool has(const std::string& text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

TEST_SUITE("proxy/tail/entry_printer")
{
    TEST_CASE("an entry is shown as its block, behind the time of day")
    {
        EntryPrinter printer(plain());
        const auto line = entry("91e155a0592f36b8");
        auto narrower = BlockStyle{};
        narrower.width -= 9;
        const auto expected = "04:00:00 " + block(*offline::read_log_entry(line), narrower);
        CHECK(printer.shown(line) == expected);
        CHECK(printer.shown(line) == "\n" + expected);
        CHECK(printer.passed_over() == 0);
    }

    TEST_CASE("an entry that was read back is the entry that was written")
    {
        auto written = test::anonymous("91e155a0592f36b8");
        written.attempts = 3;
        written.first_id = "0123456789abcdef";
        CHECK(json_line(*offline::read_log_entry(json_line(written))) == json_line(written));
    }

    TEST_CASE("a later try takes one line, if the first was shown and the cause is the same")
    {
        EntryPrinter printer(plain());
        CHECK(has(printer.shown(entry("91e155a0592f36b8")), "anonymous-request"));
        CHECK(printer.shown(entry("02", 2, "91e155a0592f36b8", 1)) == "04:00:01 again: try 2 of 91e155…\n");
        CHECK(printer.shown(entry("03", 3, "91e155a0592f36b8", 2)) == "04:00:02 again: try 3 of 91e155…\n");
        const auto unseen = printer.shown(entry("05", 4, "4444444444444444", 3));
        CHECK(has(unseen, "\n04:00:03 403 GET"));
        CHECK(has(unseen, "  again: try 4 of 444444…\n"));
        CHECK(has(printer.shown(entry("06", 5, "4444444444444444", 4)), "04:00:04 again: try 5"));
        auto other = entry("07", 6, "4444444444444444", 5);
        other.replace(other.find("anonymous-request"), 17, "permission-denied");
        CHECK(has(printer.shown(other), "permission-denied"));
    }

    TEST_CASE("a day other than the last one is named")
    {
        EntryPrinter printer(plain());
        printer.shown(entry("01"));
        CHECK(printer.shown(entry("02", 1, "", 86'400)).starts_with("\n2026-11-25\n04:00:00 403 GET"));
        CHECK(printer.shown(entry("03", 1, "", 86'401)).starts_with("\n04:00:01 403 GET"));
        auto style = plain();
        style.today.clear();
        CHECK(EntryPrinter(style).shown(entry("01")).starts_with("2026-11-24\n04:00:00 403 GET"));
    }

    TEST_CASE("Chinese texts are Chinese")
    {
        auto style = plain();
        style.block.language = Language::chinese;
        EntryPrinter printer(style);
        CHECK(has(printer.shown(entry("91e155a0592f36b8")), "怎么办"));
        CHECK(printer.shown(entry("02", 2, "91e155a0592f36b8")) == "04:00:00 再次：91e155… 的第 2 次尝试\n");
    }

    TEST_CASE("what is no entry is passed over and counted")
    {
        EntryPrinter printer(plain());
        for (const std::string line :
             {"2026-11-24 info cosdiag listening", "{", "{}", "[1]", "{\"schema\":\"another/1\"}", "\x1b[2J"})
            CHECK(printer.shown(line) == "");
        CHECK(printer.passed_over() == 6);
        CHECK(printer.shown("") == "");
        CHECK(printer.shown(" \r") == "");
        CHECK(printer.passed_over() == 6);
    }

    TEST_CASE("an entry behind another program's words is one")
    {
        EntryPrinter printer(plain());
        CHECK(
            printer.shown("\x1b[36mcosdiag-1 |\x1b[0m " + entry("01") + "\r").starts_with("04:00:00 403 GET")
        );
    }

    TEST_CASE("what does not fit the filter is not shown, and not passed over either")
    {
        auto style = plain();
        style.filter.key = "other";
        EntryPrinter printer(style);
        CHECK(printer.shown(entry("01")) == "");
        CHECK_FALSE(printer.fits(entry("01")));
        CHECK(printer.fits(json_line(test::anonymous("02", "another"))));
        CHECK_FALSE(printer.fits("another"));
        CHECK(printer.passed_over() == 0);
    }

    TEST_CASE("an entry whose first cause is unknown shows what it says of itself")
    {
        EntryPrinter printer(plain());
        auto line = entry("01");
        line.replace(line.find("anonymous-request"), 17, "cause-of-tomorrow");
        line.insert(
            line.find("],\"request\""), R"(,{"cause":"permission-denied","summary":"the second best"})"
        );
        const auto shown = printer.shown(line);
        CHECK(shown.starts_with("04:00:00 403 GET http"));
        CHECK(has(shown, "\n  cause-of-tomorrow\n  the request is not signed"));
        CHECK(has(shown, "\n  a cause that this version does not know\n"));
        CHECK(has(printer.shown(R"({"schema":"cosdiag.diagnosis/1","causes":7,"time":[]})"), "00:00:00 0 "));
    }

    TEST_CASE("as JSON, lines pass through as they are; a terminal gets nothing that controls it")
    {
        auto style = plain();
        style.json = true;
        auto line = entry("01", 2, "02");
        line.insert(
            line.find("report.pdf"),
            "\xC2\x9B"
            "2J\x7f\xE2\x80\xAE"
        );
        CHECK(EntryPrinter(style).shown(line + "\r") == line + "\r\n");
        style.terminal = true;
        const auto shown = EntryPrinter(style).shown(line + "\r");
        CHECK(has(shown, "\\u009b2J\\u007f\\u202ereport.pdf"));
        CHECK(parse_json(shown.substr(0, shown.size() - 3)) == json::value());
        CHECK(parse_json(json_for_terminal(line)) == parse_json(line));
    }

    TEST_CASE("nothing in an entry can control a terminal")
    {
        for (const bool colour : {false, true}) {
            auto style = plain();
            style.block.colour = colour;
            EntryPrinter printer(style);
            auto diagnosis = test::anonymous("\x1b[31m");
            diagnosis.first_id = "\x1b]0;title\x07";
            diagnosis.attempts = 2;
            diagnosis.exchange.url = diagnosis.exchange.method = "\x1b[2J\xC2\x9B";
            auto shown = printer.shown(json_line(diagnosis));
            auto strange = json_line(diagnosis);
            strange.replace(strange.find("anonymous-request"), 17, "\\u001b[2J");
            shown += printer.shown(strange);
            CHECK(has(shown, "\x1b[2m04:00:00\x1b[0m") == colour);
            for (std::size_t at = 0; (at = shown.find('\x1b', at)) != std::string::npos; ++at) {
                CHECK(colour);
                CHECK(shown.find('m', at) - at <= 7);
            }
            std::string bare = shown;
            for (std::size_t at = 0; (at = bare.find('\x1b')) != std::string::npos;)
                bare.erase(at, bare.find('m', at) - at + 1);
            std::erase(bare, '\n');
            CHECK(for_terminal(bare) == bare);
        }
    }

    TEST_CASE("the ids that later tries are joined to are kept in bounds")
    {
        EntryPrinter printer(plain());
        for (int i = 0; i < 4097; ++i)
            printer.shown(entry("id" + std::to_string(i)));
        CHECK(has(printer.shown(entry("x", 2, "id0")), "403 GET"));
        CHECK(printer.shown(entry("y", 2, "id4096")).starts_with("04:00:00 again"));
    }
}

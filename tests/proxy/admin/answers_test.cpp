// SPDX-License-Identifier: Apache-2.0
#include "diagnose/causes.hpp"
#include "proxy/admin/answers.hpp"
#include "proxy/clients/trust.hpp"
#include "tests/proxy/admin/support.hpp"

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

using namespace cosdiag;
using namespace cosdiag::admin;
using test::parsed;
using test::seqs_in;

namespace {

using Seqs = std::vector<std::uint64_t>;

json::value page_of(const log::Journal& journal, const Query& query)
{
    return parsed(diagnoses_json(journal, query, "0123abcd"));
}

/// Follows `next` from answer to answer; each must be within the limit.
Seqs read_through(const log::Journal& journal, Query query)
{
    Seqs all;
    for (;;) {
        const json::value page = page_of(journal, query);
        const Seqs seqs = seqs_in(page);
        CHECK(seqs.size() <= query.limit);
        all.insert(all.end(), seqs.begin(), seqs.end());
        if (value_in(page, "next").is_null())
            return all;
        REQUIRE_FALSE(seqs.empty());
        query.before = static_cast<std::uint64_t>(number_in(page, "next"));
    }
}

/// Number i is anonymous if i is divisible by 3, and of bucket b if by 5.
void fill(log::Journal& journal, std::uint64_t count)
{
    for (std::uint64_t i = 1; i <= count; ++i)
        journal.add(test::entry(i % 3 == 0 ? "anonymous-request" : "clock-skewed", i % 5 == 0 ? "b" : "a"));
}

Query query_of(std::string_view text)
{
    return std::get<Query>(parse_query(text));
}

std::string version()
{
    test::Program program;
    return std::string(
        text_in(parsed(status_json(program.settings, program.numbers(), program.instance, 0)), "version")
    );
}

} // namespace

TEST_SUITE("proxy/admin/answers")
{
    TEST_CASE("without a diagnosis there is an empty list")
    {
        CHECK(
            diagnoses_json({}, {}, "0123abcd") ==
            R"({"schema":"cosdiag.diagnoses/1","entries":[],"next":null,"latest":0,"kept":0,"forgotten":0,)"
            R"("instance":"0123abcd"})"
        );
        CHECK(value_in(page_of({}, query_of("cause=clock-skewed&before=7")), "next").is_null());
    }

    TEST_CASE("entries stand as they are in the log, the newest first")
    {
        log::Journal journal;
        fill(journal, 2);
        const json::value page = page_of(journal, {});
        CHECK(seqs_in(page) == Seqs{2, 1});
        CHECK(
            json::serialize(list_in(value_in(page, "entries"))[0].at("entry")) ==
            test::entry("clock-skewed", "a")
        );
        CHECK(number_in(page, "latest") == 2);
        CHECK(number_in(page, "kept") == 2);
        CHECK(number_in(page, "forgotten") == 0);
        CHECK(text_in(page, "instance") == "0123abcd");
    }

    TEST_CASE("reading on until there is no next gives every entry that fits once, whatever the limit")
    {
        log::Journal journal;
        fill(journal, 61);

        struct Row {
            const char* filter;
            std::uint64_t every;
        };

        for (const Row& row :
             {Row{"", 1},
              {"cause=anonymous-request", 3},
              {"bucket=b", 5},
              {"cause=anonymous-request&bucket=b", 15},
              {"bucket=nobodys", 1000}}) {
            Seqs expected;
            for (std::uint64_t i = 61; i > 0; --i)
                if (i % row.every == 0)
                    expected.push_back(i);
            for (const std::size_t limit : {1U, 2U, 3U, 4U, 5U, 12U, 20U, 60U, 61U, 62U, 1000U}) {
                CAPTURE(row.filter);
                CAPTURE(limit);
                Query query = query_of(row.filter);
                query.limit = limit;
                CHECK(read_through(journal, query) == expected);
            }
        }
    }

    TEST_CASE("a whole page with nothing behind it has no next")
    {
        log::Journal journal;
        fill(journal, 3);
        CHECK(value_in(page_of(journal, query_of("limit=3")), "next").is_null());
        CHECK(number_in(page_of(journal, query_of("limit=2")), "next") == 2);
        CHECK(value_in(page_of(journal, query_of("limit=1&before=2")), "next").is_null());
        CHECK(value_in(page_of(journal, query_of("before=0")), "next").is_null());
        CHECK(seqs_in(page_of(journal, query_of("before=0"))).empty());
    }

    TEST_CASE("what memory has let go of is counted, and reading on ends where it begins")
    {
        log::Journal journal({.entries = 10});
        fill(journal, 25);
        const json::value page = page_of(journal, query_of("limit=4"));
        CHECK(number_in(page, "latest") == 25);
        CHECK(number_in(page, "kept") == 10);
        CHECK(number_in(page, "forgotten") == 15);
        CHECK(read_through(journal, query_of("limit=4")) == Seqs{25, 24, 23, 22, 21, 20, 19, 18, 17, 16});
        const json::value behind = page_of(journal, query_of("before=10"));
        CHECK(seqs_in(behind).empty());
        CHECK(value_in(behind, "next").is_null());
    }

    TEST_CASE("entries that come while somebody reads on change nothing of what is behind")
    {
        log::Journal journal;
        fill(journal, 6);
        const json::value page = page_of(journal, query_of("limit=2"));
        fill(journal, 6);
        const std::string next = std::to_string(number_in(page, "next"));
        CHECK(seqs_in(page_of(journal, query_of("limit=2&before=" + next))) == Seqs{4, 3});
    }

    TEST_CASE("the status says what the settings come to and what has been counted")
    {
        test::Program program;
        About& about = program.settings;
        about.listeners = {
            {{"127.0.0.1", 8403}, config::ListenerMode::forward, false},
            {{"::1", 8405}, config::ListenerMode::reverse, true},
            {{"0.0.0.0", 8406}, config::ListenerMode::transparent, false}};
        about.domains = {"myqcloud.com", "example.com"};
        about.ca_made = "2026-03-01";
        about.upgrades = true;
        about.log = "/var/log/cosdiag.jsonl";
        about.language = "zh";
        program.now.clients = 4;
        program.now.log_lost = 5;
        net::Meters& meters = program.meters.take();
        meters.requests[1][2][3].add(6);
        meters.requests[0][0][0].add(1);
        meters.tunnels[0].add(8);
        meters.tunnels[1].add(100);
        program.tallies.distrusted();
        program.tallies.saw_clock(-1500);
        CHECK(
            status_json(program.settings, program.numbers(), program.instance, 1'795'492'771'000) ==
            R"({"schema":"cosdiag.status/1","version":")" + version() +
                R"(","instance":"0123abcd","started":"2026-11-24T03:59:30.500Z","now":"2026-11-24T03:59:31.000Z",)"
                R"("draining":false,"listeners":[{"address":"127.0.0.1:8403","mode":"forward","tls":false},)"
                R"({"address":"[::1]:8405","mode":"reverse","tls":true},)"
                R"({"address":"0.0.0.0:8406","mode":"transparent","tls":false}],)"
                R"("https":{"domains":["myqcloud.com","example.com"],"ca_made":"2026-03-01"},"upgrades":true,)"
                R"("log":"/var/log/cosdiag.jsonl","language":"zh","counts":{"requests":7,"diagnoses":0,)"
                R"("blind_tunnels":8,"trust_failures":1,"log_lost":5,"client_connections":4},)"
                R"("clock_offset_seconds":-1.5E0})"
        );
    }

    TEST_CASE("what the status does not know is null")
    {
        test::Program program;
        program.settings.language = "en";
        const json::value status =
            parsed(status_json(program.settings, program.numbers(), program.instance, 0));
        CHECK(list_in(value_in(value_in(status, "https"), "domains")).empty());
        CHECK(status.at("https").at("ca_made").is_null());
        CHECK(status.at("log").is_null());
        CHECK(status.at("clock_offset_seconds").is_null());
        CHECK(list_in(value_in(status, "listeners")).empty());
    }

    TEST_CASE("every cause has its pages in both languages")
    {
        const json::value answer = parsed(causes_json());
        CHECK(text_in(answer, "schema") == "cosdiag.causes/1");
        const json::array& causes = list_in(value_in(answer, "causes"));
        REQUIRE(causes.size() == all_causes().size());
        for (std::size_t i = 0; i < causes.size(); ++i) {
            const json::value& each = causes[i];
            CAPTURE(text_in(each, "cause"));
            CHECK(text_in(each, "cause") == all_causes()[i]->token);
            CHECK(text_in(each, "docs").starts_with("https://"));
            for (const char* language : {"en", "zh"})
                for (const char* part : {"title", "meaning", "reason", "evidence", "change"}) {
                    CAPTURE(language);
                    CAPTURE(part);
                    CHECK_FALSE(text_in(value_in(each, language), part).empty());
                }
        }
    }

    TEST_CASE("the setup has what leads clients here, a setting for each runtime")
    {
        About about;
        about.proxy = "127.0.0.1:8403";
        about.shell_line = "eval \"$(cosdiag env)\"";
        about.run_line = "cosdiag run -- COMMAND";
        about.fingerprint = "AB:CD";
        about.trust = clients::trust_lines({"/d/ca.pem", "/d/bundle.pem", "/d/trust.p12"});
        const json::value setup = parsed(setup_json(about));
        CHECK(text_in(setup, "schema") == "cosdiag.setup/1");
        CHECK(text_in(setup, "proxy") == "http://127.0.0.1:8403");
        CHECK(text_in(setup, "shell") == about.shell_line);
        CHECK(text_in(setup, "run") == about.run_line);
        CHECK(text_in(value_in(setup, "ca"), "fingerprint") == "AB:CD");
        const json::array& clients = list_in(value_in(setup, "clients"));
        CHECK(clients.size() == about.trust.size());
        for (const json::value& each : clients) {
            CAPTURE(json::serialize(each));
            CHECK_FALSE(text_in(each, "name").empty());
            CHECK(text_in(each, "name").find('/') == std::string_view::npos);
            const json::array& lines = list_in(value_in(each, "lines"));
            REQUIRE(lines.size() == 1);
            CHECK(lines[0].as_string().find("/d/") != std::string_view::npos);
        }
    }

    TEST_CASE("without a forward listener or a CA the setup says null")
    {
        const json::value setup = parsed(setup_json({}));
        CHECK(setup.at("proxy").is_null());
        CHECK(setup.at("ca").is_null());
        CHECK(list_in(value_in(setup, "clients")).empty());
    }

    TEST_CASE("errors are JSON whatever bytes are in them")
    {
        CHECK(error_json("no \"such\"\n") == R"({"error":"no \"such\"\n"})");
        CHECK(error_json("caf\xe9") == "{\"error\":\"caf\xef\xbf\xbd\"}");
    }
}

// SPDX-License-Identifier: Apache-2.0
#include "proxy/admin/server.hpp"
#include "tests/proxy/admin/visitor.hpp"

#include <doctest/doctest.h>

#include <deque>

using namespace cosdiag;
using namespace cosdiag::test;

TEST_SUITE("proxy/admin/server")
{
    TEST_CASE("a visitor that leaves in the middle of whatever harms nobody")
    {
        const Listening listening;
        for (const std::string_view text : {"", "G", "GET / HTTP/1.1\r\nHost: localhost\r\n"}) {
            CHECK(ask(listening, text).empty());
            Visitor(listening).say(text);
        }
        for (int i = 0; i < 20; ++i)
            Visitor(listening).say(request("/")).say(request("/api/causes"));
        CHECK(is_answered(listening));
    }

    TEST_CASE("who follows gets entries as they come, and each follower all of them")
    {
        Listening listening;
        Visitor first(listening);
        Visitor second(listening);
        first.say(request("/api/diagnoses", stream_wanted)).heard("event: instance");
        second.say(request("/api/diagnoses?cause=anonymous-request", stream_wanted)).heard("event: instance");
        for (int i = 0; i < 500; ++i)
            listening.program.journal.add(test::entry(i % 10 == 9 ? "anonymous-request" : "clock-skewed", "a")
            );
        const std::string all = first.heard("id: 500\n");
        for (int i = 1; i <= 500; ++i)
            CHECK(has(all, join("id: ", std::to_string(i), "\nevent: diagnosis\n")));
        const std::string some = second.heard("id: 500\n");
        for (int i = 1; i <= 500; ++i)
            CHECK(has(some, join("id: ", std::to_string(i), "\n")) == (i % 10 == 0));
    }

    TEST_CASE("who comes back with the last number that it saw misses nothing")
    {
        Listening listening;
        for (int i = 0; i < 10; ++i)
            listening.program.journal.add(test::entry("clock-skewed", "a"));
        Visitor visitor(listening);
        visitor.say(request("/api/diagnoses?after=2", join(stream_wanted, "Last-Event-ID: 7\r\n")));
        const std::string events = visitor.heard("id: 10\n");
        CHECK_FALSE(has(events, "id: 7\n"));
        CHECK(has(events, "id: 8\n"));
    }

    TEST_CASE("who follows is told of the end, and told so if it comes later")
    {
        Listening listening;
        Visitor before(listening);
        before.say(request("/api/diagnoses", stream_wanted)).heard("event: instance");
        listening.server->tell_draining();
        CHECK(has(before.heard("event: draining"), "event: draining\ndata: {}\n\n"));
        Visitor later(listening);
        later.say(request("/api/diagnoses", stream_wanted));
        CHECK(has(later.heard("event: draining"), "event: draining\ndata: {}\n\n"));
        listening.program.journal.add(test::entry("clock-skewed", "a"));
        CHECK(has(before.heard("id: 1\n"), "id: 1\n"));
    }

    TEST_CASE("one that does not read what it follows does not keep the others waiting")
    {
        Listening listening;
        Visitor stuck(listening);
        stuck.say(request("/api/diagnoses", stream_wanted));
        Visitor reader(listening);
        reader.say(request("/api/diagnoses", stream_wanted)).heard("event: instance");
        const std::string bucket(20'000, 'b');
        for (int i = 1; i <= 1500; ++i)
            listening.program.journal.add(test::entry("clock-skewed", bucket));
        CHECK(has(reader.heard("id: 1500\n"), "id: 1500\n"));
        CHECK(is_answered(listening));
    }

    TEST_CASE("any number of visitors that say nothing, or never finish, leave room for one who asks")
    {
        const Listening listening;
        std::deque<Visitor> idle;
        for (int i = 0; i < 200; ++i)
            idle.emplace_back(listening).say(i % 2 == 0 ? "" : "GET /livez HTTP/1.1\r\nX-Never: ");
        CHECK(is_answered(listening));
        int open = 0;
        for (Visitor& each : idle)
            open += each.say("\r\nHost: localhost\r\n\r\n").heard("HTTP/1.1 ").empty() ? 0 : 1;
        CHECK(open < 64);
        CHECK(is_answered(listening));
    }

    TEST_CASE("any number of visitors that follow, or do not read, leave room for one who asks")
    {
        const Listening listening;
        std::deque<Visitor> visitors;
        for (int i = 0; i < 60; ++i)
            visitors.emplace_back(listening).say(request("/api/diagnoses", stream_wanted));
        int followers = 0;
        for (Visitor& each : visitors)
            followers += has(each.heard("\r\n\r\n"), "HTTP/1.1 200") ? 1 : 0;
        CHECK(followers == 48);
        CHECK(has(ask(listening, request("/api/diagnoses", stream_wanted)), "HTTP/1.1 503"));
        std::string many;
        while (many.size() < 200'000)
            many += request("/api/causes");
        for (int i = 0; i < 20; ++i)
            visitors.emplace_back(listening).say_some(many);
        CHECK(is_answered(listening));
    }

    TEST_CASE("it ends in the middle of everything")
    {
        for (int round = 0; round < 20; ++round) {
            Listening listening;
            std::deque<Visitor> visitors;
            for (const std::string& text :
                 {std::string(),
                  std::string("GET /livez HT"),
                  request("/api/diagnoses", stream_wanted),
                  request("/api/diagnoses", stream_wanted),
                  request("/api/causes"),
                  join("POST / HTTP/1.1\r\nContent-Length: 10\r\nHost: localhost\r\n\r\n", "x")})
                visitors.emplace_back(listening).say(text);
            if (round % 2 == 0)
                visitors[2].heard("event: instance");
            for (int i = 0; i < round; ++i)
                listening.program.journal.add(test::entry("clock-skewed", std::string(100'000, 'b')));
            if (round % 3 == 0)
                listening.server->tell_draining();
            listening.server.reset();
            for (Visitor& each : visitors) {
                each.all();
                CHECK_FALSE(each.waited_in_vain());
            }
            listening.program.journal.add("nobody listens any more");
        }
    }

    TEST_CASE("an address that is taken is told")
    {
        const Listening listening;
        config::Admin taken = Listening::settings();
        taken.address->port = listening.server->address().port();
        const test::Program& program = listening.program;
        test::Program other;
        CHECK_THROWS_WITH_AS(
            admin::Server(taken, {other, other.journal, program.meters, program.tallies}),
            doctest::Contains("the address is taken"),
            std::runtime_error
        );
    }
}

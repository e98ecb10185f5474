// SPDX-License-Identifier: Apache-2.0
#include "proxy/admin/visit.hpp"
#include "tests/proxy/admin/visitor.hpp"

#include <doctest/doctest.h>

using namespace cosdiag;
using namespace cosdiag::test;

TEST_SUITE("proxy/admin/visit")
{
    TEST_CASE("every answer is for this site alone, is not kept, and is what it says it is")
    {
        const Listening listening;
        for (const char* target :
             {"/", "/livez", "/metrics", "/api/diagnoses", "/api/diagnoses?limit=0", "/none"})
            for (const std::string_view more : {std::string_view(), stream_wanted}) {
                if (target == std::string_view("/api/diagnoses") && !more.empty())
                    continue;
                CAPTURE(target);
                const std::string answer = ask(listening, request(target, more));
                for (const char* field :
                     {"\r\nCache-Control: no-store\r\n",
                      "\r\nContent-Security-Policy: default-src 'none'",
                      "\r\nX-Content-Type-Options: nosniff\r\n",
                      "\r\nReferrer-Policy: no-referrer\r\n",
                      "\r\nCross-Origin-Resource-Policy: same-origin\r\n"})
                    CHECK_MESSAGE(has(answer, field), answer);
                CHECK_FALSE(has(answer, "Access-Control"));
            }
    }

    TEST_CASE("a connection serves one request after the other, pipelined ones too, in their order")
    {
        const Listening listening;
        const std::string answers =
            ask(listening,
                join(request("/livez"), request("/readyz", "", "HEAD"), request("/none"), request("/readyz"))
            );
        std::vector<std::string> lines;
        for (std::size_t at = 0; (at = answers.find("HTTP/1.1 ", at)) != std::string::npos; ++at)
            lines.push_back(answers.substr(at + 9, 3));
        CHECK(lines == std::vector<std::string>{"200", "200", "404", "200"});
        CHECK(answers.ends_with("\r\n\r\nready\n"));
    }

    TEST_CASE("HEAD gets the head of what GET gets")
    {
        const Listening listening;
        for (const char* target : {"/", "/livez", "/api/causes", "/api/setup", "/none"}) {
            CAPTURE(target);
            const std::string whole = ask(listening, request(target));
            const std::string head = ask(listening, request(target, "", "HEAD"));
            CHECK(head == whole.substr(0, whole.size() - body_of(whole).size()));
            CHECK(has(head, join("Content-Length: ", std::to_string(body_of(whole).size()), "\r\n")));
        }
    }

    TEST_CASE("HEAD of a stream gets its head and no events")
    {
        Listening listening;
        Visitor visitor(listening);
        const std::string answer = visitor.say(request("/api/diagnoses", stream_wanted, "HEAD")).all();
        CHECK(answer.starts_with("HTTP/1.1 200 OK\r\n"));
        CHECK(has(answer, "Content-Type: text/event-stream\r\n"));
        CHECK(body_of(answer).empty());
        CHECK_FALSE(visitor.waited_in_vain());
    }

    TEST_CASE("connections stay open or close as the visitor's version and wish say")
    {
        struct Row {
            const char* version;
            const char* connection;
            bool stays;
        };

        Listening listening;
        for (const Row& row :
             {Row{"1.1", "", true},
              {"1.1", "Connection: close\r\n", false},
              {"1.0", "", false},
              {"1.0", "Connection: keep-alive\r\n", true}}) {
            CAPTURE(row.version);
            CAPTURE(row.connection);
            const std::string once =
                join("GET /livez HTTP/", row.version, "\r\nHost: localhost\r\n", row.connection, "\r\n");
            Visitor visitor(listening);
            visitor.say(once).heard("ok\n");
            const std::string answers = row.stays ? visitor.say(once).heard("ok\nHTTP") : visitor.all();
            CHECK(has(answers, "ok\nHTTP") == row.stays);
            CHECK_FALSE(visitor.waited_in_vain());
        }
    }

    TEST_CASE("a visitor of HTTP/1.0 may follow")
    {
        Listening listening;
        Visitor visitor(listening);
        visitor.say(join("GET /api/diagnoses HTTP/1.0\r\nHost: localhost\r\n", stream_wanted, "\r\n"));
        const std::string head = visitor.heard("event: instance");
        CHECK_FALSE(has(head, "Transfer-Encoding"));
        CHECK(has(head, "Connection: close\r\n"));
        listening.program.journal.add(test::entry("clock-skewed", "a"));
        CHECK(has(visitor.heard("id: 1\n"), "id: 1\n"));
    }

    TEST_CASE("a request with a body is answered, and the answer arrives")
    {
        Listening listening;
        for (const std::string& sent :
             {join("Content-Length: 200000\r\n\r\n", std::string(200'000, 'x')),
              std::string("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"),
              std::string("Content-Length: 5\r\n\r\nGET /")}) {
            Visitor visitor(listening);
            visitor.say(join("POST /api/diagnoses HTTP/1.1\r\nHost: localhost\r\n", sent));
            const std::string answer = visitor.all();
            CHECK(answer.starts_with("HTTP/1.1 405 "));
            CHECK(has(answer, "\r\nAllow: GET, HEAD\r\n"));
            CHECK(has(answer, "Connection: close\r\n"));
            CHECK(answer.find("HTTP/1.1", 1) == std::string::npos);
            CHECK_FALSE(visitor.was_reset());
        }
        CHECK(is_answered(listening));
    }

    TEST_CASE("what is no request is told so")
    {
        Listening listening;
        for (const std::string& text :
             {std::string("nonsense\r\n\r\n"),
              std::string("GET /livez HTTP/2.0\r\nHost: localhost\r\n\r\n"),
              std::string("GET /livez HTTP/1.1\r\nHost localhost\r\n\r\n"),
              std::string("GET  /livez HTTP/1.1\r\n\r\n"),
              std::string("GET /livez HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n"),
              std::string("GET /livez HTTP/1.1\r\nHost: local\0host\r\n\r\n", 41),
              std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 a client that speaks TLS")}) {
            CAPTURE(text);
            const std::string answer = ask(listening, text);
            CHECK(answer.starts_with("HTTP/1.1 400 Bad Request\r\n"));
            CHECK_FALSE(text_in(test::parsed(body_of(answer)), "error").empty());
        }
        CHECK(is_answered(listening));
    }

    TEST_CASE("a head without end is told so, and ends")
    {
        Listening listening;
        for (const std::string& endless :
             {std::string(100'000, 'x'),
              join("GET /", std::string(100'000, 'x')),
              join("GET /livez HTTP/1.1\r\nX: ", std::string(100'000, 'x'))}) {
            Visitor visitor(listening);
            const std::string answer = visitor.say(endless).all();
            CHECK(answer.starts_with("HTTP/1.1 431 "));
            CHECK_FALSE(visitor.waited_in_vain());
        }
        const std::string much = join("X: ", std::string(15'000, 'x'), "\r\n");
        CHECK(ask(listening, request("/livez", much)).starts_with("HTTP/1.1 200 "));
    }
}

// SPDX-License-Identifier: Apache-2.0
// Requests in, what becomes of them out.
#include "proxy/http/forward.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace cosdiag::http;

namespace {

const Identity identity{"cosdiag-test", true};

/// The outgoing head, or "status code" of a refusal, or what else is done.
std::string outcome(const std::string& bytes, const Identity& who = identity)
{
    RequestHead head;
    if (const auto fault = parse_request(bytes, {}, head))
        return std::to_string(head_refusal(fault).status);
    const Plan plan = plan_request(head, who);
    if (const auto* refusal = std::get_if<Refusal>(&plan))
        return std::to_string(refusal->status);
    if (const auto* tunnel = std::get_if<Tunnel>(&plan))
        return "tunnel " + std::string(tunnel->origin.text);
    if (const auto* local = std::get_if<Local>(&plan)) {
        constexpr const char* names[] = {"hint", "options", "trace"};
        return names[static_cast<int>(local->kind)] + std::string(local->close ? " close" : "");
    }
    std::string out;
    write_request(head, std::get<Forward>(plan), who, out);
    return out;
}

Forward plan_of(const std::string& bytes, RequestHead& head)
{
    REQUIRE_FALSE(parse_request(bytes, {}, head));
    const Plan plan = plan_request(head, identity);
    REQUIRE(std::holds_alternative<Forward>(plan));
    return std::get<Forward>(plan);
}

constexpr const char* via = "Via: 1.1 cosdiag-test\r\n\r\n";

} // namespace

TEST_SUITE("proxy/http/forward")
{
    TEST_CASE("a request leaves in origin-form, its fields as they came")
    {
        CHECK(
            outcome("GET http://a.example/a%2F/../b?x=+ HTTP/1.1\r\nX-b:  1 \r\nHost: A.Example:80\r\nx-a: "
                    "2\r\nX-b: 3\r\n\r\n") ==
            std::string(
                "GET /a%2F/../b?x=+ HTTP/1.1\r\nX-b:  1 \r\nHost: A.Example:80\r\nx-a: 2\r\nX-b: 3\r\n"
            ) + via
        );
        CHECK(outcome("GET http://a.example HTTP/1.1\r\nHost: a.example\r\n\r\n")
                  .starts_with("GET / HTTP/1.1\r\n"));
        CHECK(outcome("GET http://a.example?q HTTP/1.1\r\nHost: a.example\r\n\r\n")
                  .starts_with("GET /?q HTTP/1.1\r\n"));
        CHECK(outcome("OPTIONS http://a.example HTTP/1.1\r\nHost: a.example\r\n\r\n")
                  .starts_with("OPTIONS * HTTP/1.1\r\n"));
        CHECK(outcome("OPTIONS http://a.example/ HTTP/1.1\r\nHost: a.example\r\n\r\n")
                  .starts_with("OPTIONS / HTTP/1.1\r\n"));
    }

    TEST_CASE("Host gives way to the target where they differ, in its place")
    {
        CHECK(
            outcome("GET http://a.example:81/ HTTP/1.1\r\nA: 1\r\nhost: other\r\nB: 2\r\n\r\n") ==
            std::string("GET / HTTP/1.1\r\nA: 1\r\nHost: a.example:81\r\nB: 2\r\n") + via
        );
        CHECK(
            outcome("GET http://a.example/ HTTP/1.1\r\nHost:\r\n\r\n") ==
            std::string("GET / HTTP/1.1\r\nHost: a.example\r\n") + via
        );
        CHECK(
            outcome("GET http://a.example/ HTTP/1.0\r\n\r\n") ==
            "GET / HTTP/1.1\r\nHost: a.example\r\nVia: 1.0 cosdiag-test\r\n\r\n"
        );
        CHECK(outcome("GET http://a.example/ HTTP/1.1\r\n\r\n") == "400");
        CHECK(
            outcome("GET http://a.example/ HTTP/1.1\r\nHost: a.example\r\nHost: a.example\r\n\r\n") == "400"
        );
        CHECK(outcome("GET http://a.example/ HTTP/1.1\r\nHost: a b\r\n\r\n") == "400");
        CHECK(outcome("GET http://a.example/ HTTP/1.1\r\nHost: u@a.example\r\n\r\n") == "400");
    }

    TEST_CASE("framing is said anew, lengths and expectations stay")
    {
        CHECK(
            outcome("PUT http://a.example/ HTTP/1.1\r\nTransfer-Encoding: Chunked\r\nHost: "
                    "a.example\r\nTrailer: X\r\n\r\n") ==
            std::string("PUT / HTTP/1.1\r\nHost: a.example\r\nTrailer: X\r\nTransfer-Encoding: chunked\r\n") +
                via
        );
        CHECK(
            outcome("PUT http://a.example/ HTTP/1.1\r\nHost: a.example\r\nContent-Length: 0\r\nExpect: "
                    "100-continue\r\n\r\n") ==
            std::string("PUT / HTTP/1.1\r\nHost: a.example\r\nContent-Length: 0\r\nExpect: 100-continue\r\n"
            ) + via
        );
        CHECK(
            outcome("POST http://a.example/ HTTP/1.1\r\nHost: a.example\r\n\r\n") ==
            std::string("POST / HTTP/1.1\r\nHost: a.example\r\n") + via
        );
    }

    TEST_CASE("websocket upgrades go on, h2c does not")
    {
        const std::string request =
            "GET http://a.example/ HTTP/1.1\r\nHost: a.example\r\nConnection: Upgrade\r\nUpgrade: ";
        CHECK(
            outcome(request + "websocket\r\n\r\n") ==
            std::string("GET / HTTP/1.1\r\nHost: a.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            ) + via
        );
        CHECK(outcome(request + "h2c\r\n\r\n") == std::string("GET / HTTP/1.1\r\nHost: a.example\r\n") + via);
    }

    TEST_CASE("Max-Forwards counts for OPTIONS and TRACE alone")
    {
        const auto with = [](const std::string& method, const std::string& value) {
            return outcome(
                method + " http://a.example/ HTTP/1.1\r\nHost: a.example\r\nMax-Forwards: " + value +
                "\r\n\r\n"
            );
        };
        CHECK(with("OPTIONS", "0") == "options");
        CHECK(with("TRACE", "0") == "trace");
        CHECK(with("TRACE", "3").find("Max-Forwards: 2\r\n") != std::string::npos);
        CHECK(with("GET", "0").find("Max-Forwards: 0\r\n") != std::string::npos);
        CHECK(with("OPTIONS", "x") == "400");
        CHECK(with("OPTIONS", "-1") == "400");
    }

    TEST_CASE("what is for the proxy itself is answered by it")
    {
        CHECK(outcome("GET /x HTTP/1.1\r\nHost: a.example\r\n\r\n") == "hint");
        CHECK(outcome("POST /x HTTP/1.1\r\nHost: a.example\r\nContent-Length: 5\r\n\r\n") == "hint close");
        CHECK(outcome("GET /x HTTP/1.0\r\n\r\n") == "hint close");
        CHECK(outcome("OPTIONS * HTTP/1.1\r\nHost: a.example\r\n\r\n") == "options");
    }

    TEST_CASE("a tunnel needs a valid authority and no body")
    {
        CHECK(
            outcome("CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n") == "tunnel a.example:443"
        );
        CHECK(outcome("CONNECT a.example:443 HTTP/1.0\r\n\r\n") == "tunnel a.example:443");
        CHECK(
            outcome("CONNECT a.example:443 HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n") ==
            "tunnel a.example:443"
        );
        CHECK(outcome("CONNECT a.example:443 HTTP/1.1\r\n\r\n") == "400");
        CHECK(outcome("CONNECT a.example:443 HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n") == "400");
        CHECK(
            outcome("CONNECT a.example:443 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n") ==
            "400"
        );
    }

    TEST_CASE("what has been here before goes no further")
    {
        const std::string head = "GET http://a.example/ HTTP/1.1\r\nHost: a.example\r\nVia: ";
        CHECK(outcome(head + "1.1 cosdiag-test\r\n\r\n") == "502");
        CHECK(outcome(head + "1.0 other, 1.1 cosdiag-test (x)\r\n\r\n") == "502");
        CHECK(outcome(head + "1.1 cosdiag-tester\r\n\r\n").starts_with("GET / "));
        CHECK(outcome(head + "1.1 cosdiag-other\r\n\r\n")
                  .ends_with("Via: 1.1 cosdiag-other\r\nVia: 1.1 cosdiag-test\r\n\r\n"));
        CHECK(outcome(head + "1.1 x\r\n\r\n", {"cosdiag-test", false}).ends_with("Via: 1.1 x\r\n\r\n"));
    }

    TEST_CASE("other schemes are refused with the way to go")
    {
        CHECK(outcome("GET https://a.example/ HTTP/1.1\r\nHost: a.example\r\n\r\n") == "501");
        CHECK(outcome("GET ftp://a.example/ HTTP/1.1\r\nHost: a.example\r\n\r\n") == "501");
        CHECK(outcome("GET http://a.example:0/ HTTP/1.1\r\nHost: a.example:0\r\n\r\n") == "400");
    }

    TEST_CASE("the plan says whether the client stays and whether the request may be repeated")
    {
        struct Row {
            const char* start;
            const char* fields;
            bool persists;
            bool idempotent;
            bool bound;
        };

        const Row rows[] = {
            {"GET http://a.example/ HTTP/1.1", "", true, true, false},
            {"GET http://a.example/ HTTP/1.1", "Connection: x, CLOSE\r\n", false, true, false},
            {"GET http://a.example/ HTTP/1.1", "Proxy-Connection: close\r\n", false, true, false},
            {"GET http://a.example/ HTTP/1.0", "Connection: keep-alive\r\n", false, true, false},
            {"POST http://a.example/ HTTP/1.1", "", true, false, false},
            {"PATCH http://a.example/ HTTP/1.1", "", true, false, false},
            {"get http://a.example/ HTTP/1.1", "", true, false, false},
            {"DELETE http://a.example/ HTTP/1.1", "Authorization: Negotiate x\r\n", true, true, true},
            {"GET http://a.example/ HTTP/1.1", "Authorization: ntlm x\r\n", true, true, true},
            {"GET http://a.example/ HTTP/1.1", "Authorization: q-sign-algorithm=sha1\r\n", true, true, false},
        };
        for (const Row& row : rows) {
            CAPTURE(row.start);
            CAPTURE(row.fields);
            RequestHead head;
            const std::string bytes =
                std::string(row.start) + "\r\nHost: a.example\r\n" + row.fields + "\r\n";
            const Forward plan = plan_of(bytes, head);
            CHECK(plan.client_persists == row.persists);
            CHECK(plan.idempotent == row.idempotent);
            CHECK(plan.bound == row.bound);
        }
    }

    TEST_CASE("a proxy is asked in absolute-form, by the authority that Host says")
    {
        struct Row {
            const char* target;
            const char* host;
            const char* line;
        };

        const Row rows[] = {
            {"GET http://a.example/a%2F?x=+", "a.example", "GET http://a.example/a%2F?x=+ HTTP/1.1"},
            {"GET http://a.example/", "A.Example:80", "GET http://A.Example:80/ HTTP/1.1"},
            {"GET http://a.example:80/", "a.example", "GET http://a.example/ HTTP/1.1"},
            {"GET http://a.example/", "b.example", "GET http://a.example/ HTTP/1.1"},
            {"GET http://a.example", "a.example", "GET http://a.example/ HTTP/1.1"},
            {"GET http://a.example?q", "a.example", "GET http://a.example/?q HTTP/1.1"},
            {"OPTIONS http://[::1]:81", "[::1]:81", "OPTIONS http://[::1]:81 HTTP/1.1"},
        };
        for (const Row& row : rows) {
            CAPTURE(row.target);
            const std::string bytes =
                std::string(row.target) + " HTTP/1.1\r\nHost: " + row.host +
                "\r\nProxy-Authorization: Basic bWluZQ==\r\nProxy-Connection: keep-alive\r\nX: y\r\n\r\n";
            RequestHead head;
            const Forward plan = plan_of(bytes, head);
            CHECK(fits_absolute_form(plan));
            std::string out;
            const NextProxy proxy{"Basic dTpw"};
            write_request(head, plan, identity, out, &proxy);
            const std::string host(host_sent(head, plan));
            CHECK(
                out == std::string(row.line) + "\r\nHost: " + host +
                           "\r\nX: y\r\nVia: 1.1 cosdiag-test\r\nProxy-Authorization: Basic dTpw\r\n\r\n"
            );
        }
    }
}

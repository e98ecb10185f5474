// SPDX-License-Identifier: Apache-2.0
#include "world.hpp"

#include <doctest/doctest.h>

using namespace cosdiag;
using namespace cosdiag::net;
using namespace cosdiag::net::test;

namespace {

std::string status_of(const std::string& answer)
{
    return answer.substr(0, answer.find("\r\n"));
}

config::Config quick()
{
    config::Config config;
    config.timeouts.client_head = config::milliseconds(60);
    config.timeouts.client_keep_alive = config::milliseconds(60);
    config.timeouts.upstream_head = config::milliseconds(60);
    config.timeouts.body_idle = config::milliseconds(60);
    config.limits.hold = config::milliseconds(60);
    return config;
}

constexpr std::string_view cos_host = "examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com";

std::string put(std::string_view length, std::string_view more = "")
{
    return "PUT http://a.example/x HTTP/1.1\r\nHost: a.example\r\nContent-Length: " + std::string(length) +
           "\r\n" + std::string(more) + "\r\n";
}

} // namespace

TEST_SUITE("proxy/net/session")
{
    TEST_CASE("a request goes on in origin-form and its answer comes back")
    {
        World world;
        const auto client = world.connect();
        client->push(get("a.example", "X-Odd-CASE:  two  \r\n"));
        world.settle();
        CHECK(world.dialer.asked == std::vector<std::string>{"a.example:80"});
        CHECK(
            world.origin().written ==
            "GET /x HTTP/1.1\r\nHost: a.example\r\nX-Odd-CASE:  two  \r\nVia: 1.1 cosdiag-test\r\n\r\n"
        );
        world.origin().push(answer_ok);
        world.settle();
        CHECK(client->written == relayed_ok);
        CHECK_FALSE(client->closed);
    }

    TEST_CASE("the answer is the same however the bytes are cut")
    {
        const std::string request =
            "PUT http://a.example/x HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: "
            "chunked\r\n\r\n3;x=y\r\nabc\r\n0\r\nT: v\r\n\r\n";
        const std::string answer = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: "
                                   "chunked\r\n\r\n2\r\nok\r\n0\r\nU: w\r\n\r\n";
        for (std::size_t piece = 1; piece <= answer.size(); ++piece) {
            CAPTURE(piece);
            World world;
            const auto client = world.connect();
            const auto origin = std::make_shared<Wire>();
            world.dialer.prepared.push_back(origin);
            for (const auto& wire : {client, origin})
                wire->most_at_once = piece;
            for (std::size_t at = 0; at < request.size(); at += piece) {
                client->push(std::string_view(request).substr(at, piece));
                world.settle();
            }
            CHECK(
                origin->written ==
                "PUT /x HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: chunked\r\nVia: 1.1 "
                "cosdiag-test\r\n\r\n3\r\nabc\r\n0\r\nT: v\r\n\r\n"
            );
            for (std::size_t at = 0; at < answer.size(); at += piece) {
                origin->push(std::string_view(answer).substr(at, piece));
                world.settle();
            }
            CHECK(
                client->written ==
                "HTTP/1.1 100 Continue\r\nVia: 1.1 cosdiag-test\r\n\r\nHTTP/1.1 200 "
                "OK\r\nTransfer-Encoding: chunked\r\nVia: 1.1 cosdiag-test\r\n\r\n2\r\nok\r\n0\r\nU: "
                "w\r\n\r\n"
            );
            CHECK_FALSE(client->closed);
        }
    }

    TEST_CASE("pipelined requests are answered in order over one connection to the origin")
    {
        World world;
        const auto client = world.connect();
        client->push(get() + get() + get("a.example", "Connection: close\r\n"));
        world.settle();
        for (int i = 0; i < 3; ++i) {
            CHECK_FALSE(client->closed);
            world.origin().push(answer_ok);
            world.settle();
        }
        CHECK(world.dialer.made.size() == 1);
        CHECK(client->written.starts_with(std::string(relayed_ok) + std::string(relayed_ok)));
        CHECK(client->closed);
    }

    TEST_CASE("a connection to an origin serves another client once its answer is through")
    {
        World world;
        for (int i = 0; i < 3; ++i) {
            const auto client = world.connect();
            client->push(get());
            world.settle();
            world.origin().push(answer_ok);
            world.settle();
            CHECK(client->written == relayed_ok);
            client->end();
            world.settle();
            CHECK(client->closed);
        }
        CHECK(world.dialer.made.size() == 1);
    }

    TEST_CASE("bytes behind an answer, or on an idle connection, end the connection to the origin")
    {
        for (const bool together : {true, false}) {
            CAPTURE(together);
            World world;
            const auto client = world.connect();
            client->push(get());
            world.settle();
            world.origin().push(std::string(answer_ok) + (together ? "HTTP/1.1 200 OK\r\n" : ""));
            world.settle();
            if (!together) {
                world.origin().push("H");
                world.settle();
            }
            client->push(get());
            world.settle();
            CHECK(world.dialer.made.size() == 2);
            CHECK(world.dialer.made.front()->closed);
            world.origin().push(answer_ok);
            world.settle();
            CHECK(client->written == std::string(relayed_ok) + std::string(relayed_ok));
        }
    }

    TEST_CASE("a reused connection that closes without a byte costs an idempotent request one more try")
    {
        World world;
        const auto client = world.connect();
        client->push(get());
        world.settle();
        world.origin().push(answer_ok);
        world.settle();
        const auto first = world.dialer.made.front();
        client->push(get());
        world.settle();
        REQUIRE(world.dialer.made.size() == 1);
        first->end();
        world.settle();
        REQUIRE(world.dialer.made.size() == 2);
        world.origin().push(answer_ok);
        world.settle();
        CHECK(client->written == std::string(relayed_ok) + std::string(relayed_ok));
    }

    TEST_CASE("a request that must not be repeated is told 502 instead")
    {
        World world;
        const auto client = world.connect();
        client->push(get());
        world.settle();
        world.origin().push(answer_ok);
        world.settle();
        client->written.clear();
        client->push("POST http://a.example/x HTTP/1.1\r\nHost: a.example\r\nContent-Length: 1\r\n\r\nb");
        world.settle();
        world.dialer.made.front()->end();
        world.settle();
        CHECK(world.dialer.made.size() == 1);
        CHECK(status_of(client->written) == "HTTP/1.1 502 Bad Gateway");
        CHECK(
            client->written.find("Proxy-Status: cosdiag; error=connection_terminated") != std::string::npos
        );
    }

    TEST_CASE("a fresh connection that closes without a byte is not tried again")
    {
        World world;
        const auto client = world.connect();
        client->push(get());
        world.settle();
        world.origin().end();
        world.settle();
        CHECK(world.dialer.made.size() == 1);
        CHECK(status_of(client->written) == "HTTP/1.1 502 Bad Gateway");
        CHECK_FALSE(client->closed);
    }

    TEST_CASE("an early answer reaches the client while its upload goes on")
    {
        World world;
        const auto client = world.connect();
        client->push(put("10") + "12345");
        world.settle();
        world.origin().push("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
        world.settle();
        CHECK(client->written.ends_with("\r\n\r\nno"));
        CHECK(client->written.find("Connection: close") == std::string::npos);
        client->push("67890" + get());
        world.settle();
        CHECK(world.origin().written.find("1234567890GET /x") != std::string::npos);
        CHECK(world.dialer.made.size() == 1);
    }

    TEST_CASE("after an early answer that ends the origin's connection the upload is read and dropped")
    {
        World world;
        const auto client = world.connect();
        client->push(put("10") + "12345");
        world.settle();
        world.origin().push("HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno");
        world.settle();
        CHECK(client->written.find("Connection: close") != std::string::npos);
        CHECK(client->saw_end);
        CHECK_FALSE(client->closed);
        client->push("67890");
        client->end();
        world.settle();
        CHECK(client->to_read.empty());
        CHECK(client->closed);
        CHECK_FALSE(client->saw_reset);
    }

    TEST_CASE("an answer that came before the origin's reset is still delivered")
    {
        World world;
        const auto client = world.connect();
        client->push(put("10") + "12345");
        world.settle();
        world.origin().push("HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno");
        world.origin().fails = [] { return false; };
        world.origin().reset();
        client->push("678");
        world.settle();
        CHECK(client->written.ends_with("\r\n\r\nno"));
    }

    TEST_CASE("Expect: 100-continue goes to the origin, and a refusal ends the client's connection")
    {
        World world;
        const auto client = world.connect();
        client->push(put("5", "Expect: 100-continue\r\n"));
        world.settle();
        CHECK(world.origin().written.find("Expect: 100-continue\r\n") != std::string::npos);
        CHECK(client->written.empty());
        world.origin().push("HTTP/1.1 417 No\r\nContent-Length: 0\r\n\r\n");
        world.settle();
        CHECK(client->written.find("Connection: close\r\n") != std::string::npos);
        CHECK(world.origin().closed);
    }

    TEST_CASE("interim answers reach clients of HTTP/1.1 and are kept from those of HTTP/1.0")
    {
        const std::string both = "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + std::string(answer_ok);
        for (const bool old : {false, true}) {
            CAPTURE(old);
            World world;
            const auto client = world.connect();
            client->push(
                "GET http://a.example/ HTTP/1." + std::string(old ? "0" : "1") + "\r\nHost: a.example\r\n\r\n"
            );
            world.settle();
            world.origin().push(both);
            world.settle();
            CHECK((client->written.find("103 Early Hints") == std::string::npos) == old);
            CHECK(client->written.ends_with("ok"));
            CHECK(client->closed == old);
        }
    }

    TEST_CASE("a cut answer stays visibly cut, and a reset is passed on as one")
    {
        struct Row {
            std::string_view answer;
            bool reset;
            bool expect_reset;
        };

        const Row rows[] = {
            {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", false, false},
            {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", true, true},
            {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", false, false},
            {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", true, true},
            {"HTTP/1.1 200 OK\r\n\r\nhalf", true, true},
        };
        for (const Row& row : rows) {
            CAPTURE(row.answer);
            CAPTURE(row.reset);
            World world;
            const auto client = world.connect();
            client->push(get());
            world.settle();
            world.origin().push(row.answer);
            world.settle();
            row.reset ? world.origin().reset() : world.origin().end();
            world.settle();
            CHECK(client->written.find("half") != std::string::npos);
            CHECK(client->closed);
            CHECK(client->saw_reset == row.expect_reset);
        }
    }

    TEST_CASE("what two readers could read in two ways is refused before anything is dialled")
    {
        World world;
        const auto client = world.connect();
        client->push(
            "POST http://a.example/ HTTP/1.1\r\nHost: a.example\r\nContent-Length: 3\r\nTransfer-Encoding: "
            "chunked\r\n\r\n0\r\n\r\nGET http://a.example/ HTTP/1.1\r\n\r\n"
        );
        client->end();
        world.settle();
        CHECK(status_of(client->written) == "HTTP/1.1 400 Bad Request");
        CHECK(world.dialer.made.empty());
        CHECK(client->closed);
    }

    TEST_CASE("a head that cannot be read is refused for what it is, whatever the one before it was")
    {
        World world;
        const auto client = world.connect();
        client->push("HEAD http://a.example/x HTTP/1.1\r\nHost: a.example\r\n\r\nnonsense\r\n\r\n");
        world.settle();
        world.origin().push("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
        world.settle();
        CHECK(client->written.find("HTTP/1.1 400 Bad Request\r\n") != std::string::npos);
        CHECK(client->written.ends_with("</Error>\n")); // an answer to HEAD would have no body
    }

    TEST_CASE("broken chunks of a request end it: nothing more goes to the origin, and the client is told 400"
    )
    {
        World world;
        const auto client = world.connect();
        client->push(
            "POST http://a.example/ HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: chunked\r\n\r\n"
        );
        world.settle();
        client->push("zz\r\n");
        world.settle();
        CHECK(status_of(client->written) == "HTTP/1.1 400 Bad Request");
        CHECK(world.origin().saw_reset);
    }

    TEST_CASE("a client's reset aborts the request, its half-close does not")
    {
        for (const bool reset : {true, false}) {
            CAPTURE(reset);
            World world;
            const auto client = world.connect();
            client->push(get());
            world.settle();
            reset ? client->reset() : client->end();
            world.settle();
            CHECK(world.origin().closed == reset);
            CHECK(world.origin().saw_reset == reset);
            world.origin().push(answer_ok);
            world.settle();
            CHECK((client->written == relayed_ok) != reset);
            CHECK(client->closed);
        }
    }

    TEST_CASE("a half-close in the middle of a body goes on to the origin, whose answer still counts")
    {
        World world;
        const auto client = world.connect();
        client->push(put("10") + "123");
        client->end();
        world.settle();
        CHECK(world.origin().saw_end);
        world.origin().push(answer_ok);
        world.settle();
        CHECK(client->written.ends_with("Connection: close\r\n\r\nok"));
        CHECK(client->closed);
    }

    TEST_CASE("a chunked answer is decoded for a client of HTTP/1.0, and its cut is a reset")
    {
        for (const bool cut : {false, true}) {
            CAPTURE(cut);
            World world;
            const auto client = world.connect();
            client->push("GET http://a.example/ HTTP/1.0\r\n\r\n");
            world.settle();
            world.origin().push("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n");
            cut ? world.origin().end() : world.origin().push("0\r\n\r\n");
            world.settle();
            CHECK(
                client->written == "HTTP/1.1 200 OK\r\nVia: 1.1 cosdiag-test\r\nConnection: close\r\n\r\nok"
            );
            CHECK(client->closed);
            CHECK(client->saw_reset == cut);
        }
    }

    TEST_CASE("a chunked request to an origin known for HTTP/1.0 is told to bring a length")
    {
        World world;
        const auto client = world.connect();
        client->push(get());
        world.settle();
        world.origin().push("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok");
        world.settle();
        client->written.clear();
        client->push(
            "PUT http://a.example/ HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        );
        world.settle();
        CHECK(status_of(client->written) == "HTTP/1.1 411 Length Required");
        CHECK(world.dialer.made.size() == 1);
    }

    TEST_CASE("a refused destination is told on a connection that stays, unless a body is still to come")
    {
        for (const bool with_body : {false, true}) {
            CAPTURE(with_body);
            World world;
            world.dialer.refuses = true;
            const auto client = world.connect();
            client->push(with_body ? put("10") : get());
            world.settle();
            CHECK(status_of(client->written) == "HTTP/1.1 502 Bad Gateway");
            CHECK(client->saw_end == with_body);
            client->written.clear();
            client->push(get());
            world.settle();
            CHECK(client->written.empty() == with_body);
        }
    }

    TEST_CASE("a websocket upgrade becomes a tunnel, early bytes of both sides included")
    {
        World world;
        const auto client = world.connect();
        client->push(get("a.example", "Connection: Upgrade\r\nUpgrade: websocket\r\n") + "early");
        world.settle();
        world.origin().push(
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nhello"
        );
        world.settle();
        CHECK(client->written.ends_with("Connection: Upgrade\r\nUpgrade: websocket\r\n\r\nhello"));
        CHECK(world.origin().written.ends_with("\r\n\r\nearly"));
        client->push("more");
        world.settle();
        CHECK(world.origin().written.ends_with("earlymore"));
    }

    TEST_CASE("every wait ends at its deadline")
    {
        SUBCASE("a connection that never speaks is closed without a word")
        {
            World world(quick());
            const auto client = world.connect();
            CHECK(world.wait_until([&] { return client->closed; }));
            CHECK(client->written.empty());
        }
        SUBCASE("a head that trickles is told 408, however often a byte comes")
        {
            World world(quick());
            const auto client = world.connect();
            int sent = 0; // the loop here turns faster than any client types
            CHECK(world.wait_until([&] {
                if (client->written.empty() && ++sent < 1000)
                    client->push("G");
                return !client->written.empty();
            }));
            CHECK(status_of(client->written) == "HTTP/1.1 408 Request Timeout");
        }
        SUBCASE("an idle connection is closed without a word")
        {
            World world(quick());
            const auto client = world.connect();
            client->push(get());
            world.settle();
            world.origin().push(answer_ok);
            CHECK(world.wait_until([&] { return client->closed; }));
            CHECK(client->written == relayed_ok);
        }
        SUBCASE("an origin that does not answer is told as 504")
        {
            World world(quick());
            const auto client = world.connect();
            client->push(get());
            CHECK(world.wait_until([&] { return !client->written.empty(); }));
            CHECK(status_of(client->written) == "HTTP/1.1 504 Gateway Timeout");
            CHECK(world.origin().saw_reset);
        }
        SUBCASE("an origin that trickles its head is told as 504 too")
        {
            World world(quick());
            const auto client = world.connect();
            client->push(get());
            world.settle();
            world.origin().push("HTTP/1.1 200 OK\r\nX: ");
            int sent = 0;
            CHECK(world.wait_until([&] {
                if (!world.origin().closed && ++sent < 1000)
                    world.origin().push("y");
                return !client->written.empty();
            }));
            CHECK(status_of(client->written) == "HTTP/1.1 504 Gateway Timeout");
        }
        SUBCASE("a body that stops coming is told as 408")
        {
            World world(quick());
            const auto client = world.connect();
            client->push(put("10") + "123");
            CHECK(world.wait_until([&] { return !client->written.empty(); }));
            CHECK(status_of(client->written) == "HTTP/1.1 408 Request Timeout");
        }
        SUBCASE("an origin that takes no more of the body is told as 504")
        {
            World world(quick());
            const auto origin = std::make_shared<Wire>();
            origin->budget = 80;
            world.dialer.prepared.push_back(origin);
            const auto client = world.connect();
            client->push(put("1000") + std::string(1000, 'x'));
            CHECK(world.wait_until([&] { return !client->written.empty(); }));
            CHECK(status_of(client->written) == "HTTP/1.1 504 Gateway Timeout");
        }
        SUBCASE("an answer that stops in the middle is cut")
        {
            World world(quick());
            const auto client = world.connect();
            client->push(get());
            world.settle();
            world.origin().push("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
            CHECK(world.wait_until([&] { return client->closed; }));
            CHECK(client->written.ends_with("half"));
        }
        SUBCASE("a client that takes no more of its answer is left")
        {
            World world(quick());
            const auto client = world.connect();
            client->budget = 10;
            client->push(get());
            world.settle();
            world.origin().push(answer_ok);
            CHECK(world.wait_until([&] { return client->closed; }));
        }
    }

    TEST_CASE("draining lets the request under way finish and ends idle connections")
    {
        World world;
        const auto idle = world.connect();
        const auto busy = world.connect();
        busy->push(get());
        world.settle();
        world.context.ending = Context::Ending::now;
        for (auto it = world.context.sessions.begin(); it != world.context.sessions.end();)
            static_cast<Session&>(*it++).nudge();
        world.settle();
        CHECK(idle->closed);
        CHECK_FALSE(busy->closed);
        world.origin().push(answer_ok);
        world.settle();
        CHECK(busy->written.ends_with("Connection: close\r\n\r\nok"));
        CHECK(busy->closed);
    }

    TEST_CASE("a 403 of COS is held for its body, examined and sent with the diagnosis")
    {
        const std::string_view framings[] = {
            "Content-Length: 5\r\n\r\nerror",
            "Transfer-Encoding: chunked\r\n\r\n2\r\ner\r\n3\r\nror\r\n0\r\n\r\n",
        };
        for (const std::string_view framing : framings) {
            CAPTURE(framing);
            World world;
            const auto client = world.connect();
            client->push(get(cos_host));
            world.settle();
            const std::string answer =
                "HTTP/1.1 403 Forbidden\r\nX-Cos-Diagnosis: forged\r\n" + std::string(framing);
            for (const char byte : answer) {
                CHECK(client->written.empty());
                world.origin().push({&byte, 1});
                world.settle();
            }
            CHECK(world.examiner.examined == 1);
            CHECK(world.examiner.body == "error");
            CHECK(world.examiner.complete);
            CHECK(world.examiner.host == cos_host);
            CHECK(client->written.find("X-Cos-Diagnosis: explained\r\n") != std::string::npos);
            CHECK(client->written.find("forged") == std::string::npos);
            CHECK(client->written.ends_with(framing.substr(framing.find("\r\n\r\n"))));
            CHECK_FALSE(client->closed);
        }
    }

    TEST_CASE("a 403 to HEAD, and one without an end, are examined all the same")
    {
        World world;
        const auto client = world.connect();
        client->push(
            "HEAD http://" + std::string(cos_host) + "/ HTTP/1.1\r\nHost: " + std::string(cos_host) +
            "\r\n\r\n"
        );
        world.settle();
        world.origin().push("HTTP/1.1 403 Forbidden\r\nContent-Length: 100\r\n\r\n");
        world.settle();
        CHECK(world.examiner.body == "(not seen)");
        CHECK(client->written.find("X-Cos-Diagnosis: explained\r\n") != std::string::npos);
        client->push(get(cos_host));
        world.settle();
        world.origin().push("HTTP/1.1 403 Forbidden\r\n\r\nsome");
        world.origin().push("thing");
        world.origin().end();
        world.settle();
        CHECK(world.examiner.body == "something");
        CHECK(world.examiner.complete);
        CHECK(client->written.ends_with("\r\n\r\nsomething"));
        CHECK(client->closed);
    }

    TEST_CASE("a 403 whose body is slow or long goes on with what was seen of it")
    {
        config::Config config = quick();
        config.limits.held_body = 1024;
        World world(config);
        const auto client = world.connect();
        client->push(get(cos_host));
        world.settle();
        world.origin().push("HTTP/1.1 403 Forbidden\r\nContent-Length: 10\r\n\r\nslow");
        CHECK(world.wait_until([&] { return !client->written.empty(); }));
        CHECK(world.examiner.body == "slow");
        CHECK_FALSE(world.examiner.complete);
        world.origin().push("answer");
        world.settle();
        CHECK(client->written.ends_with("\r\n\r\nslowanswer"));

        client->written.clear();
        client->push(get(cos_host));
        world.settle();
        const std::string body(5000, 'x');
        world.origin().push("HTTP/1.1 403 Forbidden\r\nContent-Length: 5000\r\n\r\n" + body);
        world.settle();
        CHECK(world.examiner.body == body.substr(0, 1024));
        CHECK(client->written.ends_with("\r\n\r\n" + body));
    }

    TEST_CASE("a 403 that cannot be explained goes on as it came, its own field included")
    {
        World world;
        world.examiner.word.clear();
        const auto client = world.connect();
        client->push(get(cos_host));
        world.settle();
        world.origin().push("HTTP/1.1 403 Forbidden\r\nX-Cos-Diagnosis: theirs\r\nContent-Length: 2\r\n\r\nno"
        );
        world.settle();
        CHECK(
            client->written ==
            "HTTP/1.1 403 Forbidden\r\nX-Cos-Diagnosis: theirs\r\nContent-Length: 2\r\nVia: 1.1 "
            "cosdiag-test\r\n\r\nno"
        );
    }

    TEST_CASE("a 403 of somebody else is left alone")
    {
        World world;
        const auto client = world.connect();
        client->push(get());
        world.settle();
        world.origin().push("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
        world.settle();
        CHECK(world.examiner.examined == 0);
        CHECK(client->written.find("X-Cos-Diagnosis") == std::string::npos);
    }

    TEST_CASE("the body of a request to COS is copied aside where it tells something, and nowhere else")
    {
        struct Row {
            std::string_view host;
            bool curious, copied;
        };

        for (const Row& row :
             {Row{cos_host, true, true}, {cos_host, false, false}, {"a.example", true, false}}) {
            CAPTURE(row.host);
            CAPTURE(row.curious);
            World world;
            world.examiner.curious = row.curious;
            const auto client = world.connect();
            client->push(
                "POST http://" + std::string(row.host) + "/ HTTP/1.1\r\nHost: " + std::string(row.host) +
                "\r\nContent-Length: 4\r\n\r\nform"
            );
            world.settle();
            world.origin().push(
                "HTTP/1.1 403 Forbidden\r\nx-cos-request-id: NWZh\r\nContent-Length: 2\r\n\r\nno"
            );
            world.settle();
            CHECK(world.examiner.examined == 1);
            CHECK(world.examiner.request_body == (row.copied ? "form" : "(not seen)"));
            CHECK(world.origin().written.ends_with("\r\n\r\nform"));
        }
    }

    TEST_CASE("the body of an allowed answer is told once it has passed, without its chunks")
    {
        constexpr std::string_view framings[] = {
            "Content-Length: 5\r\n\r\nrules",
            "Transfer-Encoding: chunked\r\n\r\n2\r\nru\r\n3\r\nles\r\n0\r\n\r\n",
        };
        for (const auto framing : framings) {
            CAPTURE(framing);
            World world;
            world.examiner.curious = true;
            const auto client = world.connect();
            client->push(get(cos_host));
            world.settle();
            for (const char byte : "HTTP/1.1 200 OK\r\n" + std::string(framing)) {
                CHECK(world.examiner.tellings.empty());
                world.origin().push({&byte, 1});
                world.settle();
            }
            REQUIRE(world.examiner.tellings.size() == 1);
            CHECK(world.examiner.tellings.front().target == "/x");
            CHECK(world.examiner.tellings.front().body == "rules");
            CHECK(world.examiner.tellings.front().complete);
            CHECK(client->written.ends_with(framing.substr(framing.find("\r\n\r\n"))));
        }
    }

    TEST_CASE("of a long answer its beginning is told, and that it is no more; of a broken one nothing")
    {
        World world;
        world.examiner.curious = true;
        const auto client = world.connect();
        client->push(get(cos_host));
        world.settle();
        const std::string body(100'000, 'x');
        world.origin().push("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + body);
        world.settle();
        REQUIRE(world.examiner.tellings.size() == 1);
        CHECK(world.examiner.tellings.front().body == body.substr(0, 65536));
        CHECK_FALSE(world.examiner.tellings.front().complete);
        CHECK(client->written.ends_with("\r\n\r\n" + body));

        client->push(get(cos_host));
        world.settle();
        world.origin().push("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
        world.origin().end();
        world.settle();
        CHECK(world.examiner.tellings.size() == 1);
        CHECK(client->closed);
    }

    TEST_CASE("with named users nothing works without their password")
    {
        config::Config config;
        config.access.users = {{"alice", "$5$saltsalt$x"}};
        World world(config);
        const auto client = world.connect();
        client->push(get());
        world.settle();
        CHECK(status_of(client->written) == "HTTP/1.1 407 Proxy Authentication Required");
        CHECK(client->written.find("Proxy-Authenticate: Basic realm=") != std::string::npos);
        CHECK(world.dialer.made.empty());
    }

    TEST_CASE("a connection that has seen Negotiate stays with its client")
    {
        World world;
        const auto client = world.connect();
        client->push(get("a.example", "Authorization: Negotiate abc\r\n"));
        world.settle();
        world.origin().push(answer_ok);
        world.settle();
        const auto other = world.connect();
        other->push(get());
        world.settle();
        CHECK(world.dialer.made.size() == 2);
        client->push(get());
        world.settle();
        CHECK(world.dialer.made.size() == 2);
        CHECK(
            world.dialer.made.front()->written.find("Negotiate abc\r\nVia: 1.1 cosdiag-test\r\n\r\nGET /x") !=
            std::string::npos
        );
    }
}

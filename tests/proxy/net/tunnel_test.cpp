// SPDX-License-Identifier: Apache-2.0
#include "world.hpp"

#include <doctest/doctest.h>

using namespace cosdiag;
using namespace cosdiag::net;
using namespace cosdiag::net::test;

namespace {

constexpr std::string_view connect_request = "CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n";
constexpr std::string_view established = "HTTP/1.1 200 Connection established\r\n\r\n";

} // namespace

TEST_SUITE("proxy/net/tunnel")
{
    TEST_CASE("bytes go both ways, those sent before the tunnel stood included")
    {
        World world;
        const auto client = world.connect();
        client->push(std::string(connect_request) + "early");
        world.settle();
        CHECK(world.dialer.asked == std::vector<std::string>{"a.example:443"});
        CHECK(client->written == established);
        CHECK(world.origin().written == "early");
        world.origin().push("hello");
        client->push(" more");
        world.settle();
        CHECK(client->written == std::string(established) + "hello");
        CHECK(world.origin().written == "early more");
    }

    TEST_CASE("a half-close of either side goes on as one, and the other way stays open")
    {
        for (const bool client_first : {true, false}) {
            CAPTURE(client_first);
            World world;
            const auto client = world.connect();
            client->push(connect_request);
            world.settle();
            const auto origin = world.dialer.made.back();
            Wire& first = client_first ? *client : *origin;
            Wire& second = client_first ? *origin : *client;
            first.end();
            world.settle();
            CHECK(second.saw_end);
            CHECK_FALSE(first.closed);
            second.push("still");
            world.settle();
            CHECK(first.written.ends_with("still"));
            second.end();
            world.settle();
            CHECK(client->closed);
            CHECK(origin->closed);
            CHECK_FALSE((client->saw_reset || origin->saw_reset));
        }
    }

    TEST_CASE("a reset of either side resets the other")
    {
        for (const bool by_client : {true, false}) {
            CAPTURE(by_client);
            World world;
            const auto client = world.connect();
            client->push(connect_request);
            world.settle();
            const auto origin = world.dialer.made.back();
            (by_client ? *client : *origin).reset();
            world.settle();
            CHECK((by_client ? *origin : *client).saw_reset);
            CHECK(client->closed);
            CHECK(origin->closed);
        }
    }

    TEST_CASE("a tunnel in which nothing moves ends")
    {
        config::Config config;
        config.timeouts.tunnel_idle = config::milliseconds(50);
        World world(config);
        const auto client = world.connect();
        client->push(connect_request);
        CHECK(world.wait_until([&] { return client->closed; }));
        CHECK(world.origin().closed);
    }

    TEST_CASE("a tunnel to COS is told of, one to others is not")
    {
        World world;
        for (const std::string host : {"a.example", "b-1.cos.ap-guangzhou.myqcloud.com"}) {
            const auto client = world.connect();
            client->push("CONNECT " + host + ":443 HTTP/1.1\r\nHost: " + host + ":443\r\n\r\n");
            world.settle();
        }
        CHECK(world.examiner.tunnels == std::vector<std::string>{"b-1.cos.ap-guangzhou.myqcloud.com"});
    }

    TEST_CASE("with clients from elsewhere only ports 443 and 80 are tunnelled to, unless others are allowed")
    {
        for (const bool allowed : {false, true}) {
            CAPTURE(allowed);
            config::Config config;
            if (allowed)
                config.access.connect_ports = {8443};
            World world(config, "0.0.0.0");
            const auto client = world.connect();
            client->push("CONNECT a.example:8443 HTTP/1.1\r\nHost: a.example:8443\r\n\r\n");
            world.settle();
            CHECK((client->written == established) == allowed);
            CHECK((client->written.find("HTTP/1.1 403 Forbidden") == 0) != allowed);
        }
    }

    TEST_CASE("an unreachable destination is told, and the connection ends")
    {
        World world;
        world.dialer.refuses = true;
        const auto client = world.connect();
        client->push(connect_request);
        client->end();
        world.settle();
        CHECK(client->written.find("HTTP/1.1 502 Bad Gateway") == 0);
        CHECK(client->closed);
    }
}

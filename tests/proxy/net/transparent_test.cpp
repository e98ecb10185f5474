// SPDX-License-Identifier: Apache-2.0
// Clients whose connections the system led here unawares: transparent listeners.
#include "entrance_world.hpp"

#include <doctest/doctest.h>

using namespace cosdiag;
using namespace cosdiag::net;
using namespace cosdiag::net::test;

namespace {

const std::string other_host = "other-1250000000.cos.ap-beijing.myqcloud.com";

Endpoint at_address(const char* address, std::uint16_t port)
{
    return {asio::ip::make_address(address), port};
}

struct TransparentWorld : EntranceWorld {
    explicit TransparentWorld(
        const Endpoint& original = at_address("203.0.113.7", 80),
        config::Config settings = {},
        bool has_ca = true
    )
        : EntranceWorld(config::ListenerMode::transparent, std::move(settings), has_ca)
    {
        world.original = original;
        client = world.connect();
    }
};

std::string request(std::string_view host, std::string_view target = "/x")
{
    return "GET " + std::string(target) + " HTTP/1.1\r\nHost: " + std::string(host) + "\r\n\r\n";
}

using Keys = std::vector<std::string>;

} // namespace

TEST_SUITE("proxy/net/transparent entrance")
{
    TEST_CASE("clear HTTP to COS goes to the original address with its name as Host, and is diagnosed")
    {
        struct Row {
            Endpoint original;
            std::string host, key;
        };

        const Row rows[] = {
            {at_address("203.0.113.7", 80), cos_host, cos_host + ":80@203.0.113.7"},
            {at_address("203.0.113.7", 8080), cos_host, cos_host + ":8080@203.0.113.7"},
            {at_address("203.0.113.7", 80), cos_host + ":81", cos_host + ":80@203.0.113.7"},
            {at_address("2001:db8::7", 80), cos_host, cos_host + ":80@2001:db8::7"},
        };
        for (const Row& row : rows) {
            CAPTURE(row.key);
            TransparentWorld at(row.original);
            at.send(request(row.host, "/a%2Fb?x"));
            REQUIRE(at.asked() == Keys{row.key});
            CHECK(
                at.world.origin().written ==
                "GET /a%2Fb?x HTTP/1.1\r\nHost: " + row.host + "\r\nVia: 1.1 cosdiag-test\r\n\r\n"
            );
            at.world.origin().push("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
            at.world.settle();
            CHECK(at.client->written.find("X-Cos-Diagnosis: explained\r\n") != std::string::npos);
            CHECK_FALSE(at.client->closed);
        }
    }

    TEST_CASE("what is not for COS, or cannot be read, passes through byte for byte")
    {
        const std::string long_head = "GET /" + std::string(70'000, 'a');
        const std::string rows[] = {
            request("example.com") + request(cos_host), // pipelined: the first one decides
            request("example.com", "http://example.com/x"),
            "POST /x HTTP/1.1\r\nHost: example.com\r\nTransfer-Encoding: chunked\r\n\r\n5;ext\r\nhello\r\n",
            "CONNECT " + cos_host + ":443 HTTP/1.1\r\nHost: " + cos_host + "\r\n\r\nmore",
            "GET /x HTTP/1.0\r\n\r\n",
            "GET /x HTTP/1.1\r\nHost: " + cos_host + "\r\nHost: a\r\n\r\n",
            "GET /x HTTP/1.1\r\nHost: " + cos_host + "\r\nbad field\r\n\r\n",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "get /x HTTP/1.1\r\n\r\n",
            "\r\n" + request(cos_host),
            "SSH-2.0-OpenSSH_9.2\r\n\r\n",
            std::string("\0\1\2", 3),
            std::string("\x16\x03\x01\x00\x04\x02\x00\x00\x00", 9),
            long_head,
        };
        for (const std::string& bytes : rows) {
            CAPTURE(bytes.substr(0, 60));
            TransparentWorld at;
            at.send(bytes);
            REQUIRE(at.asked() == Keys{"203.0.113.7:80@203.0.113.7"});
            CHECK(at.world.origin().written == bytes);
            at.world.origin().push("any answer");
            at.send("and more");
            CHECK(at.client->written == "any answer");
            CHECK(at.world.origin().written == bytes + "and more");
            at.client->end();
            at.world.settle();
            CHECK(at.world.origin().saw_end);
        }
    }

    TEST_CASE("a head that does not end in time, or breaks off, is passed on as far as it came")
    {
        config::Config config;
        config.timeouts.client_head = config::milliseconds(50);
        TransparentWorld late(at_address("203.0.113.7", 80), config);
        late.send("GET /x HTTP/1.1\r\n");
        REQUIRE(late.world.wait_until([&] { return !late.world.dialer.made.empty(); }));
        CHECK(late.world.origin().written == "GET /x HTTP/1.1\r\n");

        TransparentWorld broken;
        broken.send("GET /x HTTP/1.1\r\n");
        broken.client->end();
        broken.world.settle();
        REQUIRE(broken.world.dialer.made.size() == 1);
        CHECK(broken.world.origin().written == "GET /x HTTP/1.1\r\n");
        CHECK(broken.world.origin().saw_end);
    }

    TEST_CASE("a client that says nothing is closed at its deadline")
    {
        config::Config config;
        config.timeouts.client_head = config::milliseconds(50);
        TransparentWorld at(at_address("203.0.113.7", 80), config);
        CHECK(at.world.wait_until([&] { return at.client->closed; }));
        CHECK(at.asked().empty());
    }

    TEST_CASE("TLS that names a host of COS is looked into, and goes to the original address")
    {
        TransparentWorld at(at_address("203.0.113.7", 443));
        const auto peer = at.greet(cos_host);
        REQUIRE(peer->open());
        peer->write(request(cos_host));
        at.settle(*peer);
        CHECK(at.asked() == Keys{cos_host + ":443+tls@203.0.113.7"});
        at.world.origin().push(answer_ok);
        at.settle(*peer);
        CHECK(peer->received == relayed_ok);
    }

    TEST_CASE("TLS to others, without a name, or without a CA passes through")
    {
        struct Row {
            std::string name;
            bool has_ca;
            std::string key;
        };

        const Row rows[] = {
            {"example.com", true, "example.com:443@203.0.113.7"},
            {"", true, "203.0.113.7:443@203.0.113.7"},
            {cos_host, false, cos_host + ":443@203.0.113.7"},
        };
        for (const Row& row : rows) {
            CAPTURE(row.name);
            TransparentWorld at(at_address("203.0.113.7", 443), {}, row.has_ca);
            const auto ahead = std::make_shared<Wire>();
            at.context = client_trusting(nullptr);
            TlsPeer peer(ahead, at.context.get(), row.name, false);
            peer.pump();
            at.send(ahead->to_read);
            REQUIRE(at.asked() == Keys{row.key});
            CHECK(at.world.origin().written == ahead->to_read);
            CHECK(at.world.examiner.tunnels.size() == (row.has_ca ? 0 : 1));
        }
    }

    TEST_CASE("no client can lend others an address of its choosing: connections are shared by address too")
    {
        TransparentWorld at;
        at.send(request(cos_host));
        at.world.origin().push(answer_ok);
        at.world.settle();
        CHECK(at.client->written == relayed_ok);

        at.world.original = at_address("198.51.100.66", 80);
        at.client = at.world.connect();
        at.send(request(cos_host));
        CHECK(at.asked() == Keys{cos_host + ":80@203.0.113.7", cos_host + ":80@198.51.100.66"});
        at.world.origin().push(answer_ok);
        at.world.settle();

        at.world.original = at_address("203.0.113.7", 80);
        at.client = at.world.connect();
        at.send(request(cos_host));
        CHECK(at.asked().size() == 2); // the first one's again
        CHECK(at.world.dialer.made[0]->written.rfind("GET") > 0);
    }

    TEST_CASE("a second request on a connection may be for another Host, at the same address")
    {
        TransparentWorld at;
        at.send(request(cos_host));
        at.world.origin().push(answer_ok);
        at.send(request(other_host));
        CHECK(at.asked() == Keys{cos_host + ":80@203.0.113.7", other_host + ":80@203.0.113.7"});
        at.world.origin().push(answer_ok);
        at.send(request("example.com"));
        CHECK(at.asked().back() == "example.com:80@203.0.113.7");
        at.world.origin().push(answer_ok);
        at.world.settle();
        CHECK(
            at.client->written == std::string(relayed_ok) + std::string(relayed_ok) + std::string(relayed_ok)
        );
    }

    TEST_CASE("who connects here by himself gets the hint, and nothing is dialled")
    {
        for (const std::string& host :
             {cos_host, std::string("127.0.0.1:8403"), std::string("example.com")}) {
            CAPTURE(host);
            TransparentWorld at(at_address("127.0.0.1", 8403));
            at.send(request(host));
            CHECK(at.client->written.starts_with("HTTP/1.1 421 "));
            CHECK(at.client->written.find("<Code>CosdiagNotRedirected</Code>") != std::string::npos);
            CHECK(at.client->written.find("127.0.0.1:8403") != std::string::npos);
            CHECK(at.asked().empty());
        }
        TransparentWorld inside_tls(at_address("127.0.0.1", 8403));
        const auto peer = inside_tls.greet(cos_host);
        REQUIRE(peer->open());
        peer->write(request(cos_host));
        inside_tls.settle(*peer);
        CHECK(peer->received.find("CosdiagNotRedirected") != std::string::npos);
        CHECK(inside_tls.asked().empty());
    }

    TEST_CASE("a request that has come through this proxy before is not sent round again")
    {
        for (const std::string& host : {cos_host, std::string("example.com")}) {
            CAPTURE(host);
            TransparentWorld at;
            at.send("GET /x HTTP/1.1\r\nHost: " + host + "\r\nVia: 1.1 cosdiag-test\r\n\r\n");
            CHECK(at.client->written.find("<Code>CosdiagLoop</Code>") != std::string::npos);
            CHECK(at.asked().empty());
        }
    }

    TEST_CASE("a connection of our own that is led back here ends, and HTTP is told why")
    {
        const Endpoint original = at_address("203.0.113.7", 80);
        const std::string rows[] = {
            request(cos_host), request("example.com"), "SSH-2.0-x\r\n\r\n", std::string("\0\1\2", 3)};
        for (const std::string& bytes : rows) {
            CAPTURE(bytes);
            TransparentWorld at(original);
            at.world.access.departing(at_address("127.0.0.1", 40001), original);
            at.send(bytes); // another client's, from port 40000
            CHECK(at.asked().size() == 1);

            at.world.client_port = 40001;
            at.client = at.world.connect();
            at.send(bytes);
            CHECK(at.asked().size() == 1);
            if (bytes[0] >= 'A') // may be HTTP
                CHECK(at.client->written.find("<Code>CosdiagLoop</Code>") != std::string::npos);
            else
                CHECK(at.client->closed);
        }
    }

    TEST_CASE("an original address that cannot be reached is told in HTTP, and to others by a reset")
    {
        TransparentWorld http;
        http.world.dialer.refuses = true;
        http.send(request("example.com"));
        CHECK(http.client->written.find("<Code>CosdiagConnectFailed</Code>") != std::string::npos);
        TransparentWorld other;
        other.world.dialer.refuses = true;
        other.send("SSH-2.0-x\r\n\r\n");
        CHECK(other.client->written.empty());
        CHECK(other.client->saw_reset);
    }

    TEST_CASE(
        "nobody is asked for a password here, and a Proxy-Authorization that comes does not go on to COS"
    )
    {
        config::Config config;
        config.access.users = {{"somebody", "$6$x$y"}};
        TransparentWorld at(at_address("203.0.113.7", 80), config);
        at.send("GET /x HTTP/1.1\r\nHost: " + cos_host + "\r\nProxy-Authorization: Basic eDp5\r\n\r\n");
        REQUIRE(at.asked().size() == 1);
        CHECK(at.world.origin().written.find("eDp5") == std::string::npos);
    }
}

// SPDX-License-Identifier: Apache-2.0
// Clients that take the proxy for COS itself: reverse listeners.
#include "entrance_world.hpp"

#include <doctest/doctest.h>

using namespace cosdiag;
using namespace cosdiag::net;
using namespace cosdiag::net::test;

namespace {

/// A TLS alert, fatal: unrecognized_name.
constexpr std::string_view unrecognized_name("\x15\x03\x03\0\x02\x02\x70", 7);

struct ReverseWorld : EntranceWorld {
    explicit ReverseWorld(config::Config settings = {}, bool has_ca = true, const char* on = "127.0.0.1")
        : EntranceWorld(config::ListenerMode::reverse, std::move(settings), has_ca, on)
    {
        client = world.connect();
    }

    bool refused_with(std::string_view status, std::string_view code) const
    {
        return client->written.starts_with("HTTP/1.1 " + std::string(status) + " ") &&
               client->written.find("<Code>" + std::string(code) + "</Code>") != std::string::npos;
    }
};

std::string request(std::string_view target, std::string_view host, std::string_view method = "GET")
{
    return std::string(method) + " " + std::string(target) + " HTTP/1.1\r\nHost: " + std::string(host) +
           "\r\n\r\n";
}

} // namespace

TEST_SUITE("proxy/net/reverse entrance")
{
    TEST_CASE("Host says where a request goes, over TLS, and target and Host go on byte for byte")
    {
        struct Row {
            std::string host, key;
        };

        const Row rows[] = {
            {cos_host, cos_host + ":443+tls"},
            {cos_host + ":80", cos_host + ":443+tls"},
            {cos_host + ":443", cos_host + ":443+tls"},
            {cos_host + ":8443", cos_host + ":8443+tls"},
            {"Bucket-1.COS.ap-beijing.myqcloud.com", "bucket-1.cos.ap-beijing.myqcloud.com:443+tls"},
        };
        for (const Row& row : rows) {
            CAPTURE(row.host);
            ReverseWorld at;
            at.send(
                "PUT /a%2Fb//../c+d?x&y= HTTP/1.1\r\nhOst:  " + row.host + "\r\nContent-Length: 2\r\n\r\nhi"
            );
            REQUIRE(at.world.dialer.made.size() == 1);
            CHECK(at.asked() == std::vector<std::string>{row.key});
            CHECK(
                at.world.origin().written == "PUT /a%2Fb//../c+d?x&y= HTTP/1.1\r\nhOst:  " + row.host +
                                                 "\r\nContent-Length: 2\r\nVia: 1.1 cosdiag-test\r\n\r\nhi"
            );
            at.world.origin().push(answer_ok);
            at.world.settle();
            CHECK(at.client->written == relayed_ok);
            CHECK_FALSE(at.client->closed);
        }
    }

    TEST_CASE("a 403 is diagnosed, and the next request, for another bucket, goes to that one")
    {
        ReverseWorld at;
        at.send(request("/x", cos_host));
        at.world.origin().push("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
        at.world.settle();
        CHECK(at.client->written.find("X-Cos-Diagnosis: explained\r\n") != std::string::npos);
        CHECK(at.world.examiner.host == cos_host);
        at.send(request("/x", "other-1250000000.cos.ap-beijing.myqcloud.com"));
        CHECK(
            at.asked() ==
            std::vector<std::string>{
                cos_host + ":443+tls", "other-1250000000.cos.ap-beijing.myqcloud.com:443+tls"}
        );
    }

    TEST_CASE("a Host that is not COS's gets a page that says what to set, and nothing is dialled")
    {
        for (const std::string host : {"127.0.0.1:8403", "localhost:8403", "example.com", "", "[::1]:8403"}) {
            CAPTURE(host);
            ReverseWorld at;
            at.send(request("/x", host));
            CHECK(at.refused_with("421", "CosdiagUnknownHost"));
            for (const std::string_view word :
                 {"Ip: '127.0.0.1:8403'",
                  "IP='127.0.0.1', Port=8403",
                  "SetIntranetAddr(\"127.0.0.1:8403\")",
                  "cos.custom_domains"})
                CHECK(at.client->written.find(word) != std::string::npos);
            CHECK(at.client->written.find('?', at.client->written.find("<Message>")) == std::string::npos);
            CHECK(at.asked().empty());
        }
    }

    TEST_CASE("the page names the address that the client used where the listener has no single one")
    {
        struct Row {
            const char *on, *host, *named;
        };

        const Row rows[] = {
            {"0.0.0.0", "cosdiag.internal:8403", "Ip: 'cosdiag.internal:8403'"},
            {"0.0.0.0", "example.com", "Ip: '127.0.0.1:8403'"},
            {"::", "example.com", "Ip: '[::1]:8403'"},
            {"10.1.2.3", "example.com", "Ip: '10.1.2.3:8403'"},
        };
        for (const Row& row : rows) {
            CAPTURE(row.on);
            ReverseWorld at({}, true, row.on);
            at.send(request("/x", row.host));
            CHECK(at.refused_with("421", "CosdiagUnknownHost"));
            CHECK(at.client->written.find(row.named) != std::string::npos);
        }
    }

    TEST_CASE("a request of HTTP/1.0 without Host gets the page, one with it is served")
    {
        ReverseWorld without;
        without.send("GET /x HTTP/1.0\r\n\r\n");
        CHECK(without.refused_with("421", "CosdiagUnknownHost"));
        CHECK(without.client->written.find("the request has no Host") != std::string::npos);
        ReverseWorld with;
        with.send("GET /x HTTP/1.0\r\nHost: " + cos_host + "\r\n\r\n");
        CHECK(with.asked() == std::vector<std::string>{cos_host + ":443+tls"});
    }

    TEST_CASE("a client that takes it for a proxy is served if target and Host agree")
    {
        ReverseWorld same;
        same.send(request("http://" + cos_host + "/x?y", cos_host));
        CHECK(same.asked() == std::vector<std::string>{cos_host + ":443+tls"});
        CHECK(
            same.world.origin().written ==
            "GET /x?y HTTP/1.1\r\nHost: " + cos_host + "\r\nVia: 1.1 cosdiag-test\r\n\r\n"
        );
        ReverseWorld differs;
        differs.send(request("http://other-1.cos.ap-guangzhou.myqcloud.com/x", cos_host));
        CHECK(differs.refused_with("400", "CosdiagBadRequest"));
        CHECK(differs.asked().empty());
        ReverseWorld foreign;
        foreign.send(request("http://example.com/x", "example.com"));
        CHECK(foreign.refused_with("421", "CosdiagUnknownHost"));
    }

    TEST_CASE("a CONNECT is refused with the option for those who want a proxy")
    {
        ReverseWorld at;
        at.send(request(cos_host + ":443", cos_host + ":443", "CONNECT"));
        CHECK(at.refused_with("400", "CosdiagBadRequest"));
        CHECK(at.client->written.find("--listen") != std::string::npos);
        CHECK(at.asked().empty());
    }

    TEST_CASE("what is neither HTTP nor TLS is told so")
    {
        for (const std::string_view bytes :
             {"get / HTTP/1.1\r\n\r\n", "\1\2\3\r\n\r\n", "GET / HTTP/9\r\n\r\n"}) {
            CAPTURE(bytes);
            ReverseWorld at;
            at.send(bytes);
            CHECK(at.client->written.starts_with("HTTP/1.1 "));
            CHECK(at.client->written.find("<Error>") != std::string::npos);
            CHECK(at.asked().empty());
        }
        ReverseWorld blank;
        blank.send("\r\n" + request("/x", cos_host)); // RFC 9112 §2.2
        CHECK(blank.asked().size() == 1);
    }

    TEST_CASE("a request that has come through this proxy before is not sent round again")
    {
        ReverseWorld at;
        at.send("GET /x HTTP/1.1\r\nHost: " + cos_host + "\r\nVia: 1.1 cosdiag-test\r\n\r\n");
        CHECK(at.refused_with("502", "CosdiagLoop"));
        CHECK(at.asked().empty());
    }

    TEST_CASE("nobody is asked for a password here")
    {
        config::Config config;
        config.access.users = {{"somebody", "$6$x$y"}};
        ReverseWorld at(config);
        at.send(request("/x", cos_host));
        CHECK(at.asked().size() == 1);
    }

    TEST_CASE("a client that says nothing is closed at its deadline, or when the proxy stops")
    {
        config::Config config;
        config.timeouts.client_head = config::milliseconds(50);
        ReverseWorld at(config);
        CHECK(at.world.wait_until([&] { return at.client->closed; }));
        CHECK(at.client->written.empty());
        ReverseWorld stopping;
        stopping.world.context.ending = Context::Ending::now;
        static_cast<Session&>(stopping.world.context.sessions.front()).nudge();
        stopping.world.settle();
        CHECK(stopping.client->closed);
    }

    TEST_CASE("TLS that names a host of COS is looked into, and Host decides inside it")
    {
        ReverseWorld at;
        const auto peer = at.greet(cos_host);
        REQUIRE(peer->open());
        peer->write(request("/x", cos_host));
        at.settle(*peer);
        CHECK(at.asked() == std::vector<std::string>{cos_host + ":443+tls"});
        at.world.origin().push(answer_ok);
        at.settle(*peer);
        CHECK(peer->received == relayed_ok);
        peer->write(request("/x", "example.com"));
        at.settle(*peer);
        CHECK(peer->received.find("CosdiagUnknownHost") != std::string::npos);
    }

    TEST_CASE("inside TLS, a request of HTTP/1.0 without Host is for the host that TLS named")
    {
        ReverseWorld at;
        const auto peer = at.greet(cos_host);
        REQUIRE(peer->open());
        peer->write("GET /x HTTP/1.0\r\n\r\n");
        at.settle(*peer);
        CHECK(at.asked() == std::vector<std::string>{cos_host + ":443+tls"});
        CHECK(at.world.origin().written.find("Host: " + cos_host + "\r\n") != std::string::npos);
    }

    TEST_CASE("TLS that names no host, or none of COS, is closed with the alert for it")
    {
        for (const std::string name : {"", "example.com"}) {
            CAPTURE(name);
            ReverseWorld at;
            at.context = client_trusting(nullptr);
            TlsPeer peer(at.client, at.context.get(), name, false);
            peer.pump();
            at.world.settle();
            CHECK(at.client->written == unrecognized_name);
            CHECK(at.client->saw_end);
            at.client->end();
            at.world.settle();
            CHECK(at.client->closed);
            CHECK(at.asked().empty());
        }
        ReverseWorld broken;
        broken.send(std::string_view("\x16\x03\x01\x00\x04\x02\x00\x00\x00", 9));
        CHECK(broken.client->written == unrecognized_name);
        CHECK(broken.asked().empty());
    }

    TEST_CASE("without a CA, TLS to COS passes through, and the client is told of as one that is not seen")
    {
        ReverseWorld at({}, false);
        at.context = client_trusting(nullptr);
        TlsPeer peer(at.client, at.context.get(), cos_host, false);
        peer.pump();
        at.world.settle();
        CHECK(at.asked() == std::vector<std::string>{cos_host + ":443"});
        CHECK(at.world.origin().written.find(cos_host) != std::string::npos);
        CHECK(at.world.examiner.tunnels == std::vector<std::string>{cos_host});
    }
}

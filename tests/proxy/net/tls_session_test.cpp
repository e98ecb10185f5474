// SPDX-License-Identifier: Apache-2.0
// TLS inside CONNECT: what is looked into, what passes through, and what becomes of clients that do not trust
// us.
#include "proxy/tls/server_context.hpp"
#include "tls_peer.hpp"
#include "world.hpp"

#include <doctest/doctest.h>

using namespace cosdiag;
using namespace cosdiag::net;
using namespace cosdiag::net::test;

namespace {

const std::string cos_host = "examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com";
constexpr std::string_view established = "HTTP/1.1 200 Connection established\r\n\r\n";

/// A world with a CA, and a client in a tunnel to COS.
struct TlsWorld {
    explicit TlsWorld(config::Config settings = {}) : world(std::move(settings), "127.0.0.1", &interception)
    {
        client = world.connect();
    }

    /// The client's CONNECT, answered.
    void tunnel(const std::string& host = cos_host, const std::string& more = "")
    {
        client->push("CONNECT " + host + " HTTP/1.1\r\nHost: " + host + "\r\n" + more + "\r\n");
        world.settle();
        CHECK(client->written == established);
        client->written.clear();
    }

    /// Client and proxy take turns until neither has anything to say.
    void settle(TlsPeer& peer)
    {
        world.settle();
        while (peer.pump())
            world.settle();
    }

    /// A client that has come through the handshake, if it could.
    std::unique_ptr<TlsPeer> greet(const std::string& name = cos_host, bool trusting = true)
    {
        context = client_trusting(trusting ? const_cast<X509*>(&authority->certificate()) : nullptr);
        auto peer = std::make_unique<TlsPeer>(client, context.get(), name, false);
        settle(*peer);
        return peer;
    }

    std::shared_ptr<const tls::Authority> authority = std::make_shared<const tls::Authority>(
        tls::Authority::make({"myqcloud.com", "tencentcos.cn"}, tls::Clock::now(), "workshop")
    );
    tls::ServerContext interception{authority};
    World world;
    WirePtr client;
    ContextPtr context;
};

std::string inside(std::string_view more = "")
{
    return "GET /x HTTP/1.1\r\nHost: " + cos_host + "\r\n" + std::string(more) + "\r\n";
}

} // namespace

TEST_SUITE("proxy/net/tls session")
{
    TEST_CASE("a request in TLS goes on over TLS with its Host and target as they were, and is diagnosed")
    {
        TlsWorld at;
        at.tunnel(cos_host + ":443");
        const auto peer = at.greet();
        REQUIRE(peer->open());
        CHECK(at.world.dialer.asked.empty()); // nothing is dialled before there is a request
        peer->write(inside("Authorization: q-sign\r\n"));
        at.settle(*peer);
        CHECK(at.world.dialer.asked == std::vector<std::string>{cos_host + ":443+tls"});
        CHECK(
            at.world.origin().written == "GET /x HTTP/1.1\r\nHost: " + cos_host +
                                             "\r\nAuthorization: q-sign\r\nVia: 1.1 cosdiag-test\r\n\r\n"
        );
        at.world.origin().push("HTTP/1.1 403 Forbidden\r\nContent-Length: 5\r\n\r\nerror");
        at.settle(*peer);
        CHECK(
            peer->received == "HTTP/1.1 403 Forbidden\r\nContent-Length: 5\r\nX-Cos-Diagnosis: "
                              "explained\r\nVia: 1.1 cosdiag-test\r\n\r\n"
                              "error"
        );
        CHECK(at.world.examiner.host == cos_host);
        CHECK(at.world.examiner.trusting == std::vector<std::string>{cos_host});
    }

    TEST_CASE("a request that comes with the end of the handshake is not overlooked")
    {
        TlsWorld at;
        at.tunnel(cos_host + ":443");
        at.context = client_trusting(const_cast<X509*>(&at.authority->certificate()));
        TlsPeer peer(at.client, at.context.get(), cos_host, false);
        peer.pump();
        at.world.settle();
        peer.say_next = inside();
        peer.pump();
        REQUIRE(peer.open());
        at.settle(peer);
        REQUIRE(at.world.dialer.made.size() == 1);
        CHECK(at.world.origin().written.starts_with("GET /x HTTP/1.1\r\n"));
        CHECK_FALSE(at.client->closed);
    }

    TEST_CASE("a goodbye that comes with the last request ends the connection after its answer")
    {
        TlsWorld at;
        at.tunnel(cos_host + ":443");
        const auto peer = at.greet();
        peer->write(inside());
        peer->close_notify();
        at.settle(*peer);
        at.world.origin().push(answer_ok);
        at.settle(*peer);
        CHECK(peer->received == relayed_ok);
        CHECK(at.client->closed);
    }

    TEST_CASE("a second request finds the connection to the origin that the first one left")
    {
        TlsWorld at;
        at.tunnel(cos_host + ":443");
        const auto peer = at.greet();
        for (int i = 0; i < 2; ++i) {
            peer->write(inside());
            at.settle(*peer);
            at.world.origin().push(answer_ok);
            at.settle(*peer);
        }
        CHECK(at.world.dialer.made.size() == 1);
        CHECK(peer->received == std::string(relayed_ok) + std::string(relayed_ok));
    }

    TEST_CASE("the first message of TLS may come in pieces of any size, and with the CONNECT")
    {
        for (const std::size_t piece : {1U, 7U, 100U}) {
            CAPTURE(piece);
            TlsWorld at;
            at.tunnel(cos_host + ":443");
            at.context = client_trusting(const_cast<X509*>(&at.authority->certificate()));
            TlsPeer peer(at.client, at.context.get(), cos_host, false);
            peer.piece = piece;
            peer.on_piece = [&] { at.world.settle(); };
            at.settle(peer);
            CHECK(peer.open());
        }
        TlsWorld at;
        at.context = client_trusting(const_cast<X509*>(&at.authority->certificate()));
        const auto ahead = std::make_shared<Wire>();
        TlsPeer peer(ahead, at.context.get(), cos_host, false);
        peer.pump();
        at.client->push("CONNECT " + cos_host + ":443 HTTP/1.1\r\nHost: x\r\n\r\n" + ahead->to_read);
        ahead->to_read.clear();
        at.world.settle();
        REQUIRE(at.client->written.starts_with(established));
        ahead->written = at.client->written.substr(established.size());
        peer.pump();
        CHECK(peer.open());
    }

    TEST_CASE("the certificate is for the name the client asks for, or else for the tunnel's host")
    {
        struct Row {
            std::string name, verified;
        };

        const Row rows[] = {
            {cos_host, cos_host},
            {"other-1250000000.cos.ap-beijing.myqcloud.com", "other-1250000000.cos.ap-beijing.myqcloud.com"},
            {"", cos_host},
        };
        for (const Row& row : rows) {
            CAPTURE(row.name);
            TlsWorld at;
            at.tunnel(cos_host + ":443");
            const auto peer = at.greet(row.name);
            REQUIRE(peer->open());
            const tls::X509Ptr shown(SSL_get1_peer_certificate(peer->ssl()));
            CHECK(X509_check_host(shown.get(), row.verified.c_str(), 0, 0, nullptr) == 1);
        }
    }

    TEST_CASE("http/1.1 is agreed on where it is offered, and sessions are resumed")
    {
        TlsWorld at;
        at.tunnel(cos_host + ":443");
        at.context = client_trusting(const_cast<X509*>(&at.authority->certificate()));
        constexpr std::string_view offer = "\x02h2\x08http/1.1";
        SSL_CTX_set_alpn_protos(
            at.context.get(),
            reinterpret_cast<const unsigned char*>(offer.data()),
            static_cast<unsigned>(offer.size())
        );
        TlsPeer first(at.client, at.context.get(), cos_host, false);
        at.settle(first);
        const unsigned char* chosen = nullptr;
        unsigned size = 0;
        SSL_get0_alpn_selected(first.ssl(), &chosen, &size);
        CHECK(std::string_view(reinterpret_cast<const char*>(chosen), size) == "http/1.1");
        const SessionPtr session(SSL_get1_session(first.ssl()));
        first.close_notify();
        at.settle(first);

        at.client = at.world.connect();
        at.tunnel(cos_host + ":443");
        TlsPeer second(at.client, at.context.get(), cos_host, false);
        SSL_set_session(second.ssl(), session.get());
        at.settle(second);
        CHECK(second.open());
        CHECK(SSL_session_reused(second.ssl()) == 1);
    }

    TEST_CASE("what is no business of ours passes through byte for byte")
    {
        SUBCASE("another host")
        {
            TlsWorld at;
            at.client->push("CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\nhello");
            at.world.settle();
            CHECK(at.client->written == established);
            CHECK(at.world.origin().written == "hello");
        }
        SUBCASE("another name inside the tunnel")
        {
            TlsWorld at;
            at.tunnel(cos_host + ":443");
            at.context = client_trusting(nullptr);
            TlsPeer peer(at.client, at.context.get(), "a.example", false);
            peer.pump();
            at.world.settle();
            CHECK(at.world.dialer.asked == std::vector<std::string>{cos_host + ":443"});
            CHECK(at.world.origin().written.find("a.example") != std::string::npos);
            CHECK(at.world.examiner.tunnels == std::vector<std::string>{cos_host});
        }
        SUBCASE("a protocol that is neither TLS nor HTTP")
        {
            TlsWorld at;
            at.tunnel(cos_host + ":443");
            at.client->push(std::string("\0\1\2", 3));
            at.world.settle();
            CHECK(at.world.origin().written == std::string("\0\1\2", 3));
            at.world.origin().push("answer");
            at.world.settle();
            CHECK(at.client->written == "answer");
        }
        SUBCASE("a record of the handshake type that is no ClientHello")
        {
            TlsWorld at;
            at.tunnel(cos_host + ":443");
            const std::string bytes("\x16\x03\x01\x00\x04\x02\x00\x00\x00", 9);
            at.client->push(bytes);
            at.world.settle();
            CHECK(at.world.origin().written == bytes);
        }
    }

    TEST_CASE("clear HTTP in a tunnel is seen too, and goes to where the tunnel leads")
    {
        TlsWorld at;
        at.tunnel(cos_host + ":80");
        at.client->push(inside());
        at.world.settle();
        CHECK(at.world.dialer.asked == std::vector<std::string>{cos_host + ":80"});
        at.world.origin().push(answer_ok);
        at.world.settle();
        CHECK(at.client->written == relayed_ok);
    }

    TEST_CASE("clear HTTP to COS becomes TLS where that is asked for, and nothing else does")
    {
        struct Row {
            std::string url_host, dialled;
        };

        const Row rows[] = {
            {cos_host, cos_host + ":443+tls"},
            {cos_host + ":80", cos_host + ":443+tls"},
            {cos_host + ":8080", cos_host + ":8080"},
            {"a.example", "a.example:80"},
        };
        for (const Row& row : rows) {
            CAPTURE(row.url_host);
            config::Config settings;
            settings.upstream.tls = config::UpstreamTls::upgrade;
            World world(settings);
            const auto client = world.connect();
            client->push(get(row.url_host));
            world.settle();
            CHECK(world.dialer.asked == std::vector<std::string>{row.dialled});
            CHECK(world.origin().written.starts_with("GET /x HTTP/1.1\r\nHost: " + row.url_host + "\r\n"));
        }
    }

    TEST_CASE("a client that does not know our CA is told of with the alert it sent")
    {
        TlsWorld at;
        at.tunnel(cos_host + ":443", "User-Agent: curl/7.88.1\r\n");
        const auto peer = at.greet(cos_host, false);
        CHECK_FALSE(peer->open());
        REQUIRE(at.world.examiner.failures.size() == 1);
        const auto& failure = at.world.examiner.failures.front();
        CHECK(failure.kind == TlsStream::Failure::Kind::alert);
        CHECK(failure.alert == SSL_AD_UNKNOWN_CA);
        CHECK(failure.certificate_sent);
        CHECK(at.client->closed);
    }

    TEST_CASE("a client that closes is told apart by whether it had seen our certificate")
    {
        for (const bool seen : {true, false}) {
            CAPTURE(seen);
            TlsWorld at;
            at.tunnel(cos_host + ":443");
            at.context = client_trusting(nullptr);
            TlsPeer peer(at.client, at.context.get(), cos_host, false);
            if (seen) {
                peer.pump();
                at.world.settle();
            } else {
                at.client->push("\x16\x03\x01");
                at.world.settle();
            }
            at.client->end();
            at.world.settle();
            CHECK(at.client->closed);
            CHECK(at.world.examiner.failures.size() == (seen ? 1 : 0));
            if (seen) {
                CHECK(at.world.examiner.failures[0].kind == TlsStream::Failure::Kind::ended);
                CHECK(at.world.examiner.failures[0].certificate_sent);
            }
        }
    }

    TEST_CASE("a client that resumes has trusted us before: that it leaves says nothing of our certificate")
    {
        TlsWorld at;
        at.tunnel(cos_host + ":443");
        const auto first = at.greet();
        REQUIRE(first->open());
        const SessionPtr session(SSL_get1_session(first->ssl()));
        at.client = at.world.connect();
        at.tunnel(cos_host + ":443");
        TlsPeer second(at.client, at.context.get(), cos_host, false);
        SSL_set_session(second.ssl(), session.get());
        second.pump();
        at.world.settle();
        at.client->end();
        at.world.settle();
        REQUIRE(at.world.examiner.failures.size() == 1);
        CHECK_FALSE(at.world.examiner.failures[0].certificate_sent);
    }

    TEST_CASE("a body that ends with the connection ends with a goodbye, and one that broke off does not")
    {
        for (const bool whole : {true, false}) {
            CAPTURE(whole);
            TlsWorld at;
            at.tunnel(cos_host + ":443");
            const auto peer = at.greet();
            peer->write(inside());
            at.settle(*peer);
            at.world.origin().push("HTTP/1.1 200 OK\r\n\r\nsome");
            at.settle(*peer);
            if (whole)
                at.world.origin().end();
            else
                at.world.origin().reset();
            at.settle(*peer);
            CHECK(peer->received.ends_with("some"));
            CHECK(peer->goodbye == whole);
            CHECK(at.client->saw_reset != whole);
        }
    }

    TEST_CASE("a client that takes a little at a time gets all of a long answer, in order")
    {
        TlsWorld at;
        at.tunnel(cos_host + ":443");
        const auto peer = at.greet();
        peer->write(inside());
        at.settle(*peer);
        std::string body(300'000, '.');
        for (std::size_t i = 0; i < body.size(); ++i)
            body[i] = static_cast<char>('a' + i % 26);
        at.client->budget = 0;
        at.world.origin().push("HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n" + body);
        at.settle(*peer);
        while (!peer->received.ends_with(body) && !at.client->closed) {
            at.client->allow(5000);
            at.settle(*peer);
            REQUIRE(peer->failure == "");
        }
        CHECK(peer->received.ends_with("\r\n\r\n" + body));
    }

    TEST_CASE("whichever operation on the client's side fails, the session ends")
    {
        unsigned step = 1;
        for (bool failed = true; failed; ++step) {
            REQUIRE(step < 2000);
            CAPTURE(step);
            failed = false;
            TlsWorld at;
            unsigned count = 0;
            at.client->most_at_once = 200;
            at.client->fails = [&] {
                failed = failed || ++count == step;
                return failed;
            };
            at.client->push("CONNECT " + cos_host + ":443 HTTP/1.1\r\nHost: x\r\n\r\n");
            at.world.settle();
            if (at.client->written == established) {
                at.client->written.clear();
                const auto peer = at.greet();
                if (peer->open()) {
                    peer->write(inside());
                    at.settle(*peer);
                }
                if (!at.world.dialer.made.empty()) {
                    at.world.origin().push(answer_ok);
                    at.settle(*peer);
                }
                CHECK((failed || peer->received == relayed_ok));
                at.client->end();
                at.settle(*peer);
            }
            CHECK(at.client->closed);
        }
        CHECK(step > 10);
    }
}

// SPDX-License-Identifier: Apache-2.0
// Through a parent proxy: which connections go there, what is said to it, and what becomes of its answers.
#include "proxy/tls/server_context.hpp"
#include "tls_peer.hpp"
#include "world.hpp"

#include <doctest/doctest.h>

using namespace cosdiag;
using namespace cosdiag::net;
using namespace cosdiag::net::test;

namespace {

constexpr const char* cos_host = "examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com";
constexpr std::string_view refused_407 =
    "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"corp\"\r\n"
    "Content-Length: 5\r\n\r\nlogin";

config::ParentRules rules(const char* user = "", const char* password = "")
{
    config::ParentRules rules;
    rules.for_http = rules.for_https = config::ParentUrl{"proxy.corp", 3128, user, password};
    rules.from = "settings";
    return rules;
}

config::Config quick()
{
    config::Config config;
    config.timeouts.connect = config::milliseconds(60);
    return config;
}

/// Three octets in, four letters out, by hand: "u:p" is dTpw.
constexpr std::string_view credentials = "Proxy-Authorization: Basic dTpw\r\n";

bool holds(const std::string& text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

const std::string connect_a = "CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n";

} // namespace

TEST_SUITE("proxy/net/parent")
{
    TEST_CASE("what the rules name goes through the parent, unless connect-to or an original address decides")
    {
        config::ParentRules some = rules();
        some.for_http->host = "clear.corp";
        some.no_proxy.add("direct.example");
        const std::vector<config::ConnectTo> connect_to = {{"moved.example", std::nullopt, "b.example", 1}};
        const Parents parents(some, connect_to);

        struct Row {
            const char* host;
            bool tls;
            bool at; ///< the client wanted to go to an address
            bool forwardable;
            const char* parent;
            const char* key;
        };

        const Row rows[] = {
            {"a.example", false, false, true, "clear.corp", "a.example:80+parent"},
            {"a.example", true, false, true, "proxy.corp", "a.example:80+tls+parent"},
            {"a.example", false, false, false, "proxy.corp", "a.example:80+parent"},
            {"a.example", true, true, false, "proxy.corp", "a.example:80+tls+parent"},
            {"192.0.2.7", false, false, false, "proxy.corp", "192.0.2.7:80+parent"},
            {"192.0.2.7", false, true, false, "", "192.0.2.7:80@192.0.2.7"},
            {"direct.example", true, false, true, "", "direct.example:80+tls"},
            {"moved.example", true, false, true, "", "moved.example:80+tls"},
            {"127.0.0.1", false, false, true, "", "127.0.0.1:80"},
        };
        for (const Row& row : rows) {
            CAPTURE(row.key);
            Origin origin;
            origin.host = row.host;
            origin.tls = row.tls;
            if (row.at)
                origin.at = asio::ip::make_address("192.0.2.7");
            parents.choose(origin, row.forwardable);
            CHECK((origin.parent ? origin.parent->host() : "") == row.parent);
            CHECK(origin.forwarded == (origin.parent != nullptr && row.forwardable && !row.tls));
            CHECK(origin.key() == row.key);
        }
    }

    TEST_CASE("clear HTTP is asked of the parent in absolute-form, with our credentials and not the client's")
    {
        World world({}, "127.0.0.1", nullptr, rules("u", "p"));
        const auto client = world.connect();
        client->push(get("a.example", "Proxy-Authorization: Basic bWluZTpzZWNyZXQ=\r\nX-A: 1\r\n"));
        world.settle();
        CHECK(world.dialer.asked == std::vector<std::string>{"proxy.corp:3128"});
        CHECK(
            world.origin().written ==
            "GET http://a.example/x HTTP/1.1\r\nHost: a.example\r\nX-A: 1\r\nVia: 1.1 cosdiag-test\r\n" +
                std::string(credentials) + "\r\n"
        );
        world.origin().push(answer_ok);
        world.settle();
        CHECK(client->written == relayed_ok);
    }

    TEST_CASE("connections to the parent are shared by all origins behind it")
    {
        World world({}, "127.0.0.1", nullptr, rules());
        for (const char* host : {"a.example", "b.example"}) {
            const auto client = world.connect();
            client->push(get(host));
            world.settle();
            world.origin().push(answer_ok);
            world.settle();
            CHECK(client->written == relayed_ok);
        }
        CHECK(world.dialer.made.size() == 1);
        CHECK(holds(world.origin().written, "GET http://b.example/x HTTP/1.1\r\n"));
    }

    TEST_CASE("a connection whose credentials are one client's serves no other origin and no other client")
    {
        World world({}, "127.0.0.1", nullptr, rules());
        const auto client = world.connect();
        const char* const ntlm = "Authorization: NTLM TlRM\r\n";
        for (const char* host : {"a.example", "a.example", "b.example"}) {
            client->push(get(host, ntlm));
            world.settle();
            world.origin().push(answer_ok);
            world.settle();
        }
        CHECK(world.dialer.made.size() == 2);
        CHECK(world.context.pool.size() == 0);
    }

    TEST_CASE("when a pooled connection to the parent turns out dead, a request that may is sent once more")
    {
        World world({}, "127.0.0.1", nullptr, rules());
        const auto client = world.connect();
        client->push(get());
        world.settle();
        world.origin().push(answer_ok);
        world.settle();
        client->push(get("b.example"));
        world.settle();
        const WirePtr dead = world.dialer.made.back();
        dead->reset();
        world.settle();
        REQUIRE(world.dialer.made.size() == 2);
        CHECK(world.origin().written.starts_with("GET http://b.example/x HTTP/1.1\r\n"));
        world.origin().push(answer_ok);
        world.settle();
        CHECK(client->written == std::string(relayed_ok) + std::string(relayed_ok));
    }

    TEST_CASE("an origin's HTTP/1.0 behind the parent is no other origin's")
    {
        World world({}, "127.0.0.1", nullptr, rules());
        const auto put = [](const std::string& host) {
            return "PUT http://" + host + "/x HTTP/1.1\r\nHost: " + host +
                   "\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
        };
        const auto first = world.connect();
        first->push(get());
        world.settle();
        world.origin().push("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok");
        world.settle();
        const auto second = world.connect();
        second->push(put("a.example"));
        world.settle();
        CHECK(second->written.starts_with("HTTP/1.1 411 "));
        const auto third = world.connect();
        third->push(put("b.example"));
        world.settle();
        world.origin().push(answer_ok);
        world.settle();
        CHECK(third->written == relayed_ok);
    }

    TEST_CASE("the parent's 407 is not the client's business: it is told whose it is, and what to do")
    {
        for (const bool known : {false, true}) {
            World world({}, "127.0.0.1", nullptr, known ? rules("u", "s3cret") : rules());
            const auto client = world.connect();
            client->push(get());
            world.settle();
            const WirePtr parent = world.dialer.made.back();
            parent->push(refused_407);
            world.settle();
            CAPTURE(client->written);
            CHECK(client->written.starts_with("HTTP/1.1 502 "));
            CHECK(holds(client->written, "<Code>CosdiagParentRefused</Code>"));
            CHECK(holds(client->written, "Proxy-Status: cosdiag; error=proxy_configuration_error"));
            CHECK(holds(
                client->written,
                "the parent proxy proxy.corp:3128 answered 407 Proxy Authentication Required to a request "
                "for "
                "a.example."
            ));
            CHECK(holds(
                client->written,
                known ? "Correct the user name and password in parent.url"
                      : "put USER:PASSWORD@ before its host in parent.url"
            ));
            CHECK_FALSE(holds(client->written, "Proxy-Authenticate"));
            CHECK_FALSE(holds(client->written, "login"));
            CHECK_FALSE(holds(client->written, "s3cret"));
            CHECK_FALSE(client->closed);
            CHECK(parent->closed);
        }
    }

    TEST_CASE("a 407 of an origin that is spoken to directly goes on as it came")
    {
        World world;
        const auto client = world.connect();
        client->push(get());
        world.settle();
        world.origin().push(refused_407);
        world.settle();
        CHECK(client->written.starts_with("HTTP/1.1 407 "));
    }

    TEST_CASE("other refusals of the parent pass, and its 403 for a COS host is looked at")
    {
        World world({}, "127.0.0.1", nullptr, rules());
        const auto client = world.connect();
        client->push(get(cos_host));
        world.settle();
        world.origin().push(
            "HTTP/1.1 403 Forbidden\r\nX-Squid-Error: ERR_ACCESS_DENIED 0\r\nContent-Length: 2\r\n\r\nno"
        );
        world.settle();
        CHECK(world.examiner.examined == 1);
        CHECK(holds(client->written, "X-Cos-Diagnosis: explained\r\n"));
        client->push(get(cos_host));
        world.settle();
        world.origin().push("HTTP/1.1 504 Gateway Timeout\r\nContent-Length: 0\r\n\r\n");
        world.settle();
        CHECK(holds(client->written, "HTTP/1.1 504 Gateway Timeout\r\nContent-Length: 0\r\n"));
    }

    TEST_CASE("an early answer of the parent's stops an upload as an origin's would")
    {
        World world({}, "127.0.0.1", nullptr, rules());
        const auto client = world.connect();
        client->push("PUT http://a.example/x HTTP/1.1\r\nHost: a.example\r\nContent-Length: 9\r\n\r\nabc");
        world.settle();
        CHECK(world.origin().written.starts_with("PUT http://a.example/x HTTP/1.1\r\n"));
        CHECK(world.origin().written.ends_with("\r\n\r\nabc"));
        world.origin().push("HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n");
        world.settle();
        CHECK(holds(client->written, "CosdiagParentRefused"));
        CHECK(holds(client->written, "Connection: close\r\n"));
    }

    TEST_CASE("a tunnel is opened through the parent; what comes behind its answer is the tunnel's")
    {
        World world({}, "127.0.0.1", nullptr, rules("u", "p"));
        const auto client = world.connect();
        client->push("CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\nVia: 1.1 first\r\n\r\nhello");
        world.settle();
        CHECK(
            world.origin().written ==
            "CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\nVia: 1.1 first, 1.1 cosdiag-test\r\n" +
                std::string(credentials) + "\r\n"
        );
        CHECK(client->written.empty());
        world.origin().written.clear();
        world.origin().push("HTTP/1.0 200 Connection established\r\nContent-Length: 7\r\n\r\nearly");
        world.settle();
        CHECK(client->written == "HTTP/1.1 200 Connection established\r\n\r\nearly");
        CHECK(world.origin().written == "hello");
        world.origin().push(" late");
        client->push("!");
        world.settle();
        CHECK(client->written.ends_with("early late"));
        CHECK(world.origin().written == "hello!");
        world.origin().end();
        client->end();
        world.settle();
        CHECK(client->closed);
    }

    TEST_CASE("the parent's answer to a CONNECT is the same however its bytes are cut")
    {
        const std::string answer = "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 200 OK\r\nX: y\r\n\r\nearly";
        for (std::size_t piece = 1; piece <= answer.size(); ++piece) {
            CAPTURE(piece);
            World world({}, "127.0.0.1", nullptr, rules());
            const auto client = world.connect();
            const auto parent = std::make_shared<Wire>();
            parent->most_at_once = piece;
            world.dialer.prepared.push_back(parent);
            client->push(connect_a);
            world.settle();
            for (std::size_t at = 0; at < answer.size(); at += piece) {
                parent->push(std::string_view(answer).substr(at, piece));
                world.settle();
            }
            CHECK(
                parent->written == "CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n"
                                   "Via: 1.1 cosdiag-test\r\n\r\n"
            );
            CHECK(client->written == "HTTP/1.1 200 Connection established\r\n\r\nearly");
        }
    }

    TEST_CASE("a tunnel that the parent does not open is refused in its name")
    {
        struct Row {
            const char* answer;
            const char* error;
            const char* words;
        };

        const Row rows[] = {
            {"HTTP/1.1 407 Who are you\r\n\r\n",
             "proxy_configuration_error",
             "answered 407 Who are you to CONNECT a.example:443. It wants a user name and password"},
            {"HTTP/1.1 401 No\r\n\r\n", "proxy_configuration_error", "It wants a user name and password"},
            {"HTTP/1.1 403 Forbidden\r\n\r\n",
             "http_request_denied",
             "answered 403 Forbidden to CONNECT a.example:443. Ask its operator to allow this, or exempt the "
             "host "
             "from it (parent.no_proxy)"},
            {"HTTP/1.1 502 \r\n\r\n",
             "destination_unavailable",
             "answered 502 to CONNECT a.example:443. It could not"},
            {"HTTP/1.1 504 Late\r\n\r\n", "destination_unavailable", "It could not reach the host itself"},
            {"HTTP/1.1 405 No\r\n\r\n", "http_request_denied", "names a proxy that opens tunnels (CONNECT)"},
            {"HTTP/1.1 302 \xe9<\t\r\n\r\n", "destination_unavailable", "answered 302 ?&lt;? to CONNECT"},
            {"HTTP/1.1 101 Switching\r\n\r\n",
             "destination_unavailable",
             "answered 101 Switching to CONNECT"},
            {"SSH-2.0-server\r\n", "http_protocol_error", "names an HTTP proxy"},
            {"HTTP/1.1 200 OK\nX: y\n\n", "http_protocol_error", "was refused because"},
        };
        for (const Row& row : rows) {
            CAPTURE(row.answer);
            World world({}, "127.0.0.1", nullptr, rules());
            const auto client = world.connect();
            client->push(connect_a);
            world.settle();
            const WirePtr parent = world.dialer.made.back();
            parent->push(row.answer);
            world.settle();
            CAPTURE(client->written);
            CHECK(client->written.starts_with("HTTP/1.1 502 "));
            CHECK(holds(client->written, "<Code>CosdiagParentRefused</Code>"));
            CHECK(holds(client->written, std::string("error=") + row.error));
            CHECK(holds(client->written, row.words));
            CHECK(parent->closed);
        }
    }

    TEST_CASE("a reason that repeats the password is not shown")
    {
        World world({}, "127.0.0.1", nullptr, rules("u", "s3cret"));
        const auto client = world.connect();
        client->push(connect_a);
        world.settle();
        world.origin().push("HTTP/1.1 407 s3cret is wrong\r\n\r\n");
        world.settle();
        CHECK(holds(
            client->written, "answered 407 to CONNECT a.example:443. Correct the user name and password"
        ));
        CHECK_FALSE(holds(client->written, "s3cret"));
    }

    TEST_CASE("an answer to CONNECT is bounded in size and time")
    {
        config::Config config = quick();
        config.limits.response_head = 1024;
        World world(config, "127.0.0.1", nullptr, rules());
        const auto flooded = world.connect();
        flooded->push(connect_a);
        world.settle();
        const WirePtr flood = world.dialer.made.back();
        for (int i = 0; i < 64; ++i)
            flood->push("HTTP/1.1 102 Processing\r\n\r\n");
        world.settle();
        CHECK(holds(flooded->written, "CosdiagParentRefused"));

        const auto waiting = world.connect();
        waiting->push(connect_a);
        world.settle();
        world.origin().push("HTTP/1.1 200 OK\r\nX-Sl");
        CHECK(world.wait_until([&] { return waiting->closed || !waiting->written.empty(); }));
        CHECK(waiting->written.starts_with("HTTP/1.1 504 "));
        CHECK(holds(waiting->written, "did not answer CONNECT a.example:443 within 60 ms (timeouts.connect)")
        );
    }

    TEST_CASE("a parent that is not there is named, with what named it")
    {
        for (const bool variable : {false, true}) {
            config::ParentRules some = rules();
            some.from = variable ? "https_proxy" : "settings";
            World world({}, "127.0.0.1", nullptr, some);
            world.dialer.refuses = true;
            for (const std::string& request : {connect_a, get()}) {
                const auto client = world.connect();
                client->push(request);
                world.settle();
                CAPTURE(client->written);
                CHECK(holds(client->written, "<Code>CosdiagParentUnreachable</Code>"));
                CHECK(holds(client->written, "Proxy-Status: cosdiag; error=connection_refused"));
                CHECK(holds(
                    client->written,
                    std::string("the parent proxy proxy.corp:3128, named by ") +
                        (variable ? "https_proxy" : "parent.url (or --parent)") +
                        ", could not be reached: nobody there"
                ));
            }
        }
    }

    TEST_CASE("a parent that breaks off is told apart from the origin")
    {
        for (const std::string& request : {connect_a, get()}) {
            World world({}, "127.0.0.1", nullptr, rules());
            const auto client = world.connect();
            client->push(request);
            world.settle();
            world.origin().end();
            world.settle();
            CAPTURE(client->written);
            CHECK(client->written.starts_with("HTTP/1.1 502 "));
            CHECK(holds(client->written, "the parent proxy proxy.corp:3128"));
            CHECK(holds(client->written, "a.example"));
        }
    }

    TEST_CASE("what comes in a tunnel of the client's goes on in one, which is used again")
    {
        const auto authority = std::make_shared<const tls::Authority>(
            tls::Authority::make({"myqcloud.com"}, tls::Clock::now(), "workshop")
        );
        tls::ServerContext interception(authority);
        const std::string inside = "GET /x HTTP/1.1\r\nHost: other.example\r\n\r\n";
        for (const bool secure : {false, true}) {
            CAPTURE(secure);
            World world({}, "127.0.0.1", &interception, rules("u", "p"));
            const auto client = world.connect();
            const std::string target = std::string(cos_host) + (secure ? ":443" : ":80");
            client->push("CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n\r\n");
            world.settle();
            client->written.clear();
            const ContextPtr context = client_trusting(const_cast<X509*>(&authority->certificate()));
            TlsPeer peer(client, context.get(), cos_host, false);
            const auto settle = [&] {
                world.settle();
                while (secure && peer.pump())
                    world.settle();
            };
            settle();
            for (int i = 0; i < 2; ++i) {
                secure ? peer.write(inside) : client->push(inside);
                settle();
                REQUIRE(world.dialer.made.size() == 1);
                if (i == 0) {
                    CHECK(
                        world.origin().written == "CONNECT " + target + " HTTP/1.1\r\nHost: " + target +
                                                      "\r\nVia: 1.1 cosdiag-test\r\n" +
                                                      std::string(credentials) + "\r\n"
                    );
                    world.origin().written.clear();
                    world.origin().push("HTTP/1.1 200 OK\r\n\r\n");
                    settle();
                }
                CHECK(
                    world.origin().written ==
                    "GET /x HTTP/1.1\r\nHost: other.example\r\nVia: 1.1 cosdiag-test\r\n\r\n"
                );
                world.origin().written.clear();
                world.origin().push(refused_407); // of the origin: the parent has nothing to say in here
                settle();
                CHECK((secure ? peer.received : client->written).starts_with("HTTP/1.1 407 "));
            }
        }
    }

    TEST_CASE("redirected traffic goes to the parent by name: in a tunnel where no URL would do, and past it "
              "without a name")
    {
        World world({}, "127.0.0.1", nullptr, rules());
        world.entrance.mode = config::ListenerMode::transparent;
        world.original = Endpoint(asio::ip::make_address("9.9.9.9"), 80);
        const auto client = world.connect();
        client->push("GET /x HTTP/1.1\r\nHost: " + std::string(cos_host) + "\r\n\r\n");
        world.settle();
        CHECK(world.origin().written.starts_with("GET http://" + std::string(cos_host) + "/x HTTP/1.1\r\n"));
        CHECK(world.dialer.asked.back() == "proxy.corp:3128");

        const auto odd = world.connect();
        odd->push("GET http://inside.corp/x HTTP/1.1\r\nHost: " + std::string(cos_host) + "\r\n\r\n");
        world.settle();
        CHECK(world.origin().written.starts_with("CONNECT " + std::string(cos_host) + ":80 HTTP/1.1\r\n"));

        const auto foreign = world.connect();
        foreign->push("GET /x HTTP/1.1\r\nHost: a.example\r\n\r\n");
        world.settle();
        CHECK(world.dialer.asked.back() == "9.9.9.9:80@9.9.9.9");

        world.original = Endpoint(asio::ip::make_address("9.9.9.9"), 443);
        const auto secure = world.connect();
        const ContextPtr context = client_trusting(nullptr);
        TlsPeer peer(secure, context.get(), "a.example", false);
        peer.pump();
        const std::string hello = secure->to_read;
        world.settle();
        CHECK(world.dialer.asked.back() == "proxy.corp:3128");
        CHECK(world.origin().written.starts_with("CONNECT a.example:443 HTTP/1.1\r\n"));
        world.origin().written.clear();
        world.origin().push("HTTP/1.1 200 OK\r\n\r\n");
        world.settle();
        CHECK(world.origin().written == hello);
        CHECK(secure->written.empty());
    }

    TEST_CASE("before a parent, rules see names and literals, also when a connection to it is there already")
    {
        struct Row {
            const char* host;
            bool alone;  ///< allowed while only this machine can reach us
            bool shared; ///< allowed when others can
        };

        const Row rows_[] = {
            {cos_host, true, true},
            {"a.example", true, false},
            {"10.1.2.3", true, false},
            {"192.0.2.7", true, false},
            {"169.254.169.254", false, false},
            {"2852039166", false, false},
            {"metadata.tencentyun.com", false, false},
            {"169.254.10.10", false, false},
        };
        for (const bool shared : {false, true}) {
            World world({}, shared ? "192.0.2.200" : "127.0.0.1", nullptr, rules());
            const auto first = world.connect();
            first->push(get(cos_host));
            world.settle();
            world.origin().push(answer_ok);
            world.settle();
            for (const Row& row : rows_) {
                const std::string host = row.host;
                for (const std::string& request :
                     {get(host), "CONNECT " + host + ":443 HTTP/1.1\r\nHost: " + host + ":443\r\n\r\n"}) {
                    CAPTURE(shared);
                    CAPTURE(request);
                    const auto client = world.connect();
                    client->push(request);
                    world.settle();
                    CHECK(
                        holds(client->written, "CosdiagDestinationRefused") !=
                        (shared ? row.shared : row.alone)
                    );
                    if (client->written.empty()) {
                        world.origin().push(answer_ok);
                        world.settle();
                    }
                }
            }
        }
    }

    TEST_CASE("0.0.0.0/0 opens all names behind a parent, but never our own listener by its address")
    {
        config::Config config;
        config.access.destinations = {config::Cidr{}};
        World open(config, "192.0.2.200", nullptr, rules());
        const auto client = open.connect();
        client->push(get("a.example"));
        open.settle();
        CHECK(open.origin().written.starts_with("GET http://a.example/x"));
        const auto loop = open.connect();
        loop->push(get("192.0.2.200:8403"));
        open.settle();
        CHECK(holds(loop->written, "<Code>CosdiagLoop</Code>"));
    }
}

// SPDX-License-Identifier: Apache-2.0
// Every operation of an exchange fails once: nothing may hang, nothing may be passed on as whole that is not.
#include "world.hpp"

#include <doctest/doctest.h>

using namespace cosdiag;
using namespace cosdiag::net;
using namespace cosdiag::net::test;

namespace {

constexpr std::string_view cos_host = "examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com";

struct Story {
    std::string_view name;
    std::string request;
    std::string answer;
    std::string whole; ///< what a client sees if nothing fails
    config::ParentRules rules{};
};

config::ParentRules through_parent()
{
    config::ParentRules rules;
    rules.for_http = rules.for_https = config::ParentUrl{"proxy.corp", 3128, "u", "p"};
    return rules;
}

std::vector<Story> stories()
{
    const std::string host(cos_host);
    return {
        {"GET with a length", get(), std::string(answer_ok), std::string(relayed_ok)},
        {"chunked both ways",
         "PUT http://a.example/x HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: chunked\r\n\r\n"
         "5\r\nhello\r\n0\r\n\r\n",
         "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
         "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nVia: 1.1 "
         "cosdiag-test\r\n\r\n2\r\nok\r\n0\r\n\r\n"},
        {"403 of COS",
         get(host),
         "HTTP/1.1 403 Forbidden\r\nContent-Length: 5\r\n\r\nerror",
         "HTTP/1.1 403 Forbidden\r\nContent-Length: 5\r\nX-Cos-Diagnosis: explained\r\nVia: 1.1 "
         "cosdiag-test\r\n\r\nerror"},
        {"tunnel",
         "CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\nhello",
         "world",
         "HTTP/1.1 200 Connection established\r\n\r\nworld"},
        {"GET through a parent", get(), std::string(answer_ok), std::string(relayed_ok), through_parent()},
        {"tunnel through a parent",
         "CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\nhello",
         "HTTP/1.1 200 OK\r\n\r\nworld",
         "HTTP/1.1 200 Connection established\r\n\r\nworld",
         through_parent()},
    };
}

/// Plays the story with the operation of that number failing, on streams that move a few bytes at a time.
/// True if it came so far.
bool play(const Story& story, bool client_fails, unsigned failing)
{
    World world({}, "127.0.0.1", nullptr, story.rules);
    unsigned count = 0;
    bool failed = false;
    const auto client = world.connect();
    const auto origin = std::make_shared<Wire>();
    world.dialer.prepared.push_back(origin);
    client->most_at_once = origin->most_at_once = 24;
    (client_fails ? *client : *origin).fails = [&] {
        failed = failed || ++count == failing;
        return failed;
    };
    client->push(story.request);
    world.settle();
    origin->push(story.answer);
    world.settle();
    client->end();
    origin->end();
    world.settle();

    CAPTURE(client->written);
    CHECK(client->closed);
    if (failed && !client_fails && client->written != story.whole) {
        // Cut, or an error of our own; never the whole answer with something else in it.
        const bool cut = story.whole.starts_with(client->written);
        const bool own = client->written.find("Proxy-Status: cosdiag; error=") != std::string::npos;
        CHECK((cut || own));
    }
    if (failed && client_fails)
        CHECK(story.whole.starts_with(client->written));
    if (!failed)
        CHECK(client->written == story.whole);
    if (failed)
        CHECK(world.context.pool.size() == 0);
    return failed;
}

} // namespace

TEST_SUITE("proxy/net/faults")
{
    TEST_CASE("whichever operation fails, the session ends, and nothing false reaches the client")
    {
        for (const Story& story : stories()) {
            for (const bool client_fails : {true, false}) {
                unsigned step = 1;
                while (play(story, client_fails, step)) {
                    CAPTURE(story.name);
                    CAPTURE(client_fails);
                    CAPTURE(step);
                    REQUIRE(step < 1000);
                    ++step;
                }
                CHECK(step > 3);
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
#include "proxy/net/flow.hpp"
#include "tests/proxy/net/memory_stream.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

using namespace cosdiag;
using net::Flow;
using net::Stores;

namespace {

constexpr std::size_t mib = 1024 * 1024;

/// A body of so many bytes between two wires.
struct Transfer {
    explicit Transfer(std::size_t size)
    {
        for (std::size_t i = 0; i < size; ++i)
            body += static_cast<char>('a' + i % 23);
        source->to_read = body;
        flow.start(*from, *to, {http::Framing::Kind::length, size}, {}, {});
    }

    /// Bytes read from the source that have not left.
    std::size_t held() const { return body.size() - source->to_read.size() - sink->written.size(); }

    std::shared_ptr<net::test::Wire> source = std::make_shared<net::test::Wire>();
    std::shared_ptr<net::test::Wire> sink = std::make_shared<net::test::Wire>();
    net::StreamPtr from = net::test::plug(source);
    net::StreamPtr to = net::test::plug(sink);
    Stores stores;
    std::string body;
    Flow flow{stores};
};

} // namespace

TEST_SUITE("proxy/net/flow")
{
    TEST_CASE("a body that nothing holds up goes on in twice as large pieces after its first mebibyte")
    {
        Transfer at(8 * mib);
        CHECK(at.flow.pump() == Flow::State::moving);
        CHECK(at.flow.again());
        CHECK(at.sink->written.size() == 8 * Stores::large + 23 * Stores::huge); // one more has been read
        CHECK(at.held() == Stores::huge);
        CHECK(at.flow.pump() == Flow::State::finished);
        CHECK(at.sink->written == at.body);
    }

    TEST_CASE("who has to be waited for has the smaller pieces held for it, however fast it was before")
    {
        Transfer at(16 * mib);
        std::size_t most = 0;
        at.sink->budget = 2 * mib + 1;
        CHECK(at.flow.pump() == Flow::State::moving);
        CHECK(at.flow.blocked_on_sink());
        CHECK(at.held() < Stores::huge);
        while (at.flow.state() == Flow::State::moving && at.sink->written.size() < 12 * mib) {
            at.sink->budget = at.held() + 1;
            at.flow.pump();
            REQUIRE(at.flow.blocked_on_sink());
            most = std::max(most, at.held());
        }
        CHECK(most == Stores::large - 1);
        at.sink->budget = SIZE_MAX;
        while (at.flow.pump() == Flow::State::moving) {
        }
        CHECK(at.flow.state() == Flow::State::finished);
        CHECK(at.sink->written == at.body);
    }
}

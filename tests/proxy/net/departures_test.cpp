// SPDX-License-Identifier: Apache-2.0
#include "proxy/net/departures.hpp"

#include <doctest/doctest.h>

using namespace cosdiag::net;

namespace {

Departures::Endpoint at(const char* address, unsigned port)
{
    return {boost::asio::ip::make_address(address), static_cast<std::uint16_t>(port)};
}

} // namespace

TEST_SUITE("proxy/net/departures")
{
    TEST_CASE("a connection is known by both of its ends, for a moment")
    {
        Departures departures;
        const auto from = at("10.1.2.3", 40000);
        const auto to = at("203.0.113.7", 80);
        CHECK_FALSE(departures.has(from, to, 0));
        departures.note(from, to, 5000);
        CHECK(departures.has(from, to, 5000));
        CHECK(departures.has(from, to, 5000 + Departures::remembered - 1));
        CHECK_FALSE(departures.has(from, to, 5000 + Departures::remembered));
        CHECK_FALSE(departures.has(at("10.1.2.4", 40000), to, 5000));
        CHECK_FALSE(departures.has(at("10.1.2.3", 40001), to, 5000));
        CHECK_FALSE(departures.has(from, at("203.0.113.7", 443), 5000));
        CHECK_FALSE(departures.has(from, at("203.0.113.8", 80), 5000));
    }

    TEST_CASE("of very many the latest are known")
    {
        Departures departures;
        const auto to = at("203.0.113.7", 80);
        for (unsigned port = 30000; port < 34000; ++port)
            departures.note(at("10.1.2.3", port), to, 0);
        for (unsigned port = 33000; port < 34000; ++port)
            CHECK(departures.has(at("10.1.2.3", port), to, 0));
        CHECK_FALSE(departures.has(at("10.1.2.3", 30000), to, 0));
    }
}

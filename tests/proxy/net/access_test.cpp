// SPDX-License-Identifier: Apache-2.0
#include "proxy/net/access.hpp"

#include <doctest/doctest.h>

using namespace cosdiag;
using namespace cosdiag::net;

namespace {

Endpoint at(const char* address, std::uint16_t port = 80)
{
    return {boost::asio::ip::make_address(address), port};
}

config::Cidr v4(unsigned char a, unsigned char b, unsigned char c, unsigned char d, std::uint8_t bits)
{
    config::Cidr range;
    range.prefix_bits = bits;
    range.bytes[0] = a;
    range.bytes[1] = b;
    range.bytes[2] = c;
    range.bytes[3] = d;
    return range;
}

struct Row {
    const char* address;
    bool cos;    ///< allowed for a COS host
    bool local;  ///< allowed for another host while only this machine can reach us
    bool shared; ///< allowed for another host when others can
};

constexpr Row rows[] = {
    {"93.184.216.34", true, true, false},
    {"9.1.2.3", true, true, false},
    {"10.1.2.3", true, true, false},
    {"100.64.1.2", true, true, false},
    {"172.16.0.1", true, true, false},
    {"192.168.1.1", true, true, false},
    {"169.254.10.10", true, false, false},
    {"169.254.169.254", false, false, false},
    {"169.254.0.23", false, false, false},
    {"127.0.0.1", false, false, false},
    {"127.9.9.9", false, false, false},
    {"0.0.0.0", false, false, false},
    {"::1", false, false, false},
    {"::ffff:127.0.0.1", false, false, false},
    {"::ffff:169.254.169.254", false, false, false},
    {"2001:db8::1", true, true, false},
};

} // namespace

TEST_SUITE("proxy/net/access")
{
    TEST_CASE(
        "COS names may lead to the addresses they have inside Tencent Cloud, not to loopback or metadata"
    )
    {
        const config::Access rules;
        for (const char* const listener : {"127.0.0.1", "0.0.0.0"}) {
            const Access access(rules, {at(listener, 8403)});
            for (const Row& row : rows) {
                CAPTURE(listener);
                CAPTURE(row.address);
                CHECK(access.check(at(row.address), {"bucket", true, false}).has_value() != row.cos);
            }
        }
    }

    TEST_CASE("other names lead where the listeners' reach allows")
    {
        const config::Access rules;
        const Access local(rules, {at("127.0.0.1", 8403)});
        const Access shared(rules, {at("0.0.0.0", 8403)});
        CHECK_FALSE(local.shared());
        CHECK(shared.shared());
        for (const Row& row : rows) {
            CAPTURE(row.address);
            CHECK(local.check(at(row.address), {"other", false, false}).has_value() != row.local);
            CHECK(shared.check(at(row.address), {"other", false, false}).has_value() != row.shared);
        }
    }

    TEST_CASE("where else the program listens is out of reach, and makes nobody a client")
    {
        config::Access rules;
        rules.destinations = {v4(0, 0, 0, 0, 0)};
        const Access access(rules, {at("127.0.0.1", 8403)}, {at("0.0.0.0", 8404)});
        CHECK_FALSE(access.shared());
        for (const char* const address : {"127.0.0.1", "127.9.9.9", "0.0.0.0", "::ffff:127.0.0.1"}) {
            CAPTURE(address);
            const auto own = access.check(at(address, 8404), {"x", true, true});
            REQUIRE(own);
            CHECK(own->own);
            CHECK_FALSE(access.check(at(address, 8405), {"x", false, false}));
        }
    }

    TEST_CASE("an allowed range opens its addresses, but neither our listeners nor metadata")
    {
        config::Access rules;
        rules.destinations = {v4(127, 0, 0, 0, 8), v4(169, 254, 0, 0, 16)};
        const Access access(rules, {at("127.0.0.1", 8403)});
        CHECK_FALSE(access.check(at("127.0.0.1", 9000), {"x", false, false}));
        CHECK_FALSE(access.check(at("169.254.1.1"), {"x", false, false}));
        const auto own = access.check(at("127.0.0.1", 8403), {"x", false, false});
        REQUIRE(own);
        CHECK(own->own);
        CHECK(access.check(at("169.254.169.254"), {"x", false, false}));
    }

    TEST_CASE("a connect-to rule may lead anywhere but back to us")
    {
        const config::Access rules;
        const Access access(rules, {at("127.0.0.1", 8403)});
        CHECK_FALSE(access.check(at("127.0.0.1", 9000), {"x", false, true}));
        CHECK(access.check(at("127.0.0.1", 8403), {"x", false, true}));
    }

    TEST_CASE("a refusal names the address and the option that would open it")
    {
        const config::Access rules;
        const Access access(rules, {at("127.0.0.1", 8403)});
        const auto denial = access.check(at("127.0.0.1", 9000), {"a.example", false, false});
        REQUIRE(denial);
        CHECK(denial->reason.find("127.0.0.1") != std::string::npos);
        CHECK(denial->reason.find("--allow-destination") != std::string::npos);
    }

    TEST_CASE("clients are let in by loopback or by their range")
    {
        config::Access rules;
        rules.clients = {v4(10, 0, 0, 0, 8)};
        const Access access(rules, {at("0.0.0.0", 8403)});
        CHECK(access.client_allowed(boost::asio::ip::make_address("10.200.0.1")));
        CHECK(access.client_allowed(boost::asio::ip::make_address("::ffff:10.200.0.1")));
        CHECK_FALSE(access.client_allowed(boost::asio::ip::make_address("11.0.0.1")));
    }

    TEST_CASE("an address leads here if it is this machine's or a listener's, and nobody opened it")
    {
        struct Row {
            const char* address;
            bool opened;
            bool here;
        };

        const Row rows[] = {
            {"127.0.0.1", false, true},
            {"127.8.8.8", false, true},
            {"::1", false, true},
            {"::ffff:127.0.0.1", false, true},
            {"0.0.0.0", false, true},
            {"10.1.2.3", false, true},
            {"10.1.2.4", false, false},
            {"203.0.113.7", false, false},
            {"127.0.0.1", true, false},
        };
        for (const Row& row : rows) {
            CAPTURE(row.address);
            config::Access rules;
            if (row.opened)
                rules.destinations = {v4(127, 0, 0, 0, 8)};
            const Access access(rules, {at("10.1.2.3", 8403)});
            CHECK(access.leads_here(at(row.address).address()) == row.here);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
#include "config/literal.hpp"

#include <doctest/doctest.h>

using namespace cosdiag::config;

TEST_SUITE("config/literal")
{
    TEST_CASE("a literal is read in full, and written in its shortest form")
    {
        struct Row {
            const char* text;
            const char* written;
        };

        const Row rows[] = {
            {"192.0.2.7", "192.0.2.7"},
            {"2001:DB8:0:0:0:0:0:1", "2001:db8::1"},
            {"::", "::"},
            {"1111:2222:3333:4444:5555:6666:255.255.255.255", "1111:2222:3333:4444:5555:6666:ffff:ffff"},
        };
        for (const auto& row : rows) {
            CAPTURE(row.text);
            const auto literal = parse_literal(row.text);
            REQUIRE(literal);
            CHECK(to_string(*literal) == row.written);
        }
    }

    TEST_CASE("nothing but a literal is one")
    {
        for (const std::string& text :
             {std::string(),
              std::string("localhost"),
              std::string("127.1"),
              std::string("010.0.0.1"),
              std::string("[::1]"),
              std::string("fe80::1%lo"),
              std::string("127.0.0.1\0x", 11),
              std::string(1000, ':')}) {
            CAPTURE(text);
            CHECK_FALSE(parse_literal(text));
        }
    }

    TEST_CASE("an address in IPv6 clothing is the one it stands for")
    {
        const auto mapped = *parse_literal("::ffff:10.0.0.1");
        CHECK(is_mapped(mapped));
        CHECK(unmapped(mapped) == *parse_literal("10.0.0.1"));
        for (const char* text : {"::10.0.0.1", "2001:db8::1", "10.0.0.1"}) {
            CAPTURE(text);
            const auto literal = *parse_literal(text);
            CHECK_FALSE(is_mapped(literal));
            CHECK(unmapped(literal) == literal);
        }
    }

    TEST_CASE("a network is the address without the bits beyond its prefix")
    {
        struct Row {
            const char* text;
            unsigned prefix_bits;
            const char* network;
        };

        const Row rows[] = {
            {"10.255.3.4", 9, "10.128.0.0"},
            {"10.255.3.4", 32, "10.255.3.4"},
            {"10.255.3.4", 0, "0.0.0.0"},
            {"2001:db8:ffff::1", 33, "2001:db8:8000::"},
            {"2001:db8::1", 128, "2001:db8::1"},
            {"2001:db8::1", 0, "::"},
        };
        for (const auto& row : rows) {
            CAPTURE(row.text);
            CAPTURE(row.prefix_bits);
            CHECK(to_string(network_of(*parse_literal(row.text), row.prefix_bits)) == row.network);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
#include "config/address.hpp"
#include "tests/config/support.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace cosdiag::config;
using namespace cosdiag::config::test;

TEST_SUITE("config/address")
{
    TEST_CASE("an address is a literal and a port, and is written back as it was")
    {
        struct Row {
            const char* text;
            const char* host;
            std::uint16_t port;
        };

        const Row rows[] = {
            {"127.0.0.1:8403", "127.0.0.1", 8403},
            {"0.0.0.0:0", "0.0.0.0", 0},
            {"[::1]:8403", "::1", 8403},
            {"[2001:db8::7]:65535", "2001:db8::7", 65535},
        };
        for (const auto& row : rows) {
            CAPTURE(row.text);
            const auto parsed = parse_address(row.text);
            REQUIRE(std::holds_alternative<Address>(parsed));
            CHECK(std::get<Address>(parsed) == Address{row.host, row.port});
            CHECK(to_string(std::get<Address>(parsed)) == row.text);
        }
    }

    TEST_CASE("the admin listener has an address or is off")
    {
        CHECK_FALSE(std::get<std::optional<Address>>(parse_admin_address("off")));
        CHECK(std::get<std::optional<Address>>(parse_admin_address("[::1]:1")) == Address{"::1", 1});
        CHECK(refusal(parse_admin_address("8404")).find("Write 127.0.0.1:8404.") != std::string::npos);
    }

    TEST_CASE("what is no address is refused with what to write instead")
    {
        struct Row {
            const char* text;
            const char* says;
        };

        const Row rows[] = {
            {"8403", "Write 127.0.0.1:8403."},
            {":8403", "Write 127.0.0.1:8403, or 0.0.0.0 for every address."},
            {"localhost:8403", "Write 127.0.0.1:8403."},
            {"127.0.0.1", "has no port"},
            {"127.0.0.1:", "has no port"},
            {"127.0.0.1:65536", "has no port between 0 and 65535"},
            {"127.0.0.1:+1", "has no port"},
            {"::1:8403", "literal address"},
            {"[127.0.0.1]:8403", "literal address"},
            {"[]:8403", "literal address"},
            {"", "has no port"},
        };
        for (const auto& row : rows) {
            CAPTURE(row.text);
            CHECK(refusal(parse_address(row.text)).find(row.says) != std::string::npos);
        }
        CHECK(refusal(parse_address(std::string_view("127.0.0.1\0.evil:80", 18))) != "");
    }

    TEST_CASE("loopback is 127.0.0.0/8, ::1 and the mapped form")
    {
        for (const char* host : {"127.0.0.1", "127.9.9.9", "::1", "0:0:0:0:0:0:0:1", "::ffff:127.0.0.1"}) {
            CAPTURE(host);
            CHECK(is_loopback({host, 1}));
        }
        for (const char* host :
             {"0.0.0.0", "::", "10.0.0.1", "128.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "name"}) {
            CAPTURE(host);
            CHECK_FALSE(is_loopback({host, 1}));
        }
    }

    TEST_CASE("a range keeps its text, its family, its prefix and its bytes")
    {
        const auto parsed = parse_cidr("10.128.0.0/9");
        REQUIRE(std::holds_alternative<Cidr>(parsed));
        const auto& range = std::get<Cidr>(parsed);
        CHECK(range.text == "10.128.0.0/9");
        CHECK_FALSE(range.v6);
        CHECK(range.prefix_bits == 9);
        constexpr unsigned char expected[16] = {10, 128};
        CHECK(std::ranges::equal(range.bytes, expected));

        const auto wide = std::get<Cidr>(parse_cidr("2001:db8::/32"));
        CHECK(wide.v6);
        CHECK(wide.prefix_bits == 32);
        constexpr unsigned char documentation[16] = {0x20, 0x01, 0x0d, 0xb8};
        CHECK(std::ranges::equal(wide.bytes, documentation));
    }

    TEST_CASE("an address alone is a range of one, and zero bits are every address")
    {
        CHECK(std::get<Cidr>(parse_cidr("192.0.2.7")).prefix_bits == 32);
        CHECK(std::get<Cidr>(parse_cidr("::1")).prefix_bits == 128);
        CHECK(std::get<Cidr>(parse_cidr("0.0.0.0/0")).prefix_bits == 0);
        CHECK(std::get<Cidr>(parse_cidr("::/0")).prefix_bits == 0);
    }

    TEST_CASE("what is no range, or could be read as two, is refused")
    {
        struct Row {
            const char* text;
            const char* says;
        };

        const Row rows[] = {
            {"10.1.2.3/8", "Write 10.0.0.0/8 for the range, or 10.1.2.3 for the one address."},
            {"2001:db8::1/32", "Write 2001:db8::/32"},
            {"10.0.0.0/33", "prefix length from 0 to 32"},
            {"::/129", "prefix length from 0 to 128"},
            {"10.0.0.0/", "prefix length"},
            {"10.0.0.0/-1", "prefix length"},
            {"10.0.0.0/8/8", "prefix length"},
            {"10.0.0", "no range"},
            {"010.0.0.0/8", "no range"},
            {"example.com", "no range"},
            {"::ffff:10.0.0.0/104", "Write it as IPv4."},
        };
        for (const auto& row : rows) {
            CAPTURE(row.text);
            CHECK(refusal(parse_cidr(row.text)).find(row.says) != std::string::npos);
        }
    }

    TEST_CASE("a route is read as curl reads it, empty parts and brackets included")
    {
        struct Row {
            const char* text;
            ConnectTo expected;
        };

        const Row rows[] = {
            {"a.example:80:127.0.0.1:8080", {"a.example", 80, "127.0.0.1", 8080}},
            {"::127.0.0.1:8080", {"", {}, "127.0.0.1", 8080}},
            {"a.example:443::8443", {"a.example", 443, "", 8443}},
            {":443:b.example:", {"", 443, "b.example", {}}},
            {"[::1]:443:[2001:db8::1]:8443", {"::1", 443, "2001:db8::1", 8443}},
            {":::", {"", {}, "", {}}},
        };
        for (const auto& row : rows) {
            CAPTURE(row.text);
            const auto parsed = parse_connect_to(row.text);
            REQUIRE(std::holds_alternative<ConnectTo>(parsed));
            CHECK(std::get<ConnectTo>(parsed) == row.expected);
        }
    }

    TEST_CASE("what is no route is refused")
    {
        for (const char* text :
             {"",
              "a:80",
              "a:80:b",
              "a:80:b:80:",
              "a:80:b:80:c",
              "::1:443:::1:443",
              "[::1:443:b:80",
              "[a]:443:b:80",
              "a:0:b:80",
              "a:80:b:65536",
              "a:x:b:80",
              "a b:80:c:80",
              "http://a:80:b:80"}) {
            CAPTURE(text);
            CHECK(refusal(parse_connect_to(text)) != "");
        }
    }

    TEST_CASE("host names come out in lower case, and nothing but names gets in")
    {
        CHECK(std::get<std::string>(parse_host_name("Files.Example.COM")) == "files.example.com");
        CHECK(std::get<std::string>(parse_host_name("a-1_b")) == "a-1_b");

        struct Row {
            const char* text;
            const char* says;
        };

        const Row rows[] = {
            {"https://files.example.com", "Leave the scheme out."},
            {"*.example.com", "Wildcards"},
            {"files.example.com:443", "no host name"},
            {"files.example.com/a", "no host name"},
            {"files.example.com.", "Leave the dot"},
            {".example.com", "no host name"},
            {"a..b", "no host name"},
            {"", "1 to 253"},
        };
        for (const auto& row : rows) {
            CAPTURE(row.text);
            CHECK(refusal(parse_host_name(row.text)).find(row.says) != std::string::npos);
        }
        CHECK(refusal(parse_host_name(std::string(64, 'a') + ".example")) != "");
        CHECK(refusal(parse_host_name(std::string(63, 'a') + ".example")) == "");
    }

    TEST_CASE("a host pattern is a name, or a star for all below a domain")
    {
        CHECK(std::get<std::string>(parse_host_pattern("Files.Example.com")) == "files.example.com");
        CHECK(std::get<std::string>(parse_host_pattern("*.Example.com")) == "*.example.com");
        for (const char* text :
             {"*", "*.", "*example.com", "a.*.example.com", "*.*.com", "**.example.com", ""}) {
            CAPTURE(text);
            CHECK(refusal(parse_host_pattern(text)) != "");
        }
        CHECK(refusal(parse_host_pattern("*.a b")).find("or *.example.com") != std::string::npos);
    }

    TEST_CASE("ports are 1 to 65535")
    {
        CHECK(std::get<std::uint16_t>(parse_port("65535")) == 65535);
        for (const char* text : {"0", "65536", "", "80a", "-1", " 80"}) {
            CAPTURE(text);
            CHECK(refusal(parse_port(text)).find("1 to 65535") != std::string::npos);
        }
    }
}

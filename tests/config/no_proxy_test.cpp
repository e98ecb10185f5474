// SPDX-License-Identifier: Apache-2.0
#include "config/no_proxy.hpp"

#include <doctest/doctest.h>

using namespace cosdiag::config;

TEST_SUITE("config/no_proxy")
{
    TEST_CASE("a list says which hosts are reached without the parent")
    {
        struct Row {
            const char* list;
            const char* host;
            std::uint16_t port;
            bool matches;
        };

        const Row rows[] = {
            {"", "example.com", 80, false},
            // a domain, however it begins, is itself and what is below it
            {"example.com", "example.com", 80, true},
            {"example.com", "a.b.example.com", 80, true},
            {"example.com", "notexample.com", 80, false},
            {"example.com", "example.com.evil.test", 80, false},
            {"example.com", "com", 80, false},
            {".example.com", "example.com", 80, true},
            {".example.com", "a.example.com", 80, true},
            {"*.example.com", "example.com", 80, true},
            {"*.example.com", "a.example.com", 80, true},
            {"*.example.com", "notexample.com", 80, false},
            {"com", "example.com", 80, true},
            // case and the dot at the end do not count
            {"Example.COM", "eXample.com", 80, true},
            {"example.com", "EXAMPLE.COM.", 80, true},
            {"example.com.", "a.example.com", 80, true},
            // several, by commas, blanks or both
            {"a.test,b.test", "b.test", 80, true},
            {"a.test b.test", "b.test", 80, true},
            {" ,a.test,\t ,b.test,", "b.test", 80, true},
            {"a.test,b.test", "c.test", 80, false},
            // a port
            {"example.com:8080", "example.com", 8080, true},
            {"example.com:8080", "a.example.com", 8080, true},
            {"example.com:8080", "example.com", 80, false},
            {"10.0.0.1:80", "10.0.0.1", 80, true},
            {"10.0.0.1:80", "10.0.0.1", 443, false},
            {"10.0.0.0/8:80", "10.1.2.3", 443, false},
            {"[2001:db8::1]:443", "2001:db8::1", 443, true},
            {"[2001:db8::1]:443", "2001:db8::1", 80, false},
            {"*:443", "example.com", 443, true},
            {"*:443", "example.com", 80, false},
            // addresses and ranges
            {"10.0.0.1", "10.0.0.1", 80, true},
            {"10.0.0.1", "10.0.0.11", 80, false},
            {"0.0.1", "10.0.0.1", 80, false},
            {"10.0.0.0/8", "10.255.0.1", 80, true},
            {"10.0.0.0/8", "11.0.0.1", 80, false},
            {"10.1.2.3/8", "10.255.0.1", 80, true},
            {"0.0.0.0/0", "192.0.2.1", 80, true},
            {"0.0.0.0/0", "2001:db8::1", 80, false},
            {"0.0.0.0/0", "example.com", 80, false},
            {"2001:db8::/32", "2001:db8:1::2", 80, true},
            {"2001:db8::/32", "[2001:db8:1::2]", 80, true},
            {"2001:db8::/32", "2001:db9::", 80, false},
            {"2001:DB8:0::1", "2001:db8::1", 80, true},
            {"[2001:db8::1]", "2001:db8::1", 80, true},
            {"10.0.0.0/8", "::ffff:10.0.0.1", 80, true},
            {"::ffff:10.0.0.0/104", "10.9.9.9", 80, true},
            {"::/0", "10.0.0.1", 80, false},
            // everything
            {"*", "example.com", 80, true},
            {"*", "192.0.2.1", 80, true},
            {"a.test, *", "2001:db8::1", 80, true},
            // what is not understood says nothing
            {"10.0.0.0/33", "10.0.0.1", 80, false},
            {"10.0.0.0/", "10.0.0.1", 80, false},
            {"10.0.0.0/8x", "10.0.0.1", 80, false},
            {"example.com:0", "example.com", 0, false},
            {"example.com:http", "example.com", 80, false},
            {"a*.example.com", "a1.example.com", 80, false},
            {"http://example.com", "example.com", 80, false},
            {":80", "example.com", 80, false},
            {":", "example.com", 80, false},
            {".", "example.com", 80, false},
            {"*.", "example.com", 80, false},
            {"[]", "example.com", 80, false},
        };
        for (const auto& row : rows) {
            CAPTURE(row.list);
            CAPTURE(row.host);
            CAPTURE(row.port);
            CHECK(NoProxy(row.list).matches(row.host, row.port) == row.matches);
        }
    }

    TEST_CASE("loopback is reached directly without being listed, and nothing that only resembles it")
    {
        const NoProxy nothing;
        for (const char* host :
             {"localhost",
              "LocalHost.",
              "a.localhost",
              "127.0.0.1",
              "127.9.9.9",
              "::1",
              "[::1]",
              "::ffff:127.0.0.1"}) {
            CAPTURE(host);
            CHECK(nothing.matches(host, 1));
        }
        for (const char* host :
             {"localhost.example.com",
              "notlocalhost",
              "128.0.0.1",
              "::2",
              "127.0.0.1.example.com",
              "",
              "."}) {
            CAPTURE(host);
            CHECK_FALSE(nothing.matches(host, 1));
        }
    }

    TEST_CASE("lists add up")
    {
        NoProxy both("a.test");
        both.add("b.test");
        CHECK(both.matches("a.test", 1));
        CHECK(both.matches("b.test", 1));
        CHECK(both == NoProxy("a.test b.test"));
    }

    TEST_CASE("an entry of the settings is kept as it is, or refused with what to write")
    {
        for (const char* text :
             {"example.com", ".example.com", "*.example.com:443", "10.0.0.0/8", "::1", "*"}) {
            CAPTURE(text);
            CHECK(std::get<std::string>(parse_no_proxy(text)) == text);
        }

        struct Row {
            const char* text;
            const char* says;
        };

        const Row rows[] = {
            {"a.test, b.test", "\"a.test, b.test\" is more than one entry. Give each a line of its own."},
            {"a.test b.test", "is more than one entry"},
            {"", "is no host, domain, address or range. Write it such as example.com, 10.0.0.0/8"},
            {"10.0.0.0/33", "is no host, domain, address or range"},
            {"https://a.test", "is no host, domain, address or range"},
        };
        for (const auto& row : rows) {
            CAPTURE(row.text);
            const auto parsed = parse_no_proxy(row.text);
            REQUIRE(std::holds_alternative<Complaint>(parsed));
            const auto& complaint = std::get<Complaint>(parsed);
            CHECK((complaint.what + ". " + complaint.hint).find(row.says) != std::string::npos);
        }
    }
}

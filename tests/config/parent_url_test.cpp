// SPDX-License-Identifier: Apache-2.0
#include "config/parent_url.hpp"
#include "tests/config/support.hpp"

#include <doctest/doctest.h>

using namespace cosdiag::config;
using namespace cosdiag::config::test;

TEST_SUITE("config/parent_url")
{
    TEST_CASE("a parent is a host, perhaps a port, perhaps a user and a password")
    {
        struct Row {
            const char* text;
            ParentUrl expected;
        };

        const Row rows[] = {
            {"http://Proxy.example.com:3128", {"proxy.example.com", 3128, "", ""}},
            {"http://proxy", {"proxy", 80, "", ""}},
            {"HTTP://proxy/", {"proxy", 80, "", ""}},
            {"http://10.0.0.1:8080/", {"10.0.0.1", 8080, "", ""}},
            {"http://[2001:DB8::1]:3128", {"2001:db8::1", 3128, "", ""}},
            {"http://[::1]", {"::1", 80, "", ""}},
            {"http://alice:secret@proxy:1", {"proxy", 1, "alice", "secret"}},
            {"http://alice@proxy", {"proxy", 80, "alice", ""}},
            {"http://:secret@proxy", {"proxy", 80, "", "secret"}},
            {"http://@proxy", {"proxy", 80, "", ""}},
            {"http://a%40b:%3a%2F%25%E4%BD%A0@proxy", {"proxy", 80, "a@b", ":/%你"}},
            {"http://alice:se:cr@et@proxy", {"proxy", 80, "alice", "se:cr@et"}},
            {"http://alice:a+b@proxy", {"proxy", 80, "alice", "a+b"}},
        };
        for (const auto& row : rows) {
            CAPTURE(row.text);
            const auto parsed = parse_parent_url(row.text);
            CAPTURE(refusal(parsed));
            REQUIRE(std::holds_alternative<ParentUrl>(parsed));
            CHECK(std::get<ParentUrl>(parsed) == row.expected);
        }
    }

    TEST_CASE("what is no parent is refused with the reason, and none of it is repeated")
    {
        struct Row {
            std::string text;
            const char* says;
        };

        const Row rows[] = {
            {"https://alice:hunter2@hunter2:443",
             "begins with https://, and a parent is spoken to in clear HTTP"},
            {"SOCKS5://alice:hunter2@hunter2", "begins with socks5://"},
            {"socks5h://hunter2", "begins with socks5h://"},
            {"socks4a://hunter2", "begins with socks4a://"},
            {"socks://hunter2", "begins with socks://"},
            {"hunter2", "does not begin with http://"},
            {"alice:hunter2@proxy:3128", "does not begin with http://"},
            {"hunter2://proxy", "does not begin with http://"},
            {"http:/hunter2", "does not begin with http://"},
            {"http://alice:hunter2", "has no port from 1 to 65535"},
            {"http://hunter2:", "has no port from 1 to 65535"},
            {"http://hunter2:0", "has no port from 1 to 65535"},
            {"http://[::1]hunter2", "has no port from 1 to 65535"},
            {"http://[::1]9hunter2", "has no port from 1 to 65535"},
            {"http://[::1", "no IPv6 address between its brackets"},
            {"http://[", "no IPv6 address between its brackets"},
            {"http://[]", "no IPv6 address between its brackets"},
            {"http://[127.0.0.1]", "no IPv6 address between its brackets"},
            {"http://", "no host name or address behind http://"},
            {"http://alice:hunter2@", "no host name or address behind http://"},
            {"http://hunter2 hunter2", "no host name or address behind http://"},
            {"http://::1", "no host name or address behind http://"},
            {"http://alice:hun/ter2@proxy", "has a /, ? or # before its @"},
            {"http://alice:hun#ter2@proxy", "has a /, ? or # before its @"},
            {"http://proxy/hunter2", "more than a / behind"},
            {"http://proxy?hunter2", "more than a / behind"},
            {"http://alice:hunter2%@proxy", "two hexadecimal digits"},
            {"http://alice:hunter2%4@proxy", "two hexadecimal digits"},
            {"http://alice:hunter2%-1@proxy", "two hexadecimal digits"},
            {"http://al%3Aice:hunter2@proxy", "colon in the user's name"},
            {"http://alice:hunter2%0d%0a@proxy", "a control character"},
            {"http://alice:hunter2\n@proxy", "a control character"},
            {"", "does not begin with http://"},
        };
        for (const auto& row : rows) {
            CAPTURE(row.text);
            const auto said = refusal(parse_parent_url(row.text));
            CAPTURE(said);
            CHECK(contains(said, row.says));
            for (const char* part : {"hunter2", "alice", "ter2"})
                CHECK_FALSE(contains(said, part));
        }
    }

    TEST_CASE("the setting may also say none, or nothing")
    {
        CHECK(std::get<Parent>(parse_parent("none")) == Parent{{}, true, {}});
        CHECK(std::get<Parent>(parse_parent("")) == Parent{});
        CHECK(
            std::get<Parent>(parse_parent("http://proxy:1")) ==
            Parent{ParentUrl{"proxy", 1, "", ""}, false, {}}
        );
        CHECK(contains(refusal(parse_parent("off")), "none switches off what the environment says."));
        CHECK_FALSE(contains(refusal(parse_parent("http://a:b")), "none switches off"));
    }

    TEST_CASE("a parent is shown by its host and port alone")
    {
        CHECK(to_string(ParentUrl{"proxy", 3128, "alice", "hunter2"}) == "proxy:3128");
        CHECK(to_string(ParentUrl{"::1", 80, "", ""}) == "[::1]:80");
    }
}

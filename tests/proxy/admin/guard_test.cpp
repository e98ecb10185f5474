// SPDX-License-Identifier: Apache-2.0
#include "proxy/admin/guard.hpp"

#include <doctest/doctest.h>

using namespace cosdiag::admin;
using boost::asio::ip::make_address;

namespace {

bool answers_to(std::string_view host, const char* local = "127.0.0.1")
{
    return !objection({host, {}, make_address(local)}, Shows::requests);
}

} // namespace

TEST_SUITE("proxy/admin/guard")
{
    TEST_CASE("it answers to localhost, to loopback addresses and to the address that was reached")
    {
        struct Row {
            const char* host;
            const char* local = "127.0.0.1";
        };

        for (const Row& row :
             {Row{"localhost"},
              {"localhost:8404"},
              {"LocalHost:8404"},
              {"127.0.0.1"},
              {"127.0.0.1:8404"},
              {"127.0.0.1:18404"}, // led here by somebody's port forwarding
              {"127.9.9.9:8404"},
              {"[::1]"},
              {"[::1]:8404"},
              {"[0:0:0:0:0:0:0:1]:8404", "::1"},
              {"192.0.2.7:8404", "192.0.2.7"},
              {"localhost:8404", "192.0.2.7"},
              {"[2001:db8::7]:8404", "2001:db8::7"},
              {"[2001:DB8:0::7]:8404", "2001:db8::7"},
              {"[fe80::1]:8404", "fe80::1%3"}}) {
            CAPTURE(row.host);
            CHECK(answers_to(row.host, row.local));
        }
    }

    TEST_CASE("it answers to nobody else's name, and to nothing that only looks like its own")
    {
        for (const char* host : {
                 "",
                 " ",
                 ":",
                 ":8404",
                 "[",
                 "]",
                 "[]",
                 "[]:8404",
                 "localhost.",
                 "localhost.:8404",
                 "localhost.evil",
                 "localhost.evil.example:8404",
                 "evil.localhost",
                 "localhost@evil.example",
                 "evil.example@localhost",
                 "user:password@127.0.0.1",
                 "user:password@127.0.0.1:8404",
                 "localhost:8404@evil.example",
                 "localhost:evil.example",
                 "localhost:",
                 "localhost:8404:8404",
                 "localhost:84040404",
                 "localhost:-1",
                 "localhost 8404",
                 "localhost, evil.example",
                 "localhost/",
                 "127.0.0.1.",
                 "127.0.0.1.:8404",
                 "127.0.0.1.evil.example",
                 "127.0.0.1.evil.example:8404",
                 "127.0.0.1:evil",
                 "evil.example",
                 "evil.example:8404",
                 "cosdiag",
                 "0.0.0.0",
                 "0.0.0.0:8404",
                 "[::]",
                 "[::]:8404",
                 "0",
                 "127.1",
                 "127.0.1",
                 "2130706433",
                 "0x7f000001",
                 "0x7f.0.0.1",
                 "0177.0.0.1",
                 "127.0.0.01",
                 "127.0.0.1%lo",
                 "1.0.0.127.in-addr.arpa",
                 "192.0.2.7",
                 "128.0.0.1",
                 "::1",
                 "::1:8404",
                 "[::1",
                 "[::1:8404",
                 "[::1]8404",
                 "[::1]evil.example",
                 "[::1].evil.example:8404",
                 "[[::1]]",
                 "[::1%lo]:8404",
                 "[127.0.0.1]:8404",
                 "[localhost]:8404",
                 "[::ffff:127.0.0.1]",
                 "[::ffff:127.0.0.1]:8404",
                 "[::ffff:7f00:1]:8404",
                 "[::127.0.0.1]:8404",
             }) {
            CAPTURE(host);
            CHECK_FALSE(answers_to(host));
            CHECK_FALSE(answers_to(host, "198.51.100.1"));
        }
    }

    TEST_CASE("bytes that end a text elsewhere end none here")
    {
        CHECK_FALSE(answers_to(std::string_view("127.0.0.1\0.evil", 15)));
        CHECK_FALSE(answers_to(std::string_view("localhost\0", 10)));
        CHECK_FALSE(answers_to(std::string_view("[::1\0]", 6)));
    }

    TEST_CASE("a name that leads here by DNS rebinding is told what to ask for instead")
    {
        const auto words =
            objection({"evil.example:8404", "same-origin", make_address("127.0.0.1")}, Shows::page);
        REQUIRE(words);
        CHECK(
            *words == "this listener answers to localhost and to its own address, and was asked for as "
                      "evil.example:8404. Use http://localhost and its port"
        );
        const auto nobody = objection({"", "", make_address("127.0.0.1")}, Shows::state);
        REQUIRE(nobody);
        CHECK(nobody->find("asked for as nobody.") != std::string::npos);
    }

    TEST_CASE("a Host that is endless is told in short")
    {
        const auto words = objection({std::string(9000, 'h'), "", make_address("127.0.0.1")}, Shows::state);
        REQUIRE(words);
        CHECK(words->size() < 400);
    }

    TEST_CASE("pages of other sites may link to the page, and get nothing else")
    {
        struct Row {
            const char* fetch_site;
            bool page;
            bool others;
        };

        for (const Row& row :
             {Row{"", true, true},
              {"none", true, true},
              {"same-origin", true, true},
              {"same-site", true, false},
              {"cross-site", true, false},
              {"Same-Origin", true, false},
              {"same-origin, cross-site", true, false},
              {" none", true, false},
              {"nonsense", true, false}}) {
            CAPTURE(row.fetch_site);
            const auto answered = [&](Shows shows) {
                return !objection({"localhost:8404", row.fetch_site, make_address("127.0.0.1")}, shows);
            };
            CHECK(answered(Shows::page) == row.page);
            CHECK(answered(Shows::requests) == row.others);
            CHECK(answered(Shows::state) == row.others);
        }
    }

    TEST_CASE("paths that show how the program is are few; what is not known shows requests")
    {
        for (const char* path : {"/livez", "/readyz", "/metrics"})
            CHECK(what_shows(path) == Shows::state);
        CHECK(what_shows("/") == Shows::page);
        for (const char* path :
             {"",
              "/api/diagnoses",
              "/api/status",
              "/livez/",
              "//livez",
              "/LIVEZ",
              "/livez/../api/status",
              "livez",
              "*"})
            CHECK(what_shows(path) == Shows::requests);
    }
}

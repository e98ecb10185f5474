// SPDX-License-Identifier: Apache-2.0
#include "proxy/net/dialer.hpp"

#include <doctest/doctest.h>

using namespace cosdiag;
using namespace cosdiag::net;

TEST_SUITE("proxy/net/dialer")
{
    TEST_CASE("connect-to rules apply as curl's: the first that matches, empty parts mean any or unchanged")
    {
        const std::vector<config::ConnectTo> rules = {
            {"a.example", 80, "b.example", 8080},
            {"A.example", std::nullopt, "", 444},
            {"", 9000, "any.example", std::nullopt},
        };

        struct Row {
            const char* host;
            std::uint16_t port;
            const char* to_host;
            std::uint16_t to_port;
            bool matched;
        };

        const Row rows[] = {
            {"a.example", 80, "b.example", 8080, true},
            {"A.EXAMPLE", 80, "b.example", 8080, true},
            {"a.example", 443, "a.example", 444, true},
            {"c.example", 9000, "any.example", 9000, true},
            {"c.example", 80, "c.example", 80, false},
        };
        for (const Row& row : rows) {
            CAPTURE(row.host);
            std::string host = row.host;
            std::uint16_t port = row.port;
            CHECK(apply_connect_to(rules, host, port) == row.matched);
            CHECK(host == row.to_host);
            CHECK(port == row.to_port);
        }
    }

    TEST_CASE("connections are filed under the host in lower case and the port")
    {
        CHECK(Origin{"A.Example", 80, false}.key() == "a.example:80");
        CHECK(Origin{"::1", 443, false}.key() == "::1:443");
    }
}

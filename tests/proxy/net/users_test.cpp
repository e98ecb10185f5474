// SPDX-License-Identifier: Apache-2.0
#include "proxy/net/users.hpp"

#include <doctest/doctest.h>

using namespace cosdiag;
using namespace cosdiag::net;

TEST_SUITE("proxy/net/users")
{
    TEST_CASE("only the right name with the right password is known, the first time and later")
    {
        // openssl passwd -5 -salt saltsalt secret:word
        const std::vector<config::User> all = {
            {"alice", "$5$saltsalt$X/K/3C3bqF6bYVpfwLpwdAN2VE1mD0GpTlSiT.DLzD0"},
        };
        Users users(all);
        CHECK(users.required());

        struct Row {
            const char* credentials;
            bool known;
        };

        const Row rows[] = {
            {"Basic YWxpY2U6c2VjcmV0OndvcmQ=", true}, // alice:secret:word
            {"basic   YWxpY2U6c2VjcmV0OndvcmQ=", true},
            {"Basic YWxpY2U6d3Jvbmc=", false},     // alice:wrong
            {"Basic Ym9iOnNlY3JldDp3b3Jk", false}, // bob:secret:word
            {"Basic YWxpY2U=", false},             // alice
            {"Basic !!!!", false},
            {"Basic ", false},
            {"Bearer YWxpY2U6c2VjcmV0OndvcmQ=", false},
            {"", false},
        };
        for (int round = 0; round < 2; ++round) {
            for (const Row& row : rows) {
                CAPTURE(row.credentials);
                CHECK(users.known(row.credentials) == row.known);
            }
        }
    }

    TEST_CASE("without users nobody has to name himself")
    {
        const std::vector<config::User> none;
        CHECK_FALSE(Users(none).required());
    }
}

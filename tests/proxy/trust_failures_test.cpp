// SPDX-License-Identifier: Apache-2.0
#include "proxy/trust_failures.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace cosdiag;

TEST_SUITE("proxy/trust_failures")
{
    TEST_CASE("they are counted by client and host, until one succeeds or much time has passed")
    {
        TrustFailures failures;
        CHECK(failures.add("10.0.0.1", "a", 1000) == 1);
        CHECK(failures.add("10.0.0.1", "a", 2000) == 2);
        CHECK(failures.add("10.0.0.1", "b", 2000) == 1);
        CHECK(failures.add("10.0.0.2", "a", 2000) == 1);
        CHECK(failures.add("10.0.0.1", "a", 2000 + TrustFailures::lifetime) == 3);
        CHECK(failures.add("10.0.0.1", "a", 2001 + 2 * TrustFailures::lifetime) == 1);
        failures.clear("10.0.0.1", "a");
        CHECK(failures.add("10.0.0.1", "a", 2002 + 2 * TrustFailures::lifetime) == 1);
    }

    TEST_CASE("clearing what is not there does no harm")
    {
        TrustFailures failures;
        failures.clear("10.0.0.1", "a");
        CHECK(failures.add("10.0.0.1", "a", 0) == 1);
        failures.clear("10.0.0.1", "b");
        CHECK(failures.add("10.0.0.1", "a", 0) == 2);
    }

    TEST_CASE("more pairs than are remembered push others out, and counting goes on")
    {
        TrustFailures failures;
        for (std::size_t i = 0; i < 3 * TrustFailures::most; ++i)
            CHECK(failures.add("10.0.0.1", std::to_string(i), 0) == 1);
        CHECK(failures.add("10.0.0.1", "last", 1) == 1);
        CHECK(failures.add("10.0.0.1", "last", 1) == 2);
    }
}

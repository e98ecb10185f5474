// SPDX-License-Identifier: Apache-2.0
#include "proxy/search_budget.hpp"

#include <doctest/doctest.h>

using namespace cosdiag;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST_SUITE("proxy/search_budget")
{
    TEST_CASE("searches take a burst of 50 ms and then a twentieth of the time")
    {
        SearchBudget budget;
        const auto start = SearchBudget::Clock::now();
        CHECK(budget.allows(start));
        budget.spend(milliseconds(60));
        CHECK_FALSE(budget.allows(start));
        CHECK_FALSE(budget.allows(start + milliseconds(100)));
        CHECK(budget.allows(start + seconds(1)));
        int allowed = 0;
        for (int i = 0; i < 1000; ++i) {
            if (budget.allows(start + seconds(2) + milliseconds(i))) {
                budget.spend(milliseconds(1));
                ++allowed;
            }
        }
        CHECK(allowed >= 90);
        CHECK(allowed <= 101);
    }
}

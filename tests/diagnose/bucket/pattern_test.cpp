// SPDX-License-Identifier: Apache-2.0
#include "diagnose/bucket/pattern.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace cosdiag;

TEST_SUITE_BEGIN("diagnose/bucket/pattern");

TEST_CASE("a star stands for any run of characters, everything else for itself")
{
    struct Row {
        std::string_view pattern, text;
        bool fits;
    };

    constexpr Row rows[] = {
        {"", "", true},
        {"", "a", false},
        {"*", "", true},
        {"*", "a/b", true},
        {"a*", "a", true},
        {"a*", "ab/c", true},
        {"*c", "ab/c", true},
        {"*c", "ab/cd", false},
        {"a*c*e", "abcde", true},
        {"a*c*e", "abde", false},
        {"**", "x", true},
        {"a**b", "ab", true},
        {"*ab", "aab", true},
        {"a", "A", false},
        {"a?c", "abc", false},
        {"a.c", "abc", false},
        {"abc", "ab", false},
        {"ab", "abc", false},
    };
    for (const Row& row : rows) {
        CAPTURE(row.pattern);
        CAPTURE(row.text);
        CHECK(fits(row.pattern, row.text) == row.fits);
    }
}

TEST_CASE("many stars cost no more than the product of the lengths")
{
    std::string stars;
    while (stars.size() < 60'000) {
        stars += "*a";
    }
    CHECK_FALSE(fits(stars + "b", std::string(longest_matched, 'a')));
}

TEST_SUITE_END();

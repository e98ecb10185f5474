// SPDX-License-Identifier: Apache-2.0
#include "config/fault.hpp"

#include <doctest/doctest.h>

#include <array>

using namespace cosdiag::config;

TEST_SUITE("config/fault")
{
    TEST_CASE("a fault is one line that leaves out what is not known")
    {
        CHECK(
            describe({"threads", {3, 10}, {"\"x\" is no whole number", "Write 4."}}, "a.yaml") ==
            "a.yaml:3:10: threads: \"x\" is no whole number. Write 4."
        );
        CHECK(describe({"--threads", {}, {"is empty", ""}}, "") == "--threads: is empty.");
        CHECK(describe({"", {}, {"cannot be read", ""}}, "a.yaml") == "a.yaml: cannot be read.");
    }

    TEST_CASE("a quoted text can neither break the line nor move the cursor nor run on")
    {
        CHECK(quoted("plain é") == "\"plain é\"");
        CHECK(quoted("a\nb\x1b[2J\x7f") == "\"a\\x0ab\\x1b[2J\\x7f\"");
        CHECK(quoted(std::string(61, 'a')) == "\"" + std::string(60, 'a') + "…\"");
    }

    TEST_CASE("a misspelt word finds the nearest known one, a foreign word finds none")
    {
        constexpr std::array<std::string_view, 3> known = {"threads", "timeouts", "via"};
        CHECK(nearest("thread", known) == "threads");
        CHECK(nearest("timeuots", known) == "timeouts");
        CHECK(nearest("vía", known) == "");
        CHECK(nearest("proxy", known) == "");
        CHECK(nearest("", known) == "");
        CHECK(nearest(std::string(1000, 't'), known) == "");
        CHECK(suggest("thread", known) == "Did you mean threads?");
        CHECK(suggest("proxy", known) == "Known here: threads, timeouts, via.");
    }
}

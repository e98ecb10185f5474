// SPDX-License-Identifier: Apache-2.0
#include "proxy/clients/shell.hpp"
#include "tests/proxy/clients/support.hpp"

#include <doctest/doctest.h>

using namespace cosdiag;
using namespace cosdiag::clients;

namespace {

constexpr const char* values[] = {
    "",
    "http://127.0.0.1:8403",
    "two words",
    "it's",
    "''",
    "say \"so\"",
    "$HOME `id` $(id) ${x}",
    "a\\b\\\\'c\\",
    "first\nsecond\n",
    "*?[a]{b,c}~!#&;|<>()",
    "~/ca.pem",
    "-n",
    "中文 \xff\x01\t",
};

} // namespace

TEST_SUITE("proxy/clients/shell")
{
    TEST_CASE("sh exports exactly the value it is given")
    {
        for (const std::string value : values) {
            CAPTURE(value);
            const std::string line = shell_line("COSDIAG_TEST", value, Shell::sh);
            CHECK(
                test::output_of(line + "env -0 | grep -az '^COSDIAG_TEST='") == "COSDIAG_TEST=" + value + '\0'
            );
        }
    }

    TEST_CASE("sh still exports exactly the value where the line is quoted into eval")
    {
        for (const std::string value : values) {
            CAPTURE(value);
            const std::string line = shell_line("COSDIAG_TEST", value, Shell::sh);
            const std::string command = "eval \"$(printf %s " + shell_word(line, Shell::sh) + ")\"\n";
            CHECK(test::output_of(command + "printf '%s.' \"$COSDIAG_TEST\"") == value + ".");
        }
    }

    TEST_CASE("each shell has its own words, quoted where they have to be")
    {
        struct Row {
            const char* value;
            const char* sh;
            const char* fish;
            const char* powershell;
        };

        const Row rows[] = {
            {"/a/ca.pem", "/a/ca.pem", "/a/ca.pem", "'/a/ca.pem'"},
            {"", "''", "''", "''"},
            {"a b", "'a b'", "'a b'", "'a b'"},
            {"it's", "'it'\\''s'", "'it\\'s'", "'it''s'"},
            {"a\\'b", "'a\\'\\''b'", "'a\\\\\\'b'", "'a\\''b'"},
            {"$x", "'$x'", "'$x'", "'$x'"},
            {"\u2018a\u2019", "'\u2018a\u2019'", "'\u2018a\u2019'", "'\u2018\u2018a\u2019\u2019'"},
        };
        for (const Row& row : rows) {
            CAPTURE(row.value);
            CHECK(shell_word(row.value, Shell::sh) == row.sh);
            CHECK(shell_word(row.value, Shell::fish) == row.fish);
            CHECK(shell_word(row.value, Shell::powershell) == row.powershell);
        }
    }

    TEST_CASE("each shell has its own way to set and unset")
    {
        CHECK(shell_line("A", "b c", Shell::sh) == "export A='b c'\n");
        CHECK(shell_line("A", std::nullopt, Shell::sh) == "unset A\n");
        CHECK(shell_line("A", "b c", Shell::fish) == "set -gx A 'b c'\n");
        CHECK(shell_line("A", std::nullopt, Shell::fish) == "set -e A\n");
        CHECK(shell_line("A", "b c", Shell::powershell) == "$env:A = 'b c'\n");
        CHECK(
            shell_line("A", std::nullopt, Shell::powershell) ==
            "Remove-Item Env:A -ErrorAction SilentlyContinue\n"
        );
    }

    TEST_CASE("a shell is known by the name of its program")
    {
        CHECK(shell_named("/bin/bash") == Shell::sh);
        CHECK(shell_named("zsh") == Shell::sh);
        CHECK(shell_named("/usr/bin/fish") == Shell::fish);
        CHECK(shell_named("pwsh") == Shell::powershell);
        CHECK_FALSE(shell_named("/usr/bin/nu"));
        CHECK_FALSE(shell_named(""));
    }
}

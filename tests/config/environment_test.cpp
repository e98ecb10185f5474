// SPDX-License-Identifier: Apache-2.0
#include "config/environment.hpp"

#include <doctest/doctest.h>

#include <map>

using namespace cosdiag::config;

TEST_SUITE("config/environment")
{
    TEST_CASE(
        "the data directory is the environment's own, the configured, XDG's or the home's, in this order"
    )
    {
        struct Row {
            const char* name;
            std::map<std::string, std::string> variables;
            const char* configured;
            const char* expected;
        };

        const Row rows[] = {
            {"all",
             {{"COSDIAG_DATA_DIR", "/own"}, {"XDG_DATA_HOME", "/xdg"}, {"HOME", "/home/a"}},
             "/set",
             "/own"},
            {"configured", {{"XDG_DATA_HOME", "/xdg"}, {"HOME", "/home/a"}}, "/set", "/set"},
            {"xdg", {{"XDG_DATA_HOME", "/xdg"}, {"HOME", "/home/a"}}, "", "/xdg/cosdiag"},
            {"relative xdg",
             {{"XDG_DATA_HOME", "xdg"}, {"HOME", "/home/a"}},
             "",
             "/home/a/.local/share/cosdiag"},
            {"home", {{"HOME", "/home/a"}}, "", "/home/a/.local/share/cosdiag"},
            {"empty means unset", {{"COSDIAG_DATA_DIR", ""}, {"HOME", ""}}, "", ""},
            {"nothing", {}, "", ""},
        };
        for (const auto& row : rows) {
            CAPTURE(row.name);
            const Environment environment = [&](const std::string& name) -> std::optional<std::string> {
                const auto found = row.variables.find(name);
                return found == row.variables.end() ? std::nullopt : std::optional(found->second);
            };
            CHECK(resolve_data_dir(row.configured, environment) == row.expected);
        }
    }

    TEST_CASE("the process's environment tells set variables from absent ones")
    {
        const auto environment = process_environment();
        CHECK(environment("PATH").has_value());
        CHECK_FALSE(environment("COSDIAG_NO_SUCH_VARIABLE").has_value());
    }

    TEST_CASE("the language is the configured one, or that of the locale")
    {
        struct Row {
            std::map<std::string, std::string> variables;
            const char* configured;
            const char* expected;
        };

        const Row rows[] = {
            {{}, "", "en"},
            {{{"LANG", "zh_CN.UTF-8"}}, "", "zh"},
            {{{"LANG", "zh"}}, "", "zh"},
            {{{"LANG", "zhoosh"}}, "", "en"},
            {{{"LANG", "zh_CN.UTF-8"}, {"LC_ALL", "C"}}, "", "en"},
            {{{"LANG", "en_US.UTF-8"}, {"LC_MESSAGES", "zh_TW"}}, "", "zh"},
            {{{"LANG", "zh_CN.UTF-8"}}, "en", "en"},
            {{{"LANG", "C"}}, "zh", "zh"},
        };
        for (const auto& row : rows) {
            CAPTURE(row.expected);
            const Environment environment = [&](const std::string& name) -> std::optional<std::string> {
                const auto at = row.variables.find(name);
                return at == row.variables.end() ? std::nullopt : std::optional(at->second);
            };
            CHECK(resolve_language(row.configured, environment) == row.expected);
        }
    }
}

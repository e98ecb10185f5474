// SPDX-License-Identifier: Apache-2.0
#include "tests/proxy/asked.hpp"

#include <doctest/doctest.h>

#include <sstream>

using namespace cosdiag;
using namespace cosdiag::test;

TEST_SUITE("proxy/cli_watching")
{
    TEST_CASE("tail follows the file that is named, else the settings' log, else the admin listener")
    {
        const SettingsFile both(
            "diagnosis: {log: /var/log/cosdiag.jsonl}\nadmin: {address: '127.0.0.1:9000'}\n"
        );
        const SettingsFile admin("admin: {address: '127.0.0.1:9000'}\n");
        CHECK(ask({"tail", "my.log"}).tail().file == "my.log");
        CHECK(ask({"tail", "-"}).tail().file == "-");
        CHECK(ask({"tail", "--config", both.name, "my.log"}).tail().file == "my.log");
        CHECK(ask({"tail", "--config", both.name}).tail().file == "/var/log/cosdiag.jsonl");
        CHECK_FALSE(ask({"tail", "--config", both.name}).tail().admin);
        const auto named = ask({"tail", "--config", both.name, "--admin", "[::1]:80"});
        CHECK(named.tail().file.empty());
        CHECK(named.tail().admin == config::Address{"::1", 80});
        CHECK(ask({"tail", "--config", admin.name}).tail().admin == config::Address{"127.0.0.1", 9000});
        CHECK(ask({"tail"}).tail().admin == config::Address{"127.0.0.1", 8404});
    }

    TEST_CASE("tail takes filters, a beginning, a form and a language")
    {
        const auto usual = ask({"tail"}, {{"LANG", "zh_CN.UTF-8"}});
        CHECK(usual.tail().filter == log::EntryFilter{});
        CHECK_FALSE(usual.tail().lines);
        CHECK(usual.tail().follow);
        CHECK_FALSE(usual.tail().json);
        CHECK(usual.tail().language == Language::chinese);
        CHECK(usual.tail().authorization.empty());

        const auto all =
            ask({"tail",      "--cause",     "cors-denied", "--confidence", "likely", "--bucket",
                 "b-1",       "--key",       "k",           "--access-key", "AKID",   "--action",
                 "GetObject", "--host",      "h.example",   "--text",       "t",      "-n",
                 "25",        "--no-follow", "--json",      "--lang",       "en"},
                {{"LANG", "zh_CN.UTF-8"}, {"COSDIAG_ADMIN_USER", "alice:word"}});
        const log::EntryFilter filter{
            "cors-denied", "likely", "b-1", "k", "AKID", "GetObject", "h.example", "t"};
        CHECK(all.tail().filter == filter);
        CHECK(all.tail().lines == std::size_t{25});
        CHECK_FALSE(all.tail().follow);
        CHECK(all.tail().json);
        CHECK(all.tail().language == Language::english);
        CHECK(all.tail().authorization == "Basic YWxpY2U6d29yZA==");
        CHECK(ask({"tail", "--lines=0"}).tail().lines == std::size_t{0});
        CHECK(ask({"tail", "-n", "all"}).tail().lines == cli::Tail::all_lines);
    }

    TEST_CASE("all that is wrong with tail's words is told at once, in lines that say what to do")
    {
        const auto wrong =
            ask({"tail", "--cause", "cors", "--confidence", "sure", "-n", "-1", "--admin", "here", "my.log"});
        CHECK(std::get<cli::Done>(wrong.command).exit_code == cli::misuse);
        CHECK(
            wrong.err ==
            "cosdiag: --admin: is one log, and FILE is another. Name one of them.\n"
            "cosdiag: --lines: \"-1\" is no whole number.\n"
            "cosdiag: --cause: \"cors\" is no cause. `cosdiag explain` lists them all.\n"
            "cosdiag: --confidence: \"sure\" is none of certain, likely and possible.\n"
            "cosdiag: --admin: \"here\" has no port. Write an address and a port, such as 127.0.0.1:8403 or "
            "[::1]:8403.\n"
        );
    }

    TEST_CASE("healthcheck asks the address that is named, else that of the settings, else the usual one")
    {
        const SettingsFile settings("admin: {address: '0.0.0.0:9000'}\n");
        CHECK(ask({"healthcheck"}).health() == config::Address{"127.0.0.1", 8404});
        CHECK(ask({"healthcheck", "--config", settings.name}).health() == config::Address{"0.0.0.0", 9000});
        CHECK(
            ask({"healthcheck", "--config", settings.name, "--admin", "127.0.0.1:1"}).health() ==
            config::Address{"127.0.0.1", 1}
        );
        const auto wrong = ask({"healthcheck", "--admin", "off"});
        CHECK(std::get<cli::Done>(wrong.command).exit_code == cli::misuse);
        CHECK(wrong.err.starts_with("cosdiag: --admin: \"off\" has no port."));
    }

    TEST_CASE("the help of tail fits a terminal")
    {
        for (const auto* const command : {"tail", "healthcheck"}) {
            std::istringstream help(ask({command, "--help"}).out);
            for (std::string line; std::getline(help, line);) {
                CAPTURE(line);
                CHECK(line.size() <= 80);
            }
        }
    }
}

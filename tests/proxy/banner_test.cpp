// SPDX-License-Identifier: Apache-2.0
#include "proxy/banner.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace cosdiag;
using config::ListenerMode;

namespace {

bool has(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

StartUp usual()
{
    StartUp about;
    about.listeners = {{{"127.0.0.1", 8403}}};
    return about;
}

StartUp with_ca()
{
    StartUp about = usual();
    about.domains = {"myqcloud.com", "tencentcos.cn", "files.example.com"};
    about.ca_made = "2026-03-01";
    return about;
}

} // namespace

TEST_SUITE("proxy/banner")
{
    TEST_CASE("without a CA a newcomer is told what is seen, what is not, and what to type")
    {
        CHECK(
            banner(usual(), false) ==
            "cosdiag listening on 127.0.0.1:8403\n"
            "\n"
            "  http://        seen; 403s are explained in X-Cos-Diagnosis and in this output\n"
            "  HTTPS to COS   passes through unseen, since no CA was made: see below\n"
            "  other HTTPS    passes through unseen\n"
            "\n"
            "In the shell of the client, one of these:\n"
            "\n"
            "  eval \"$(cosdiag env)\"    # for all that this shell starts then\n"
            "  cosdiag run -- COMMAND   # for one command, HTTPS included, by a proxy of its own\n"
            "  cosdiag ca init          # makes a CA: reload then (SIGHUP), and HTTPS to COS is seen\n"
            "  export http_proxy=http://127.0.0.1:8403 HTTP_PROXY=http://127.0.0.1:8403\n"
            "\n"
        );
    }

    TEST_CASE("each setting adds what it changes")
    {
        struct Row {
            const char* what;
            void (*change)(StartUp&);
            const char* told;
        };

        const Row rows[] = {
            {"a log file",
             [](StartUp& about) { about.log = "/var/log/cosdiag.jsonl"; },
             "X-Cos-Diagnosis and in /var/log/cosdiag.jsonl\n"},
            {"a CA",
             [](StartUp& about) { about = with_ca(); },
             "  HTTPS to COS   seen, where clients trust the CA made on 2026-03-01: myqcloud.com, "
             "tencentcos.cn "
             "and files.example.com\n"},
            {"what to do with a CA",
             [](StartUp& about) { about = with_ca(); },
             "  cosdiag run -- COMMAND   # for one command, by a proxy of its own\n"
             "  cosdiag ca show          # how each runtime is told to trust the CA\n"},
            {"TLS to origins",
             [](StartUp& about) { about.upgrades = true; },
             "  to COS         clear HTTP from clients becomes TLS\n"},
            {"a parent for all",
             [](StartUp& about) {
                 about.parent_of_http = about.parent_of_https = "proxy.corp.example:3128";
                 about.parent_from = "settings";
             },
             "  parent proxy   proxy.corp.example:3128 (settings)\n"},
            {"a parent for each scheme",
             [](StartUp& about) {
                 about.parent_of_http = "a:1";
                 about.parent_of_https = "b:2";
                 about.parent_from = "http_proxy, HTTPS_PROXY";
             },
             "  parent proxy   a:1 for http:// (http_proxy, HTTPS_PROXY)\n"
             "                 b:2 for HTTPS (http_proxy, HTTPS_PROXY)\n"},
            {"a parent for HTTPS alone",
             [](StartUp& about) {
                 about.parent_of_https = "b:2";
                 about.parent_from = "https_proxy";
             },
             "  parent proxy   b:2 for HTTPS (https_proxy)\n"},
            {"variables that lead to ourselves",
             [](StartUp& about) { about.parent_ourselves = "http_proxy"; },
             "  parent proxy   none by http_proxy, which leads to this proxy itself\n"},
            {"several listeners",
             [](StartUp& about) {
                 about.listeners = {
                     {{"::1", 1}},
                     {{"0.0.0.0", 2}, ListenerMode::reverse, true},
                     {{"127.0.0.1", 3}, ListenerMode::reverse},
                     {{"127.0.0.1", 4}, ListenerMode::transparent}};
             },
             "cosdiag listening on [::1]:1\n"
             "cosdiag listening on 0.0.0.0:2 (reverse, TLS)\n"
             "cosdiag listening on 127.0.0.1:3 (reverse)\n"
             "cosdiag listening on 127.0.0.1:4 (transparent)\n"},
            {"a reverse listener",
             [](StartUp& about) {
                 about.listeners = {{{"0.0.0.0", 2}, ListenerMode::reverse}};
             },
             "  reverse        clients connect to 127.0.0.1:2 in the place of COS\n"},
            {"a transparent listener",
             [](StartUp& about) {
                 about.listeners = {{{"127.0.0.1", 4}, ListenerMode::transparent}};
             },
             "  transparent    connections that the system redirects\n"},
            {"files elsewhere",
             [](StartUp& about) { about.place = " --config /etc/c.yaml"; },
             "  eval \"$(cosdiag env --config /etc/c.yaml)\" "},
            {"a program that is not in PATH",
             [](StartUp& about) { about.program = "'/opt/a b/cosdiag'"; },
             "  '/opt/a b/cosdiag' run -- COMMAND "},
            {"a port of the system's choice",
             [](StartUp& about) {
                 about.listeners = {{{"::", 5000}}};
                 about.at_usual_address = false;
             },
             "  eval \"$(cosdiag env --at [::1]:5000)\" "},
            {"all addresses",
             [](StartUp& about) {
                 about.listeners = {{{"0.0.0.0", 80}}};
             },
             "  export http_proxy=http://127.0.0.1:80 HTTP_PROXY=http://127.0.0.1:80\n"},
        };
        for (const Row& row : rows) {
            CAPTURE(row.what);
            StartUp about = usual();
            CHECK_FALSE(has(banner(about, false), row.told));
            row.change(about);
            const std::string text = banner(about, false);
            CAPTURE(text);
            CHECK(has(text, row.told));
        }
    }

    TEST_CASE("without a forward listener no variables are offered")
    {
        StartUp about = usual();
        about.listeners = {{{"127.0.0.1", 2}, ListenerMode::reverse}};
        const std::string text = banner(about, false);
        CHECK_FALSE(has(text, "eval"));
        CHECK_FALSE(has(text, "export"));
    }

    TEST_CASE("it fits a screen, with everything that there may be")
    {
        StartUp about = with_ca();
        about.listeners.resize(4, {{"127.0.0.1", 2}, ListenerMode::reverse});
        about.listeners.back().mode = ListenerMode::transparent;
        about.upgrades = true;
        about.parent_of_http = "a:1";
        about.parent_of_https = "b:2";
        about.parent_from = about.parent_ourselves = "http_proxy";
        const std::string text = banner(about, false);
        CHECK(std::count(text.begin(), text.end(), '\n') <= 25);
    }

    TEST_CASE("colour is there only when asked for, and changes no letter")
    {
        std::string text = banner(with_ca(), true);
        CHECK(has(text, "cosdiag listening on \033[1m127.0.0.1:8403\033[0m\n"));
        CHECK_FALSE(has(banner(with_ca(), false), "\033"));
        for (const char* const code : {"\033[1m", "\033[0m"})
            for (std::size_t at = 0; (at = text.find(code)) != std::string::npos;)
                text.erase(at, 4);
        CHECK(text == banner(with_ca(), false));
    }
}

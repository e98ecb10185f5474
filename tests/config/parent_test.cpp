// SPDX-License-Identifier: Apache-2.0
#include "config/parent.hpp"
#include "config/parent_url.hpp"

#include <doctest/doctest.h>

#include <map>

using namespace cosdiag::config;

namespace {

using Variables = std::map<std::string, std::string>;

struct Resolved {
    ParentRules rules;
    std::string faults; ///< a line each
};

Resolved
resolve(const Variables& variables, const Parent& parent = {}, const std::vector<Listener>& listeners = {})
{
    Config config;
    config.parent = parent;
    if (!listeners.empty())
        config.listeners = listeners;
    const Environment environment = [&](const std::string& name) -> std::optional<std::string> {
        const auto at = variables.find(name);
        return at == variables.end() ? std::nullopt : std::optional(at->second);
    };
    Faults faults;
    Resolved resolved{resolve_parent(config, environment, faults), ""};
    for (const auto& fault : faults)
        resolved.faults += describe(fault, "") + "\n";
    return resolved;
}

std::string shown(const ParentUrl* parent)
{
    return parent == nullptr ? "" : to_string(*parent);
}

} // namespace

TEST_SUITE("config/parent")
{
    TEST_CASE("the environment names a parent for each scheme, lower case first and empty for unset")
    {
        struct Row {
            Variables variables;
            const char* http;
            const char* https;
            const char* from;
        };

        const Row rows[] = {
            {{}, "", "", ""},
            {{{"http_proxy", "http://a:1"}}, "a:1", "", "http_proxy"},
            {{{"HTTP_PROXY", "http://A:1"}}, "a:1", "", "HTTP_PROXY"},
            {{{"http_proxy", "http://a:1"}, {"HTTP_PROXY", "http://b:2"}}, "a:1", "", "http_proxy"},
            {{{"http_proxy", ""}, {"HTTP_PROXY", "http://b:2"}}, "b:2", "", "HTTP_PROXY"},
            {{{"https_proxy", "http://a:1"}}, "", "a:1", "https_proxy"},
            {{{"https_proxy", "http://a:1"}, {"HTTPS_PROXY", "http://b:2"}}, "", "a:1", "https_proxy"},
            {{{"HTTPS_PROXY", "http://b:2"}}, "", "b:2", "HTTPS_PROXY"},
            {{{"http_proxy", "http://a:1"}, {"https_proxy", "http://b:2"}},
             "a:1",
             "b:2",
             "http_proxy and https_proxy"},
            {{{"all_proxy", "http://c:3"}}, "c:3", "c:3", "all_proxy"},
            {{{"ALL_PROXY", "http://c:3"}}, "c:3", "c:3", "ALL_PROXY"},
            {{{"all_proxy", "http://c:3"}, {"ALL_PROXY", "http://d:4"}}, "c:3", "c:3", "all_proxy"},
            {{{"https_proxy", "http://b:2"}, {"all_proxy", "http://c:3"}},
             "c:3",
             "b:2",
             "all_proxy and https_proxy"},
            {{{"http_proxy", "a:1"}}, "a:1", "", "http_proxy"},
            {{{"http_proxy", "alice:hunter2@a"}}, "a:80", "", "http_proxy"},
            // a client of a CGI program writes HTTP_PROXY, and only that
            {{{"HTTP_PROXY", "http://a:1"}, {"REQUEST_METHOD", "GET"}}, "", "", ""},
            {{{"http_proxy", "http://a:1"}, {"REQUEST_METHOD", "GET"}}, "a:1", "", "http_proxy"},
            {{{"HTTPS_PROXY", "http://a:1"}, {"REQUEST_METHOD", "GET"}}, "", "a:1", "HTTPS_PROXY"},
            {{{"HTTP_PROXY", "http://a:1"}, {"REQUEST_METHOD", "GET"}, {"all_proxy", "http://c:3"}},
             "c:3",
             "c:3",
             "all_proxy"},
            // what is not asked does not matter
            {{{"http_proxy", "http://a:1"}, {"https_proxy", "http://a:1"}, {"all_proxy", "socks5://c:3"}},
             "a:1",
             "a:1",
             "http_proxy and https_proxy"},
        };
        for (const auto& row : rows) {
            for (const auto& [name, value] : row.variables)
                INFO(name << "=" << value);
            const auto [rules, faults] = resolve(row.variables);
            CAPTURE(row.from);
            CHECK(faults.empty());
            CHECK(shown(rules.parent_for(false, "example.com", 80)) == row.http);
            CHECK(shown(rules.parent_for(true, "example.com", 443)) == row.https);
            CHECK(rules.from == row.from);
            CHECK(rules.ourselves.empty());
        }
    }

    TEST_CASE("the settings' parent is for both schemes and beats the environment, and none switches it off")
    {
        const Variables variables = {
            {"http_proxy", "http://a:1"}, {"all_proxy", "broken"}, {"no_proxy", "env.test"}};
        const auto set =
            resolve(variables, {ParentUrl{"proxy", 3128, "alice", "secret"}, false, {"set.test"}});
        CHECK(set.faults.empty());
        CHECK(set.rules.from == "settings");
        CHECK(shown(set.rules.parent_for(false, "example.com", 80)) == "proxy:3128");
        const auto* parent = set.rules.parent_for(true, "example.com", 443);
        REQUIRE(parent != nullptr);
        CHECK(*parent == ParentUrl{"proxy", 3128, "alice", "secret"});
        CHECK(set.rules.parent_for(true, "set.test", 443) == nullptr);
        CHECK(set.rules.parent_for(true, "env.test", 443) != nullptr);

        const auto none = resolve(variables, {{}, true, {}});
        CHECK(none.faults.empty());
        CHECK(none.rules.from.empty());
        CHECK(none.rules.parent_for(false, "example.com", 80) == nullptr);
    }

    TEST_CASE("the settings' exceptions stand beside those of the environment, of which lower case wins")
    {
        const auto rules =
            resolve(
                {{"all_proxy", "http://c:3"}, {"no_proxy", "lower.test"}, {"NO_PROXY", "upper.test"}},
                {{}, false, {"set.test"}}
            ).rules;
        CHECK(rules.parent_for(true, "lower.test", 443) == nullptr);
        CHECK(rules.parent_for(true, "set.test", 443) == nullptr);
        CHECK(rules.parent_for(true, "upper.test", 443) != nullptr);
        CHECK(rules.parent_for(true, "127.0.0.1", 443) == nullptr);

        const auto upper =
            resolve({{"all_proxy", "http://c:3"}, {"no_proxy", ""}, {"NO_PROXY", "upper.test"}});
        CHECK(upper.rules.parent_for(true, "upper.test", 443) == nullptr);
    }

    TEST_CASE("a broken URL in the environment is a fault of its variable, once, without its secrets")
    {
        CHECK(
            resolve({{"all_proxy", "socks5://alice:hunter2@c:3"}}).faults ==
            "all_proxy: begins with socks5://, and a parent is spoken to in clear HTTP only. Most such "
            "proxies have a "
            "port for HTTP as well: write http:// and that port.\n"
        );
        const auto two =
            resolve({{"http_proxy", "http://alice:hunter2"}, {"HTTPS_PROXY", "http://alice:hunter2@"}});
        CHECK(
            two.faults == "http_proxy: has no port from 1 to 65535 behind its host. Write it such as "
                          "http://proxy.example.com:3128.\n"
                          "HTTPS_PROXY: has no host name or address behind http://. Write it such as "
                          "http://proxy.example.com:3128.\n"
        );
        CHECK_FALSE(two.rules.for_http);
        CHECK_FALSE(two.rules.for_https);
    }

    TEST_CASE("a variable that names one of our own listeners is passed over, and told")
    {
        const std::vector<Listener> here = {{{"127.0.0.1", 8403}}, {{"::1", 8405}, ListenerMode::reverse}};
        const auto own = resolve(
            {{"http_proxy", "http://localhost:8403"},
             {"HTTP_PROXY", "http://127.0.0.1:8403"},
             {"https_proxy", "http://127.0.0.1:8403"}},
            {},
            here
        );
        CHECK(own.faults.empty());
        CHECK(own.rules.from.empty());
        CHECK(own.rules.ourselves == "http_proxy and HTTP_PROXY and https_proxy");
        CHECK_FALSE(own.rules.for_http);

        const auto beyond =
            resolve({{"http_proxy", "http://[::1]:8405"}, {"all_proxy", "http://c:3"}}, {}, here);
        CHECK(shown(beyond.rules.parent_for(false, "example.com", 80)) == "c:3");
        CHECK(beyond.rules.from == "all_proxy");
    }

    TEST_CASE("a parent is one of our listeners when a connection to it would end there")
    {
        struct Row {
            Address listener;
            const char* host;
            std::uint16_t port;
            bool same;
        };

        const Row rows[] = {
            {{"127.0.0.1", 1}, "127.0.0.1", 1, true},
            {{"127.0.0.1", 1}, "127.0.0.1", 2, false},
            {{"127.0.0.1", 1}, "127.0.0.2", 1, false},
            {{"127.0.0.1", 1}, "localhost", 1, true},
            {{"10.0.0.1", 1}, "localhost", 1, false},
            {{"10.0.0.1", 1}, "10.0.0.1", 1, true},
            {{"0.0.0.0", 1}, "127.0.0.1", 1, true},
            {{"::", 1}, "localhost", 1, true},
            {{"::", 1}, "10.0.0.1", 1, false},
            {{"::1", 1}, "::1", 1, true},
            {{"127.0.0.1", 1}, "proxy", 1, false},
        };
        for (const auto& row : rows) {
            CAPTURE(row.listener.host);
            CAPTURE(row.host);
            CHECK(is_listener({row.host, row.port, "", ""}, {Listener{row.listener}}) == row.same);
        }
    }
}

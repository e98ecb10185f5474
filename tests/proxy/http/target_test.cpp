// SPDX-License-Identifier: Apache-2.0
#include "proxy/http/target.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace cosdiag::http;

namespace {

std::string words(const Target& target)
{
    if (std::holds_alternative<OriginForm>(target))
        return "origin";
    if (std::holds_alternative<AsteriskForm>(target))
        return "asterisk";
    if (std::holds_alternative<BadTarget>(target))
        return "bad";
    const auto place = [](const Authority& authority) {
        return std::string(authority.host) + (authority.port ? ":" + std::to_string(*authority.port) : "");
    };
    if (const auto* connect = std::get_if<AuthorityForm>(&target))
        return "authority " + place(connect->authority);
    const auto& absolute = std::get<AbsoluteForm>(target);
    return std::string(absolute.scheme) + " " + place(absolute.authority) + " " +
           std::string(absolute.path_and_query);
}

} // namespace

TEST_SUITE("proxy/http/target")
{
    TEST_CASE("the forms of a target are told apart, path and query byte for byte")
    {
        struct Row {
            const char* method;
            const char* target;
            const char* expected;
        };

        const Row rows[] = {
            {"GET", "/x", "origin"},
            {"GET", "http://a.example/x", "http a.example /x"},
            {"GET", "HTTP://a.example", "HTTP a.example "},
            {"GET", "http://a.example?x", "http a.example ?x"},
            {"GET", "http://a.example:8080//a/../b%2F%2f?+&=?/", "http a.example:8080 //a/../b%2F%2f?+&=?/"},
            {"GET", "http://a.example:/x", "http a.example /x"},
            {"GET", "http://[::1]:81/x", "http ::1:81 /x"},
            {"GET", "http://1.2.3.4/x", "http 1.2.3.4 /x"},
            {"GET", "https://a.example/x", "https a.example /x"},
            {"OPTIONS", "*", "asterisk"},
            {"GET", "*", "bad"},
            {"GET", "http://user@a.example/", "bad"},
            {"GET", "http://user:pw@a.example/", "bad"},
            {"GET", "http:///x", "bad"},
            {"GET", "http://:80/x", "bad"},
            {"GET", "http://a.example:x/", "bad"},
            {"GET", "http://a.example:65536/", "bad"},
            {"GET", "http://a.example:-1/", "bad"},
            {"GET", "http://a.exa%6dple/", "bad"},
            {"GET", "http://[::1/", "bad"},
            {"GET", "http://[a.example]/", "bad"},
            {"GET", "http://a\\b/", "bad"},
            {"GET", "http:/a.example/", "bad"},
            {"GET", "a.example/x", "bad"},
            {"GET", "a.example:80", "bad"},
            {"CONNECT", "a.example:443", "authority a.example:443"},
            {"CONNECT", "[2001:db8::1]:443", "authority 2001:db8::1:443"},
            {"CONNECT", "a.example", "bad"},
            {"CONNECT", "a.example:", "bad"},
            {"CONNECT", "a.example:0", "bad"},
            {"CONNECT", "a.example:99999", "bad"},
            {"CONNECT", "u@a.example:443", "bad"},
            {"CONNECT", "http://a.example:443/", "bad"},
            {"CONNECT", "/x", "bad"},
            {"CONNECT", "*", "bad"},
            {"CONNECT", ":443", "bad"},
        };
        for (const Row& row : rows) {
            CAPTURE(row.method);
            CAPTURE(row.target);
            CHECK(words(parse_target(row.method, row.target)) == row.expected);
        }
    }

    TEST_CASE("authorities are the same when host and port are, case and the default port aside")
    {
        struct Row {
            const char* a;
            const char* b;
            bool same;
        };

        const Row rows[] = {
            {"a.example", "A.Example", true},
            {"a.example", "a.example:80", true},
            {"a.example:", "a.example:80", true},
            {"a.example:81", "a.example", false},
            {"a.example", "b.example", false},
            {"[::1]", "[::1]:80", true},
        };
        for (const Row& row : rows) {
            CAPTURE(row.a);
            CAPTURE(row.b);
            const auto a = parse_authority(row.a);
            const auto b = parse_authority(row.b);
            REQUIRE(a);
            REQUIRE(b);
            CHECK(same_authority(*a, *b, 80) == row.same);
        }
    }
}

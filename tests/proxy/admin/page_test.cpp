// SPDX-License-Identifier: Apache-2.0
#include "diagnose/text.hpp"
#include "proxy/admin/page.hpp"

#include <doctest/doctest.h>
#include <openssl/sha.h>

using namespace cosdiag;
using admin::live_page;

namespace {

/// What stands between the two in the page. There must be one of them.
std::string_view between(std::string_view begin, std::string_view end)
{
    const std::string_view html = live_page().html;
    const std::size_t from = html.find(begin);
    REQUIRE(from != std::string_view::npos);
    CHECK(html.find(begin, from + 1) == std::string_view::npos);
    const std::size_t text = from + begin.size();
    const std::size_t to = html.find(end, text);
    REQUIRE(to != std::string_view::npos);
    return html.substr(text, to - text);
}

std::string hash_of(std::string_view text)
{
    std::string digest(SHA256_DIGEST_LENGTH, '\0');
    SHA256(
        reinterpret_cast<const unsigned char*>(text.data()),
        text.size(),
        reinterpret_cast<unsigned char*>(digest.data())
    );
    return "'sha256-" + base64_encoded(digest) + "'";
}

/// The sources that a directive of the policy names.
std::string sources(std::string_view directive)
{
    std::string_view rest = live_page().policy;
    while (!rest.empty()) {
        const auto [one, more] = split_at(rest, ';');
        const auto [name, value] = split_at(trimmed(one), ' ');
        if (name == directive)
            return std::string(value);
        rest = more;
    }
    return "absent";
}

} // namespace

TEST_SUITE("proxy/admin/page")
{
    TEST_CASE("its policy lets run what is in it, by hash, and nothing else")
    {
        CHECK(sources("style-src") == hash_of(between("<style>", "</style>")));
        CHECK(sources("script-src") == hash_of(between("<script type=\"module\">", "</script>")));
        CHECK(sources("default-src") == "'none'");
        CHECK(sources("connect-src") == "'self'");
        CHECK(sources("base-uri") == "'none'");
        CHECK(sources("form-action") == "'none'");
        CHECK(sources("frame-ancestors") == "'none'");
        CHECK(sources("require-trusted-types-for") == "'script'");
    }

    TEST_CASE("no place is left that the build should have filled")
    {
        for (const char* place : {"@STYLE@", "@SCRIPT@"})
            CHECK(live_page().html.find(place) == std::string_view::npos);
    }

    TEST_CASE("it fetches nothing from elsewhere and has no handler or style that the policy would stop")
    {
        const std::string html = lowered(live_page().html);
        for (const char* part :
             {"src=\"http",
              "src='http",
              "href=\"http:",
              "@import",
              "url(http",
              "<iframe",
              "<base",
              " style=\"",
              " onclick=",
              " onload=",
              " onerror=",
              "javascript:",
              "eval(",
              "innerhtml"}) {
            CAPTURE(part);
            CHECK(html.find(part) == std::string::npos);
        }
    }

    TEST_CASE("it is the same each time")
    {
        CHECK(live_page().html.data() == live_page().html.data());
        CHECK(live_page().policy == live_page().policy);
        CHECK(live_page().html.starts_with("<!doctype html>"));
    }
}

// SPDX-License-Identifier: Apache-2.0
#include "diagnose/bucket/referer_rules.hpp"
#include "diagnose/text.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace cosdiag;

namespace {

struct List {
    std::string_view type = "White-List";
    std::string_view domains = "www.example.com"; ///< with blanks between them
    std::string_view empty = "Deny";
    std::string_view status = "Enabled";
};

std::string written(const List& list)
{
    std::string domains;
    for (auto rest = list.domains; !rest.empty();) {
        const auto [domain, more] = split_at(rest, ' ');
        domains += join("<Domain>", domain, "</Domain>");
        rest = more;
    }
    return join(
        "<RefererConfiguration><Status>",
        list.status,
        "</Status><RefererType>",
        list.type,
        "</RefererType><DomainList>",
        domains,
        "</DomainList><EmptyReferConfiguration>",
        list.empty,
        "</EmptyReferConfiguration></RefererConfiguration>"
    );
}

enum class Fits { no, yes, open };

} // namespace

TEST_SUITE_BEGIN("diagnose/bucket/referer_rules");

TEST_CASE("an entry fits by prefix behind the scheme, and an allowlist and a blocklist say the opposite of it"
)
{
    struct Row {
        std::string_view entry, referer;
        Fits fits;
    };

    constexpr Row rows[] = {
        {"www.example.com", "https://www.example.com/", Fits::yes},
        {"www.example.com", "http://www.example.com/123?q=1", Fits::yes},
        {"www.example.com", "https://www.example.com.cn/", Fits::yes},
        {"www.example.com", "https://www.example.com:8080/", Fits::yes},
        {"www.example.com", "www.example.com", Fits::yes},
        {"www.example.com", "https://WWW.EXAMPLE.COM/", Fits::yes},
        {"http://www.example.com", "https://www.example.com/", Fits::yes},
        {"www.example.com/shop", "https://www.example.com:8080/shop/cart", Fits::yes},
        {"www.example.com/shop", "https://www.example.com/blog", Fits::no},
        {"www.example.com:8080", "https://www.example.com:8080/", Fits::yes},
        {"www.example.com:8080", "https://www.example.com/", Fits::no},
        {"www.example.com:8080", "https://www.example.com:8081/", Fits::no},
        {"192.168.1.2:8080", "http://192.168.1.2:8080/a", Fits::yes},
        {"example.com", "https://www.example.com/", Fits::no},
        {"www.example.com", "https://other.example/?from=www.example.com", Fits::no},
        {"servicewechat.com/wx0123", "https://servicewechat.com/wx0123/4/page-frame.html", Fits::yes},
        {"*.example.com", "https://a.example.com/", Fits::yes},
        {"*.example.com", "https://a.b.example.com:8080/x", Fits::yes},
        {"*.example.com/shop", "https://a.example.com/shop/1", Fits::yes},
        {"*.example.com:8080", "https://a.example.com:8080/", Fits::yes},
        {"*.example.com:8080", "https://a.example.com/", Fits::no},
        {"*.example.com", "https://badexample.com/", Fits::no},
        {"*.example.com", "https://other.example/a.example.com", Fits::no},
        {"*.example.com", "https://example.com/", Fits::open},
        {"*.example.com", "https://a.example.com.cn/", Fits::open},
        {"*", "https://a.example/", Fits::open},
        {"www.*.com", "https://www.example.com/", Fits::open},
        {"www.*.com", "https://www.example.net/", Fits::no},
        {"", "https://a.example/", Fits::no},
    };
    for (const Row& row : rows) {
        CAPTURE(row.entry);
        CAPTURE(row.referer);
        const auto domains = join("far.example ", row.entry.empty() ? " " : row.entry);
        const auto white = check_referer(written({.domains = domains}), row.referer);
        const auto black = check_referer(written({.type = "Black-List", .domains = domains}), row.referer);
        REQUIRE(white);
        REQUIRE(black);
        CHECK(white->matched == (row.fits == Fits::no ? "" : row.entry));
        if (row.fits == Fits::open) {
            CHECK_FALSE(white->refused);
            CHECK_FALSE(black->refused);
        } else {
            CHECK(white->refused == (row.fits == Fits::no));
            CHECK(black->refused == (row.fits == Fits::yes));
        }
    }
}

TEST_CASE("an entry that fits for sure outweighs one that may")
{
    const auto verdict =
        check_referer(written({.domains = "*.example.com example.com"}), "https://example.com/");
    REQUIRE(verdict);
    CHECK(verdict->matched == "example.com");
    CHECK(verdict->refused == false);
    CHECK(verdict->entries == 2);
}

TEST_CASE("readers without a Referer pass where the configuration says so")
{
    CHECK(check_referer(written({}), "")->refused == true);
    CHECK(check_referer(written({.empty = "Allow"}), "")->refused == false);
    CHECK(check_referer(written({.type = "Black-List"}), "")->refused == true);
    CHECK(
        check_referer("<RefererConfiguration><Status>Enabled</Status></RefererConfiguration>", "")->refused ==
        true
    );
}

TEST_CASE("a list that is switched off refuses nobody")
{
    CHECK(check_referer(written({.status = "Disabled"}), "https://a.example/")->refused == false);
    CHECK(check_referer(written({.status = "Disabled"}), "")->refused == false);
    CHECK_FALSE(check_referer(written({.status = "Disabled"}), "")->enabled);
}

TEST_CASE("a list of no known type, or without entries, leaves it open")
{
    CHECK_FALSE(check_referer(written({.type = "Grey-List"}), "https://a.example/")->refused);
    CHECK_FALSE(check_referer(written({.type = ""}), "https://www.example.com/")->refused);
    CHECK_FALSE(check_referer(written({.domains = ""}), "https://a.example/")->refused);
}

TEST_CASE("an empty text is no list, and what is no referer configuration says nothing")
{
    const auto none = check_referer("\n", "https://a.example/");
    REQUIRE(none);
    CHECK_FALSE(none->enabled);
    CHECK_FALSE(none->refused);
    const auto whole = written({});
    for (const std::string_view text : {
             std::string_view("<Error><Code>NoSuchRefererConfiguration</Code></Error>"),
             std::string_view(whole).substr(0, whole.size() - 1),
             std::string_view("{}"),
             std::string_view("\xFF\xFE<\0", 4),
         }) {
        CAPTURE(text);
        CHECK_FALSE(check_referer(text, "https://a.example/"));
    }
}

TEST_CASE("long lists and long Referers are borne")
{
    std::string domains = "*a*b";
    while (domains.size() < 60'000) {
        domains += " *a*b";
    }
    const auto verdict = check_referer(written({.domains = domains}), "https://" + std::string(60'000, 'a'));
    REQUIRE(verdict);
    CHECK_FALSE(verdict->refused);
}

TEST_SUITE_END();

// SPDX-License-Identifier: Apache-2.0
#include "diagnose/bucket/cors_rules.hpp"
#include "diagnose/text.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace cosdiag;

namespace {

std::string elements(std::string_view name, std::string_view values)
{
    std::string out;
    while (!values.empty()) {
        const auto [value, rest] = split_at(values, ' ');
        out += join("<", name, ">", value, "</", name, ">");
        values = rest;
    }
    return out;
}

std::string rule(std::string_view origins, std::string_view methods, std::string_view headers = "")
{
    return join(
        "<CORSRule>",
        elements("AllowedOrigin", origins),
        elements("AllowedMethod", methods),
        elements("AllowedHeader", headers),
        "</CORSRule>"
    );
}

std::string rules(std::string_view inside)
{
    return join("<CORSConfiguration>", inside, "</CORSConfiguration>");
}

constexpr CorsWish put = {"https://www.example.com", "PUT", "content-type, x-cos-acl"};

} // namespace

TEST_SUITE_BEGIN("diagnose/bucket/cors_rules");

TEST_CASE("a rule fits by its origins")
{
    struct Row {
        std::string_view allowed, origin;
        bool fits;
    };

    constexpr Row rows[] = {
        {"*", "https://www.example.com", true},
        {"*", "null", true},
        {"https://www.example.com", "https://www.example.com", true},
        {"https://a.example https://www.example.com", "https://www.example.com", true},
        {"https://*.example.com", "https://www.example.com", true},
        {"https://*.example.com", "https://a.b.example.com", true},
        {"https://*.example.com", "https://example.com", false},
        {"https://*.example.com", "https://www.example.com.cn", false},
        {"http*://www.example.com", "https://www.example.com", true},
        {"https://www.example.com", "http://www.example.com", false},
        {"https://www.example.com", "https://www.example.com:8443", false},
        {"https://www.example.com:8443", "https://www.example.com", false},
        {"https://www.example.com:*", "https://www.example.com:8443", true},
        {"www.example.com", "https://www.example.com", false},
        {"https://www.example.com/", "https://www.example.com", false},
        {"https://www.example", "https://www.example.com", false},
    };
    for (const Row& row : rows) {
        CAPTURE(row.allowed);
        CAPTURE(row.origin);
        const auto verdict = check_cors(rules(rule(row.allowed, "GET")), {row.origin, "GET", ""});
        REQUIRE(verdict);
        CHECK(verdict->allowed == row.fits);
    }
}

TEST_CASE("where the documentation leaves it open, a rule fits: nobody is to be sure of a refusal then")
{
    struct Row {
        std::string_view allowed, origin;
    };

    constexpr Row rows[] = {
        {"https://WWW.Example.com", "https://www.example.com"},
        {"https://www.example.com:443", "https://www.example.com"},
        {"http://www.example.com", "http://www.example.com:80"},
        {"*://*.example.com", "https://www.example.com"},
        {"*.example.com", "https://www.example.com"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.allowed);
        CHECK(check_cors(rules(rule(row.allowed, "GET")), {row.origin, "GET", ""})->allowed);
    }
    CHECK(check_cors(rules(rule("*", "put")), {"https://a.example", "PUT", ""})->allowed);
}

TEST_CASE("method and headers have to be allowed by the rule that allows the origin")
{
    const auto verdict = check_cors(
        rules(rule("https://www.example.com", "GET HEAD") + rule("https://a.example", "PUT", "*")), put
    );
    REQUIRE(verdict);
    CHECK_FALSE(verdict->allowed);
    CHECK(verdict->rules == 2);
    CHECK(verdict->nearest == 1);
    CHECK(verdict->field == "AllowedMethod");
    CHECK(verdict->has == "GET, HEAD");
    CHECK(verdict->wanted == "PUT");
}

TEST_CASE("the first header that no entry allows is named")
{
    struct Row {
        std::string_view allowed, lacking;
    };

    constexpr Row rows[] = {
        {"*", ""},
        {"content-type x-cos-acl", ""},
        {"Content-Type X-Cos-*", ""},
        {"content-type", "x-cos-acl"},
        {"content x-cos-acl", "content-type"},
        {"", "content-type"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.allowed);
        const auto verdict = check_cors(rules(rule("*", "PUT", row.allowed)), put);
        REQUIRE(verdict);
        CHECK(verdict->allowed == row.lacking.empty());
        CHECK(verdict->wanted == row.lacking);
        CHECK(verdict->has == (row.allowed.empty() ? "nothing" : verdict->has));
    }
    CHECK(check_cors(rules(rule("*", "PUT")), {"https://a.example", "PUT", " , ,"})->allowed);
}

TEST_CASE("what looks like the origin and is not is told by its slip")
{
    struct Row {
        std::string_view allowed, slip;
    };

    constexpr Row rows[] = {
        {"https://www.example.com/", "it ends with a slash, which an origin never does"},
        {"www.example.com", "it lacks the scheme"},
        {"http://www.example.com", "its scheme is another"},
        {"https://www.example.com:8443", "its port is another"},
        {"https://other.example", ""},
    };
    for (const Row& row : rows) {
        CAPTURE(row.allowed);
        const auto verdict =
            check_cors(rules(rule("https://far.example", "PUT") + rule(row.allowed, "PUT")), put);
        REQUIRE(verdict);
        CHECK(verdict->field == "AllowedOrigin");
        CHECK(verdict->slip == row.slip);
        CHECK(verdict->nearest == (row.slip.empty() ? 1 : 2));
        CHECK(verdict->has == (row.slip.empty() ? "https://far.example" : row.allowed));
    }
}

TEST_CASE("rules are read however they are written down")
{
    for (const std::string& text : {
             std::string("<?xml version='1.0' encoding='utf-8' ?>\n") +
                 rules(rule("https://www.example.com", "PUT", "*")),
             std::string("\xEF\xBB\xBF") + rules(rule("https://www.example.com", "PUT", "*")),
             std::string("<CORSConfiguration "
                         "xmlns=\"http://www.qcloud.com/document/product/436/7751\">\r\n\t<CORSRule>\r\n"
                         "\t\t<ID>upload</ID>\r\n\t\t<AllowedOrigin>\r\n\t\t\thttps://"
                         "www.example.com\r\n\t\t</AllowedOrigin>"
                         "\r\n\t\t<AllowedMethod> PUT "
                         "</AllowedMethod><AllowedHeader>*</AllowedHeader>\r\n\t</CORSRule>\r\n"
                         "</CORSConfiguration>\r\n\r\n"),
             rules("<!-- the shop "
                   "--><CORSRule><AllowedHeader><![CDATA[*]]></AllowedHeader><AllowedOrigin>https&#58;//www."
                   "example.com</AllowedOrigin><AllowedMethod>PUT</AllowedMethod></CORSRule>"),
             "<!DOCTYPE CORSConfiguration>" + rules(rule("https://www.example.com", "PUT", "*")),
         }) {
        CAPTURE(text);
        const auto verdict = check_cors(text, put);
        REQUIRE(verdict);
        CHECK(verdict->allowed);
    }
}

TEST_CASE("a bucket without rules allows nothing")
{
    for (const std::string_view text :
         {"", " \r\n", "<CORSConfiguration/>", "<CORSConfiguration></CORSConfiguration>"}) {
        CAPTURE(text);
        const auto verdict = check_cors(text, put);
        REQUIRE(verdict);
        CHECK_FALSE(verdict->allowed);
        CHECK(verdict->rules == 0);
        CHECK(verdict->nearest == 0);
    }
}

TEST_CASE("what is no CORS configuration, or not all of one, says nothing")
{
    const auto whole = rules(rule("*", "PUT", "*"));
    for (const std::string& text : {
             std::string("<Error><Code>NoSuchCORSConfiguration</Code></Error>"),
             "<Error/>" + whole,
             std::string("<corsconfiguration></corsconfiguration>"),
             "<c:CORSConfiguration xmlns:c='x'></c:CORSConfiguration>" + std::string(),
             whole.substr(0, whole.size() - 1),
             whole.substr(0, whole.size() / 2),
             std::string("{\"CORSRules\":[]}"),
             std::string("no markup at all"),
             std::string("<"),
             std::string("\0<\0C\0O\0R\0S", 10),
         }) {
        CAPTURE(text);
        CHECK_FALSE(check_cors(text, put));
    }
}

TEST_CASE("entities of the document's own making do not grow, and depth and size are borne")
{
    std::string bomb = "<!DOCTYPE CORSConfiguration [<!ENTITY a \"aaaaaaaaaa\">";
    for (char name = 'b'; name <= 'k'; ++name) {
        const std::string before(1, static_cast<char>(name - 1));
        bomb += join("<!ENTITY ", std::string(1, name), " \"&", before, ";&", before, ";&", before, ";\">");
    }
    bomb += "]>" + rules(rule("&k;", "GET"));
    const auto verdict = check_cors(bomb, put);
    REQUIRE(verdict);
    CHECK(verdict->has == "&k;");

    std::string deep;
    for (int i = 0; i < 10'000; ++i) {
        deep += "<a>";
    }
    CHECK_FALSE(check_cors(rules(deep), put));
    for (int i = 0; i < 10'000; ++i) {
        deep += "</a>";
    }
    CHECK(check_cors(rules(deep), put));

    const auto wide = check_cors(rules(rule(std::string(60'000, '*'), "PUT", "*")), put);
    REQUIRE(wide);
    CHECK(wide->allowed);
    CHECK(check_cors(rules(rule("\xFF\xFE\xFD", "PUT")), put)->has == "\xFF\xFE\xFD");
}

TEST_CASE("a wish longer than any browser's is not held against rules")
{
    const std::string huge(60'000, 'a');
    CHECK_FALSE(check_cors(rules(rule("*", "PUT", "*")), {huge, "PUT", ""}));
    CHECK_FALSE(check_cors(rules(rule("*", "PUT", "*")), {"https://a.example", huge, ""}));
    CHECK_FALSE(check_cors(rules(rule("*", "PUT", "*")), {"https://a.example", "PUT", huge}));
}

TEST_SUITE_END();

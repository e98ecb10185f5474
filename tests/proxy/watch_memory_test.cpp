// SPDX-License-Identifier: Apache-2.0
// What Watch learns from the bodies of what COS allowed, seen in what it says of a refusal.
#include "proxy/watch.hpp"
#include "tests/proxy/log/support.hpp"
#include "tests/support/coded.hpp"

#include <doctest/doctest.h>

#include <optional>

using namespace cosdiag;
using test::coded;

namespace {

constexpr std::string_view host = "b-1250000000.cos.ap-guangzhou.myqcloud.com";
constexpr std::string_view rules =
    "<CORSConfiguration><CORSRule><AllowedOrigin>https://a.example</AllowedOrigin>"
    "<AllowedMethod>PUT</AllowedMethod></CORSRule></CORSConfiguration>";
constexpr std::string_view listing =
    "<ListBucketResult><Contents><Key>cold/k</Key><StorageClass>ARCHIVE</StorageClass></Contents>"
    "</ListBucketResult>";

bool has(std::string_view text, std::string_view part)
{
    return text.find(part) != std::string_view::npos;
}

struct Call {
    std::string_view method = "GET";
    std::string_view target = "/?cors";
    std::string_view request_fields{};
    std::string_view request_body{};
    bool request_complete = true;
    std::string_view answer_fields = "Content-Type: application/xml\r\n";
    std::string_view answer_body{};
    bool answer_complete = true;
    std::string_view to = host;
};

struct Remembering {
    test::Folder folder;
    config::Config config;
    log::DiagnosisLog log{{.file = folder.file("log"), .tell = [](std::string_view) {}}};
    log::BlindTunnels tunnels;
    Remembered remembered;
    Watch watch{{config, {}, log, tunnels, remembered, {}}};

    static std::string head_of(const Call& call)
    {
        std::string text(call.method);
        text.append(" http://").append(call.to).append(call.target).append(" HTTP/1.1\r\nHost: ");
        return text.append(call.to).append("\r\n").append(call.request_fields).append("\r\n");
    }

    static std::string head_of_answer(std::string_view status, std::string_view fields)
    {
        std::string text = "HTTP/1.1 ";
        text.append(status).append("\r\nServer: tencent-cos\r\nx-cos-request-id: NWZh\r\n");
        return text.append(fields).append("\r\n");
    }

    const net::Address client = boost::asio::ip::make_address("192.0.2.7");

    /// Whether the body of the answer is wanted.
    bool pass(const Call& call)
    {
        const auto request = head_of(call);
        const auto response = head_of_answer("200 OK", call.answer_fields);
        http::RequestHead asked;
        http::ResponseHead answered;
        REQUIRE_FALSE(http::parse_request(request, {}, asked));
        REQUIRE_FALSE(http::parse_response(response, {}, answered));
        http::Tap body;
        body.add(call.request_body);
        const bool looked_at = watch.wants_body(asked, call.target);
        const net::Allowed allowed{
            .request = asked,
            .target = call.target,
            .host = call.to,
            .response = answered,
            .request_body = looked_at ? &body : nullptr,
            .request_body_complete = looked_at && call.request_complete,
            .client = client,
        };
        const bool wanted = watch.allowed(allowed);
        if (wanted)
            watch.told(allowed, call.answer_body, call.answer_complete);
        return wanted;
    }

    /// The header that a 403 gets.
    std::string refuse(const Call& call, std::string_view code)
    {
        const auto request = head_of(call);
        const auto response = head_of_answer("403 Forbidden", "Content-Type: application/xml\r\n");
        const auto body = "<Error><Code>" + std::string(code) + "</Code><Message>no</Message></Error>";
        http::RequestHead asked;
        http::ResponseHead answered;
        REQUIRE_FALSE(http::parse_request(request, {}, asked));
        REQUIRE_FALSE(http::parse_response(response, {}, answered));
        return watch.examine({
            .request = asked,
            .target = call.target,
            .host = call.to,
            .response = answered,
            .response_body = body,
            .response_body_complete = true,
            .client = "127.0.0.1",
            .asked_at = net::now(),
            .answered_at = net::now(),
        });
    }

    /// Whether the rules that passed by are known: then the refusal of a preflight is certain.
    bool knows_rules(std::string_view of = host)
    {
        const auto header = refuse(
            {.method = "OPTIONS",
             .target = "/k",
             .request_fields = "Origin: https://b.example\r\nAccess-Control-Request-Method: PUT\r\n",
             .to = of},
            "AccessForbidden"
        );
        CHECK(has(header, "cors-denied"));
        return has(header, "confidence=certain");
    }
};

} // namespace

TEST_SUITE("proxy/watch_memory")
{
    TEST_CASE("bodies that tell something are wanted, and no others")
    {
        struct Row {
            std::string_view method, target, fields;
            bool wanted;
        };

        constexpr std::string_view form = "Content-Type: multipart/form-data; boundary=x\r\n";
        constexpr Row rows[] = {
            {"POST", "/", form, true},
            {"POST", "/", "Content-Type: Multipart/Form-Data; boundary=x\r\n", true},
            {"POST", "/", "Content-Type: application/xml\r\n", false},
            {"POST", "/", "", false},
            {"PUT", "/k", form, false},
            {"POST", "/?delete", "", true},
            {"POST", "/?delete=", "", true},
            {"POST", "/?delete&q-ak=AKIDx", "", true},
            {"POST", "/?deleted", "", false},
            {"POST", "/k?uploads", "", false},
            {"PUT", "/?cors", "", true},
            {"PUT", "/?referer", "", true},
            {"PUT", "/?acl", "", true},
            {"PUT", "/?q-ak=AKIDx&policy", "", true},
            {"PUT", "/?lifecycle", "", false},
            {"PUT", "/k?acl", "", false},
            {"PUT", "/k", "", false},
            {"POST", "/?cors", "", false},
            {"DELETE", "/?cors", "", false},
            {"GET", "/?cors", "", false},
        };
        Remembering story;
        for (const Row& row : rows) {
            CAPTURE(row.method);
            CAPTURE(row.target);
            const auto request = Remembering::head_of(
                {.method = row.method, .target = row.target, .request_fields = row.fields}
            );
            http::RequestHead asked;
            REQUIRE_FALSE(http::parse_request(request, {}, asked));
            CHECK(story.watch.wants_body(asked, row.target) == row.wanted);
        }
    }

    TEST_CASE("answers that tell something are wanted, and no others")
    {
        struct Row {
            Call call;
            bool wanted;
        };

        const Row rows[] = {
            {{.target = "/?cors"}, true},
            {{.target = "/?policy", .answer_fields = "Content-Type: application/json\r\n"}, true},
            {{.target = "/"}, true},
            {{.target = "/?prefix=cold%2F"}, true},
            {{.target = "/", .answer_fields = "Content-Type: text/html\r\n"}, false},
            {{.target = "/k"}, false},
            {{.target = "/k?acl"}, false},
            {{.method = "PUT", .target = "/?cors"}, false},
            {{.method = "POST", .target = "/?delete"}, false},
            {{.method = "HEAD", .target = "/"}, false},
            {{.target = "/?cors", .to = "www.example.com"}, false},
        };
        Remembering story;
        for (const Row& row : rows) {
            CAPTURE(row.call.method);
            CAPTURE(row.call.target);
            CHECK(story.pass(row.call) == row.wanted);
        }
    }

    TEST_CASE("a document that was read is known when all of it could be")
    {
        const auto zipped = coded(rules, MAX_WBITS + 16);

        struct Row {
            Call call;
            bool known;
        };

        const Row rows[] = {
            {{.answer_body = rules}, true},
            {{.answer_body = rules, .answer_complete = false}, false},
            {{.answer_body = ""}, false},
            {{.answer_body = "<Error/>"}, false},
            {{.target = "/?policy", .answer_body = rules}, false},
            {{.answer_fields = "Content-Encoding: identity\r\n", .answer_body = rules}, true},
            {{.answer_fields = "Content-Encoding: gzip\r\n", .answer_body = zipped}, true},
            {{.answer_fields = "Content-Encoding: gzip\r\n", .answer_body = zipped, .answer_complete = false},
             false},
            {{.answer_fields = "Content-Encoding: gzip\r\n",
              .answer_body = std::string_view(zipped).substr(0, zipped.size() - 12)},
             false},
            {{.answer_fields = "Content-Encoding: gzip\r\n", .answer_body = rules}, false},
            {{.answer_fields = "Content-Encoding: br\r\n", .answer_body = rules}, false},
        };
        for (const Row& row : rows) {
            CAPTURE(row.call.target);
            CAPTURE(row.call.answer_fields);
            CAPTURE(row.call.answer_body.size());
            CAPTURE(row.call.answer_complete);
            Remembering story;
            CHECK_FALSE(story.knows_rules());
            story.pass(row.call);
            CHECK(story.knows_rules() == row.known);
        }
    }

    TEST_CASE("a document that was written takes the place of what was known, or leaves nothing known")
    {
        struct Row {
            Call call;
            bool known;
        };

        const Row rows[] = {
            {{.method = "PUT", .request_body = rules}, true},
            {{.method = "PUT", .request_body = rules, .request_complete = false}, false},
            {{.method = "PUT", .request_fields = "Content-Encoding: gzip\r\n", .request_body = rules}, false},
            {{.method = "PUT"}, false},
            {{.method = "PUT", .request_body = "not a configuration"}, false},
            {{.method = "POST"}, false},
            {{.method = "DELETE"}, true},
            {{.method = "PUT", .target = "/?acl", .request_body = "<a/>"}, true},
            {{.method = "OPTIONS"}, true},
            {{.method = "HEAD"}, true},
        };
        for (const Row& row : rows) {
            CAPTURE(row.call.method);
            CAPTURE(row.call.target);
            CAPTURE(row.call.request_fields);
            CAPTURE(row.call.request_body);
            Remembering story;
            story.pass({.answer_body = rules});
            CHECK(story.knows_rules());
            story.pass(row.call);
            CHECK(story.knows_rules() == row.known);
        }
    }

    TEST_CASE("a bucket whose rules were deleted is known to have none")
    {
        Remembering story;
        story.pass({.method = "DELETE"});
        CHECK(story.knows_rules());
    }

    TEST_CASE("two domains of the operator's own that begin alike do not share documents")
    {
        Remembering story;
        story.config.cos.custom_domains = {"files.one.example", "files.two.example"};
        story.pass({.answer_body = rules, .to = "files.one.example"});
        CHECK(story.knows_rules("files.one.example"));
        CHECK_FALSE(story.knows_rules("files.two.example"));
    }

    TEST_CASE("a list of objects tells the classes of those that must be restored, be it cut or coded")
    {
        const auto zipped = coded(listing, MAX_WBITS + 16);

        struct Row {
            Call call;
            bool known;
        };

        const Row rows[] = {
            {{.target = "/", .answer_body = listing}, true},
            {{.target = "/?prefix=cold", .answer_body = listing}, true},
            {{.target = "/",
              .answer_body = listing.substr(0, listing.find("</Contents>")),
              .answer_complete = false},
             true},
            {{.target = "/",
              .answer_fields = "Content-Type: application/xml\r\nContent-Encoding: gzip\r\n",
              .answer_body = zipped},
             true},
            {{.target = "/?cors", .answer_body = listing}, false},
            {{.target = "/k", .answer_body = listing}, false},
        };
        for (const Row& row : rows) {
            CAPTURE(row.call.target);
            CAPTURE(row.call.answer_fields);
            Remembering story;
            story.pass(row.call);
            CHECK(has(story.refuse({.target = "/cold/k"}, "InvalidObjectState"), "(ARCHIVE)") == row.known);
            CHECK_FALSE(has(story.refuse({.target = "/cold/other"}, "InvalidObjectState"), "(ARCHIVE)"));
        }
    }
}

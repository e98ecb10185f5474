// SPDX-License-Identifier: Apache-2.0
#include "proxy/http/head.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace cosdiag::http;
using Kind = HeadFault::Kind;
using Role = HeadScanner::Role;

namespace {

HeadFault read_request(std::string_view bytes, RequestHead& head, HeadLimits limits = {})
{
    HeadScanner scanner(Role::request);
    const auto found = scanner.scan(bytes, limits.bytes);
    if (found.fault)
        return found.fault;
    REQUIRE(found.end != 0);
    return parse_request(bytes.substr(found.begin, found.end - found.begin), limits, head);
}

HeadFault read_response(std::string_view bytes, ResponseHead& head)
{
    HeadScanner scanner(Role::response);
    const auto found = scanner.scan(bytes, 128 * 1024);
    if (found.fault)
        return found.fault;
    REQUIRE(found.end != 0);
    return parse_response(bytes.substr(0, found.end), {}, head);
}

/// A NUL inside needs the size.
std::string with_value(std::string_view value)
{
    return "GET http://a.example/ HTTP/1.1\r\nHost: a.example\r\nX: " + std::string(value) + "\r\n\r\n";
}

} // namespace

TEST_SUITE("proxy/http/head")
{
    TEST_CASE("a request's head is read into views, in order, spelling and blanks kept")
    {
        RequestHead head;
        REQUIRE_FALSE(read_request(
            "PuT http://a.example/a%2Fb?x=+ HTTP/1.1\r\nhOST: a.example\r\nX-A:\t one  two \r\nX-A:\r\n\r\n",
            head
        ));
        CHECK(head.method == "PuT");
        CHECK(head.target == "http://a.example/a%2Fb?x=+");
        CHECK(head.minor_version == 1);
        const auto& lines = head.fields.lines();
        REQUIRE(lines.size() == 3);
        CHECK(lines[0].id == FieldId::host);
        CHECK(lines[0].line == "hOST: a.example");
        CHECK(lines[1].value == "one  two");
        CHECK(lines[1].line == "X-A:\t one  two ");
        CHECK(lines[2].value.empty());
    }

    TEST_CASE("what could be read in another way is a fault")
    {
        const std::string bad[] = {
            "GET  http://a.example/ HTTP/1.1\r\n\r\n",
            "GET http://a.example/  HTTP/1.1\r\n\r\n",
            "GET\thttp://a.example/ HTTP/1.1\r\n\r\n",
            "GET http://a.example/ HTTP/1.1 \r\n\r\n",
            "GET http://a.example/\r\n\r\n",
            "GET http://a.example/ HTTP/1.10\r\n\r\n",
            "GET http://a.example/ http/1.1\r\n\r\n",
            "GET http://a.example/ HTTP/1,1\r\n\r\n",
            "G(T http://a.example/ HTTP/1.1\r\n\r\n",
            "GET http://a.example/#f HTTP/1.1\r\n\r\n",
            "GET http://a.example/" + std::string(1, '\0') + " HTTP/1.1\r\n\r\n",
            "GET http://a.example/\x7f HTTP/1.1\r\n\r\n",
            "GET http://a.example/ HTTP/1.1\r\nX : a\r\n\r\n",
            "GET http://a.example/ HTTP/1.1\r\nX\t: a\r\n\r\n",
            "GET http://a.example/ HTTP/1.1\r\n X: a\r\n\r\n",
            "GET http://a.example/ HTTP/1.1\r\nX: a\r\n b\r\n\r\n",
            "GET http://a.example/ HTTP/1.1\r\nX: a\r\n\tb\r\n\r\n",
            "GET http://a.example/ HTTP/1.1\r\nX\r\n\r\n",
            "GET http://a.example/ HTTP/1.1\r\n: a\r\n\r\n",
            "GET http://a.example/ HTTP/1.1\r\nX@Y: a\r\n\r\n",
            "GET http://a.example/ HTTP/1.1\r\nX(Y: a\r\n\r\n",
            "GET http://a.example/ HTTP/1.1\r\n\xc3\xa9: a\r\n\r\n",
            with_value("a\rb"),
            with_value("a\x01"),
            with_value(std::string_view("a\0b", 3)),
            with_value("a\x7f"),
        };
        for (const std::string& bytes : bad) {
            CAPTURE(bytes);
            RequestHead head;
            CHECK(read_request(bytes, head).kind == Kind::malformed);
        }
    }

    TEST_CASE("bytes above 0x7f, tabs and every tchar may stand where they may")
    {
        RequestHead head;
        CHECK_FALSE(read_request(with_value("caf\xc3\xa9\ta \x80\xff"), head));
        CHECK_FALSE(read_request(
            "M!#$%&'*+-.^_`|~9 http://a.example/\xe4\xb8\xad HTTP/1.1\r\n!#$%&'*+-.^_`|~9: x\r\n\r\n", head
        ));
    }

    TEST_CASE("versions of HTTP/1 are understood, others named as such")
    {
        struct Row {
            const char* version;
            Kind kind;
            unsigned minor;
        };

        for (const Row row :
             {Row{"HTTP/1.0", Kind::none, 0},
              Row{"HTTP/1.1", Kind::none, 1},
              Row{"HTTP/1.2", Kind::none, 1},
              Row{"HTTP/2.0", Kind::version, 0},
              Row{"HTTP/0.9", Kind::version, 0}}) {
            CAPTURE(row.version);
            RequestHead head;
            const auto fault =
                read_request("GET http://a.example/ " + std::string(row.version) + "\r\n\r\n", head);
            CHECK(fault.kind == row.kind);
            if (!fault)
                CHECK(head.minor_version == row.minor);
        }
    }

    TEST_CASE("a status line needs its three digits; the reason may be missing or odd")
    {
        struct Row {
            const char* line;
            bool good;
            unsigned status;
            const char* reason;
        };

        const Row rows[] = {
            {"HTTP/1.1 200 OK", true, 200, "OK"},
            {"HTTP/1.1 200 ", true, 200, ""},
            {"HTTP/1.1 200", true, 200, ""},
            {"HTTP/1.0 403 No way  at all", true, 403, "No way  at all"},
            {"HTTP/1.1 999 X", true, 999, "X"},
            {"HTTP/1.1 200 caf\xc3\xa9", true, 200, "caf\xc3\xa9"},
            {"HTTP/1.1 099 X", false, 0, ""},
            {"HTTP/1.1 20 X", false, 0, ""},
            {"HTTP/1.1 2000 X", false, 0, ""},
            {"HTTP/1.1  200 X", false, 0, ""},
            {"HTTP/1.1 2x0 X", false, 0, ""},
            {"HTTP/1.1 -20 X", false, 0, ""},
            {"HTTP/1.1", false, 0, ""},
            {"HTTP/1.1 200 a\x01", false, 0, ""},
        };
        for (const Row& row : rows) {
            CAPTURE(row.line);
            ResponseHead head;
            const std::string bytes = std::string(row.line) + "\r\n\r\n";
            const auto fault = read_response(bytes, head);
            CHECK(!fault == row.good);
            if (row.good) {
                CHECK(head.status == row.status);
                CHECK(head.reason == row.reason);
            }
        }
    }

    TEST_CASE("a head is found at the same place however its bytes arrive")
    {
        const std::string bytes = "\r\nGET http://a.example/ HTTP/1.1\r\nHost: a.example\r\n\r\nbody\r\n\r\n";
        HeadScanner whole(Role::request);
        const auto expected = whole.scan(bytes, 1000);
        REQUIRE(expected.begin == 2);
        REQUIRE(bytes.substr(expected.end) == "body\r\n\r\n");
        for (std::size_t piece = 1; piece < bytes.size(); ++piece) {
            CAPTURE(piece);
            HeadScanner scanner(Role::request);
            HeadScanner::Result found;
            for (std::size_t size = piece; found.end == 0; size += piece) {
                found = scanner.scan(std::string_view(bytes).substr(0, size), 1000);
                REQUIRE_FALSE(found.fault);
                if (found.end == 0)
                    REQUIRE(size < bytes.size());
            }
            CHECK(found.begin == expected.begin);
            CHECK(found.end == expected.end);
        }
    }

    TEST_CASE("what can never become a head is a fault as soon as that is sure")
    {
        struct Row {
            Role role;
            const char* bytes;
        };

        const Row rows[] = {
            {Role::request, " "},
            {Role::request, "\n"},
            {Role::request, "\rG"},
            {Role::request, "\x16\x03\x01"},
            {Role::request, "GET http://a.example/ HTTP/1.1\n"},
            {Role::request, "GET http://a.example/\r\n"},
            {Role::request, "GET http://a.example/ HTTP/1.1\r\nX: y\n"},
            {Role::response, "S"},
            {Role::response, "HTTQ"},
            {Role::response, "\r\n"},
            {Role::response, "HTTP/1.1 200 OK\n"},
        };
        for (const Row& row : rows) {
            CAPTURE(row.bytes);
            HeadScanner scanner(row.role);
            CHECK(scanner.scan(row.bytes, 1000).fault.kind == Kind::malformed);
        }
    }

    TEST_CASE("a head, a first line and a number of fields have their limits")
    {
        RequestHead head;
        const std::string line = "GET http://a.example/ HTTP/1.1\r\n";
        CHECK(
            read_request(line + "X: " + std::string(1000, 'a') + "\r\n\r\n", head, {500, 200}).kind ==
            Kind::too_large
        );
        HeadScanner scanner(Role::request);
        CHECK(scanner.scan("GET /" + std::string(600, 'a'), 500).fault.kind == Kind::target_too_long);
        std::string fields;
        for (int i = 0; i < 5; ++i)
            fields += "X: y\r\n";
        CHECK_FALSE(read_request(line + fields + "\r\n", head, {500, 5}));
        CHECK(read_request(line + fields + "X: y\r\n\r\n", head, {500, 5}).kind == Kind::too_large);
    }

    TEST_CASE("empty lines before a request are skipped, but not for ever")
    {
        HeadScanner scanner(Role::request);
        std::string many;
        for (int i = 0; i < 100; ++i)
            many += "\r\n";
        CHECK(scanner.scan(many, 10'000).fault.kind == Kind::malformed);
    }
}

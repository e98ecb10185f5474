// SPDX-License-Identifier: Apache-2.0
#include "proxy/http/connection.hpp"
#include "proxy/http/field.hpp"
#include "proxy/http/head.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace cosdiag::http;

namespace {

Fields fields_of(const std::vector<std::string>& lines)
{
    Fields fields;
    for (const std::string& line : lines) {
        FieldLine field;
        REQUIRE_FALSE(parse_field(line, field));
        fields.add(field);
    }
    return fields;
}

} // namespace

TEST_SUITE("proxy/http/field")
{
    TEST_CASE("names that matter are known in any case, others are not taken for them")
    {
        CHECK(identify("HOST") == FieldId::host);
        CHECK(identify("content-Length") == FieldId::content_length);
        CHECK(identify("Transfer-Encoding") == FieldId::transfer_encoding);
        CHECK(identify("Access-Control-Expose-Headers") == FieldId::access_control_expose_headers);
        CHECK(identify("x-cos-request-id") == FieldId::x_cos_request_id);
        CHECK(identify("te") == FieldId::te);
        for (const char* name : {"", "hos", "hosts", "content_length", "contentlength", "x-cos-request-ix"})
            CHECK(identify(name) == FieldId::other);
        CHECK(identify(std::string(1000, 'x')) == FieldId::other);
    }

    TEST_CASE("field text is what RFC 9110 lets stand in a value, at every place of it")
    {
        for (std::size_t size = 1; size < 40; ++size) {
            for (std::size_t at = 0; at < size; ++at) {
                for (int byte = 0; byte < 256; ++byte) {
                    std::string text(size, 'x');
                    text[at] = static_cast<char>(byte);
                    const bool good = byte == '\t' || (byte >= 0x20 && byte != 0x7f);
                    if (is_field_text(text) != good) {
                        CAPTURE(byte);
                        CAPTURE(at);
                        CAPTURE(size);
                        FAIL("wrong");
                    }
                }
            }
        }
        CHECK(is_field_text(""));
    }

    TEST_CASE("texts are equal when they differ in the case of ASCII letters alone, at every place of them")
    {
        const auto lower = [](int c) { return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c; };
        for (std::size_t size = 1; size < 40; ++size) {
            for (std::size_t at = 0; at < size; ++at) {
                for (int byte = 0; byte < 256; ++byte) {
                    for (const int other : {byte, byte ^ 0x20, byte ^ 0x80, (byte + 1) & 0xff}) {
                        std::string a(size, 'x');
                        std::string b(size, 'X');
                        a[at] = static_cast<char>(byte);
                        b[at] = static_cast<char>(other);
                        if (equals(a, b) != (lower(byte) == lower(other))) {
                            CAPTURE(byte);
                            CAPTURE(other);
                            CAPTURE(at);
                            CAPTURE(size);
                            FAIL("wrong");
                        }
                    }
                }
            }
        }
        CHECK(equals("", ""));
        CHECK_FALSE(equals("a", ""));
        CHECK_FALSE(equals("ab", "a"));
    }

    TEST_CASE("a token ends where a byte stands that none may hold")
    {
        CHECK(token_size("") == 0);
        CHECK(token_size("x-cos-acl") == 9);
        CHECK(token_size("Host: a") == 4);
        CHECK(token_size(" a") == 0);
        CHECK(token_size("a\xc3\xa9") == 1);
        CHECK(is_token("!#$%&'*+-.^_`|~09azAZ"));
        CHECK_FALSE(is_token(""));
        CHECK_FALSE(is_token("a b"));
    }

    TEST_CASE("a list is walked over all lines of its name, blanks and empty elements left out")
    {
        const std::vector<std::string> lines = {
            "Connection: a, , b", "X: no", "connection:  C ,", "Connection:"};
        const Fields fields = fields_of(lines);
        std::string seen;
        for_each_element(fields, FieldId::connection, [&](std::string_view each) {
            seen.append(each).append("|");
        });
        CHECK(seen == "a|b|C|");
        CHECK(has_token(fields, FieldId::connection, "c"));
        CHECK_FALSE(has_token(fields, FieldId::connection, "d"));
        CHECK_FALSE(has_token(fields, FieldId::te, "a"));
        CHECK(fields.count(FieldId::connection) == 3);
        CHECK(fields.value("x") == "no");
    }

    TEST_CASE("what ends at this hop is named by RFC 9110 or by Connection")
    {
        const std::vector<std::string> lines = {
            "Connection: X-Mine, close",
            "X-Mine: 1",
            "X-Other: 1",
            "Keep-Alive: 1",
            "TE: trailers",
            "Proxy-Connection: x",
            "Proxy-Authorization: x",
            "Upgrade: x",
            "Transfer-Encoding: chunked",
            "Trailer: X",
        };
        const Fields fields = fields_of(lines);
        std::string passed;
        for (const FieldLine& field : fields.lines()) {
            if (!is_hop_by_hop(field, fields))
                passed.append(field.name).append(" ");
        }
        CHECK(passed == "X-Other Trailer ");
    }

    TEST_CASE("Connection may not take away what is meant for the origin")
    {
        for (const char* name :
             {"Host", "authorization", "Content-Length", "Date", "x-cos-acl", "X-AMZ-Date", "Range"}) {
            CAPTURE(name);
            const std::vector<std::string> lines = {"Connection: close, " + std::string(name)};
            CHECK_FALSE(connection_fault(fields_of(lines)).empty());
        }
        for (const char* value : {"close", "keep-alive, Upgrade", "X-Mine", "", " , "}) {
            CAPTURE(value);
            const std::vector<std::string> lines = {"Connection: " + std::string(value)};
            CHECK(connection_fault(fields_of(lines)).empty());
        }
        const std::vector<std::string> odd = {"Connection: \"close\""};
        CHECK_FALSE(connection_fault(fields_of(odd)).empty());
    }
}

// SPDX-License-Identifier: Apache-2.0
#include "proxy/http/framing.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace cosdiag::http;
using Kind = Framing::Kind;

namespace {

/// "none", "length 5", "chunked", "until close", or the status of the fault.
std::string words(const FramingResult& result)
{
    if (const auto* fault = std::get_if<FramingFault>(&result))
        return std::to_string(fault->status);
    const auto& framing = std::get<Framing>(result);
    switch (framing.kind) {
    case Kind::none:
        return "none";
    case Kind::length:
        return "length " + std::to_string(framing.length);
    case Kind::chunked:
        return "chunked";
    default:
        return "until close";
    }
}

std::string of_request(const std::string& fields, const char* version = "1.1")
{
    const std::string bytes = "PUT http://a.example/ HTTP/" + std::string(version) + "\r\n" + fields + "\r\n";
    RequestHead head;
    REQUIRE_FALSE(parse_request(bytes, {}, head));
    return words(request_framing(head));
}

std::string of_response(
    const std::string& status,
    const std::string& fields,
    const char* method = "GET",
    const char* version = "1.1"
)
{
    const std::string bytes = "HTTP/" + std::string(version) + " " + status + " X\r\n" + fields + "\r\n";
    ResponseHead head;
    REQUIRE_FALSE(parse_response(bytes, {}, head));
    return words(response_framing(head, method));
}

} // namespace

TEST_SUITE("proxy/http/framing")
{
    TEST_CASE("a request's body ends where RFC 9112 says, or nowhere that two could agree on")
    {
        struct Row {
            const char* fields;
            const char* expected;
        };

        const Row rows[] = {
            {"", "none"},
            {"Content-Length: 0\r\n", "length 0"},
            {"Content-Length: 5\r\n", "length 5"},
            {"Content-Length: 00005\r\n", "length 5"},
            {"content-length:5 \t\r\n", "length 5"},
            {"Content-Length: 18446744073709551615\r\n", "400"},
            {"Content-Length: 18446744073709551616\r\n", "400"},
            {"Content-Length: 99999999999999999999999\r\n", "400"},
            {"Content-Length: +5\r\n", "400"},
            {"Content-Length: -5\r\n", "400"},
            {"Content-Length: 0x5\r\n", "400"},
            {"Content-Length: 5 5\r\n", "400"},
            {"Content-Length: 5,5\r\n", "400"},
            {"Content-Length: 5.0\r\n", "400"},
            {"Content-Length: five\r\n", "400"},
            {"Content-Length: \"5\"\r\n", "400"},
            {"Content-Length:\r\n", "400"},
            {"Content-Length: 5\r\nContent-Length: 5\r\n", "400"},
            {"Content-Length: 5\r\nContent-Length: 6\r\n", "400"},
            {"Transfer-Encoding: chunked\r\n", "chunked"},
            {"Transfer-Encoding: CHunked\r\n", "chunked"},
            {"Transfer-Encoding:\t chunked \r\n", "chunked"},
            {"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "400"},
            {"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "400"},
            {"Content-Length: 5\r\nTransfer-Encoding: identity\r\n", "400"},
            {"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "400"},
            {"Transfer-Encoding: chunked, chunked\r\n", "400"},
            {"Transfer-Encoding: chunked, identity\r\n", "400"},
            {"Transfer-Encoding: chunked, gzip\r\n", "400"},
            {"Transfer-Encoding: gzip, chunked\r\n", "501"},
            {"Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n", "501"},
            {"Transfer-Encoding: identity\r\n", "400"},
            {"Transfer-Encoding: xchunked\r\n", "400"},
            {"Transfer-Encoding: chunkedx\r\n", "400"},
            {"Transfer-Encoding: \"chunked\"\r\n", "400"},
            {"Transfer-Encoding: chunked;q=1\r\n", "400"},
            {"Transfer-Encoding:\r\n", "400"},
            {"Transfer-Encoding: ,\r\n", "400"},
        };
        for (const Row& row : rows) {
            CAPTURE(row.fields);
            CHECK(of_request(row.fields) == row.expected);
        }
        CHECK(of_request("Transfer-Encoding: chunked\r\n", "1.0") == "400");
        CHECK(of_request("Content-Length: 5\r\n", "1.0") == "length 5");
    }

    TEST_CASE("an answer's body depends on status, method and version too")
    {
        struct Row {
            const char* status;
            const char* fields;
            const char* method;
            const char* expected;
        };

        const Row rows[] = {
            {"200", "Content-Length: 5\r\n", "GET", "length 5"},
            {"200", "Transfer-Encoding: chunked\r\n", "GET", "chunked"},
            {"200", "", "GET", "until close"},
            {"200", "Content-Length: 5\r\n", "HEAD", "none"},
            {"200", "Transfer-Encoding: chunked\r\n", "HEAD", "none"},
            {"200", "", "HEAD", "none"},
            {"204", "", "GET", "none"},
            {"204", "Content-Length: 5\r\n", "GET", "none"},
            {"304", "Content-Length: 5\r\n", "GET", "none"},
            {"304", "Transfer-Encoding: chunked\r\n", "GET", "none"},
            {"100", "", "GET", "none"},
            {"403", "", "PUT", "until close"},
            {"200", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "GET", "400"},
            {"200", "Content-Length: 5\r\nContent-Length: 6\r\n", "GET", "400"},
            {"200", "Content-Length: 5, 5\r\n", "GET", "400"},
            {"200", "Content-Length: x\r\n", "GET", "400"},
            {"200", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "HEAD", "400"},
        };
        for (const Row& row : rows) {
            CAPTURE(row.status);
            CAPTURE(row.fields);
            CAPTURE(row.method);
            CHECK(of_response(row.status, row.fields, row.method) == row.expected);
        }
        CHECK(of_response("200", "Transfer-Encoding: chunked\r\n", "GET", "1.0") == "400");
        CHECK(of_response("200", "", "GET", "1.0") == "until close");
    }
}

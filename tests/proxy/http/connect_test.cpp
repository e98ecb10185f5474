// SPDX-License-Identifier: Apache-2.0
#include "proxy/http/connect.hpp"

#include <doctest/doctest.h>

using namespace cosdiag::http;

namespace {

const Identity identity{"cosdiag-test", true};

} // namespace

TEST_SUITE("proxy/http/connect")
{
    TEST_CASE(
        "a CONNECT of our own names the host twice, whom the request came through, and credentials if any"
    )
    {
        CHECK(
            connect_request("a.example:443", identity, "", {}) ==
            "CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\nVia: 1.1 cosdiag-test\r\n\r\n"
        );
        CHECK(
            connect_request("[::1]:443", {"cosdiag-test", false}, "1.1 first", {"Basic dTpw"}) ==
            "CONNECT [::1]:443 HTTP/1.1\r\nHost: [::1]:443\r\nVia: 1.1 first\r\n"
            "Proxy-Authorization: Basic dTpw\r\n\r\n"
        );
        CHECK(
            connect_request("a:1", {"cosdiag-test", false}, "", {}) ==
            "CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n"
        );
    }

    TEST_CASE("credentials are base64 of name, colon and password (RFC 7617, RFC 4648 section 10)")
    {
        CHECK(basic_credentials("Aladdin", "open sesame") == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        CHECK(basic_credentials("test", "123\xc2\xa3") == "Basic dGVzdDoxMjPCow==");
        CHECK(basic_credentials("", "") == "Basic Og==");
        CHECK(basic_credentials("u", "p") == "Basic dTpw");
        CHECK(basic_credentials("\xff\xfe", "\xff") == "Basic //46/w==");
    }
}

// SPDX-License-Identifier: Apache-2.0
// What is inferred from a text beside COS's error: the request, the status, what was not shown; and the
// bounds.
#include "diagnose/cos_error.hpp"
#include "proxy/offline/readers.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>

using namespace cosdiag;
using namespace cosdiag::offline;

namespace {

const std::string host = "examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com";
const std::string url = "https://" + host;

Recording only(const std::vector<Recording>& recordings)
{
    REQUIRE(recordings.size() == 1);
    return recordings.front();
}

CosError error_of(const Recording& recording)
{
    return read_cos_error(recording.response_body.value_or("")).value_or(CosError{});
}

} // namespace

TEST_SUITE("proxy/offline/told")
{
    TEST_CASE("the request is taken from the log of the Java SDK, and from a command of curl")
    {
        const auto java = only(read_any(
            "failed to execute http request, due to service exception, httpRequest: endpoint: " + host +
            ", resourcepath: /a.png, httpMethod: PUT, headers { Authorization : "
            "q-sign-algorithm=sha1&q-ak=A, "
            "User-Agent : cos-java-sdk-v5.6.25/Linux, a 64-Bit VM, Host : " +
            host +
            ", }, params: { }\ncom.qcloud.cos.exception.CosServiceException: Access Denied. (Status Code: "
            "403; "
            "Error Code: AccessDenied; Request ID: N1=; Trace ID: T)\n"
        ));
        CHECK(java.method == "PUT");
        CHECK(java.host == host);
        CHECK(java.target == "/a.png");
        REQUIRE(java.request_fields);
        CHECK(java.request_fields->size() == 3);
        CHECK(java.request_fields->at(1).second == "cos-java-sdk-v5.6.25/Linux, a 64-Bit VM");
        CHECK(error_of(java).message == "Access Denied.");

        const auto head =
            only(read_any("$ curl -sI " + url + "/k\nHTTP/1.1 403 Forbidden\nServer: tencent-cos\n\n"));
        CHECK(head.method == "HEAD");
        CHECK(head.host == host);
        CHECK(head.target == "/k");
        CHECK(Replay(head).exchange().credentials_shown);

        const auto put = only(read_any(
            "# curl -T a.txt \\\n  -H 'Authorization: q-ak=A' --resolve a:1:2 \"" + url +
            "/k?x=1&y\"\n<Error><Code>AccessDenied</Code></Error>\n"
        ));
        CHECK(put.method == "PUT");
        CHECK(put.target == "/k?x=1&y");
        CHECK(put.request_fields->front() == NamedValue{"Authorization", "q-ak=A"});
    }

    TEST_CASE("a request that was not written down is read from COS's FormatString, and that is said")
    {
        const std::string strings = "<StringToSign>sha1\n1795492770;1795493670\n0123\n</StringToSign>"
                                    "<FormatString>put\n/a b+c\nacl=\nhost=" +
                                    host + "\n</FormatString>";
        const auto recording = only(read_any(
            "error content: <Error><Code>SignatureDoesNotMatch</Code>" + strings +
            "<Resource>examplebucket-0." + "cos.ap-guangzhou.myqcloud.com/a+b+c</Resource></Error>"
        ));
        CHECK(recording.method == "PUT");
        CHECK(recording.host == host);
        CHECK(recording.target == "/a%20b%2Bc?acl=");
        CHECK_FALSE(recording.request_fields);
        REQUIRE(recording.notes.size() == 2);
        CHECK(recording.notes[0].find("FormatString") != std::string::npos);
        CHECK(recording.notes[1].find("2026-11-24T03:59:30Z to 2026-11-24T04:14:30Z") != std::string::npos);

        const auto known =
            only(read_any("PUT " + url + "/k: 403\n<Error><Code>X1y2</Code>" + strings + "</Error>"));
        CHECK(known.target == "/k");
        CHECK(known.notes.empty());
    }

    TEST_CASE("line ends that the iOS SDK trims off a FormatString come back when its digest says so")
    {
        const auto recording = only(
            read_any("Error Domain=com.tencent.qcloud.networking Code=403 \"(null)\" UserInfo={__name=Error, "
                     "RequestId=N1=, "
                     "StringToSign=sha1\n1795492770;1795493670\n2bb2f1bf1f748d1d8f583ce801d1694cc2b57c14, "
                     "Code=SignatureDoesNotMatch, TraceId=T=, FormatString=put\n/a.jpg, "
                     "Resource=xxxx, "
                     "Message=The Signature you specified is invalid.}\n")
        );
        const auto error = error_of(recording);
        CHECK(error.code == "SignatureDoesNotMatch");
        CHECK(error.message == "The Signature you specified is invalid.");
        CHECK(error.request_id == "N1=");
        CHECK(recording.method == "PUT");
        CHECK(recording.target == "/a.jpg");
        CHECK(recording.status == 403);
    }

    TEST_CASE("another status is kept, and none is invented for a code that no 403 has")
    {
        struct Other {
            std::string text;
            unsigned status;
            const char* code;
        };

        const Other rows[] = {
            {"CosServiceException: The key does not exist. (Status Code: 404; Error Code: NoSuchKey; Request "
             "ID: "
             "N1)",
             404,
             "NoSuchKey"},
            {"HEAD " + url + "/a: 404 NoSuchKey(Message: x, RequestId: y, TraceId: z)", 404, "NoSuchKey"},
            {"{'code': 'NoSuchBucket', 'message': 'The specified bucket does not exist.'}",
             0,
             "NoSuchBucket"},
            {"<Error><Code>NoSuchKey</Code></Error>", 0, "NoSuchKey"},
        };
        for (const auto& row : rows) {
            CAPTURE(row.text);
            const auto recording = only(read_any(row.text));
            CHECK(recording.status == row.status);
            CHECK(recording.error_code == row.code);
        }
    }

    TEST_CASE("credentials that were not shown are not taken for absent")
    {
        for (const std::string text :
             {"<Error><Code>AccessDenied</Code><Message>Access Denied.</Message></Error>",
              "HTTP/1.1 403 Forbidden\nServer: tencent-cos\n\n",
              "Access Denied."}) {
            CAPTURE(text);
            CHECK_FALSE(Replay(only(read_any(text))).exchange().credentials_shown);
        }
    }

    TEST_CASE("what is no part of COS's error does not run into it")
    {
        const auto error = error_of(only(read_any("Code: AccessDenied, Message: Access Denied. SecretKey: "
                                                  "hidden, Token=hidden, RequestId: N1 q-signature=x")));
        CHECK(error.message == "Access Denied.");
        CHECK(error.request_id == "N1");
        const auto quoted = error_of(only(read_any(
            R"({"code":"AccessDenied","message":"GET /k?acl&q-signature=hidden refused, x-cos-security-token: hidden"})"
        )));
        CHECK(quoted.message == "GET /k?acl&");
    }

    TEST_CASE("hostile texts take no longer than their length")
    {
        for (const char* const piece :
             {"{",
              "<Error ",
              "Code: '",
              "Message=",
              "http://",
              "FormatString='\n",
              "&lt;",
              "\\",
              "(Message:",
              "Error Code:",
              "a.cos.x",
              "curl -H '",
              "\\\"",
              "403",
              "Access Denied",
              ": ",
              "GET http://a/: 4"}) {
            CAPTURE(piece);
            std::string text;
            while (text.size() < std::size_t{1024} * 1024)
                text += piece;
            const auto begin = std::chrono::steady_clock::now();
            static_cast<void>(read_any(text));
            CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(10));
        }
    }
}

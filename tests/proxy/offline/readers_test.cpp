// SPDX-License-Identifier: Apache-2.0
#include "proxy/offline/readers.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace cosdiag;
using namespace cosdiag::offline;

namespace {

constexpr std::string_view host = "examplebucket-1250000000.cos.ap-beijing.myqcloud.com";

std::string field(const std::optional<std::vector<NamedValue>>& fields, std::string_view name)
{
    REQUIRE(fields);
    const auto at = std::ranges::find(*fields, name, &NamedValue::first);
    return at == fields->end() ? "" : at->second;
}

Recording only(const std::vector<Recording>& recordings)
{
    REQUIRE(recordings.size() == 1);
    return recordings.front();
}

} // namespace

TEST_SUITE("proxy/offline/readers")
{
    TEST_CASE("a trace of curl holds what was sent, what came, and the body in between")
    {
        const auto recording =
            only(read_any("* Connected to 127.0.0.1 (127.0.0.1) port 80 (#0)\r\n"
                          "> GET /a%20b?acl HTTP/1.1\r\n"
                          "> Host: examplebucket-1250000000.cos.ap-beijing.myqcloud.com\r\n"
                          "> User-Agent: curl/7.88.1\r\n"
                          ">\r\n"
                          "* Mark bundle as not supporting multiuse\r\n"
                          "< HTTP/1.1 403 Forbidden\r\n"
                          "< Server: tencent-cos\r\n"
                          "<\r\n"
                          "{ [119 bytes data]\r\n"
                          "<Error>\n\t<Code>AccessDenied</Code>\n</Error>\n"
                          "* Connection #0 to host left intact\n"));
        CHECK(recording.method == "GET");
        CHECK(recording.host == host);
        CHECK(recording.target == "/a%20b?acl");
        CHECK(recording.status == 403);
        CHECK(field(recording.request_fields, "User-Agent") == "curl/7.88.1");
        CHECK(field(recording.response_fields, "Server") == "tencent-cos");
        CHECK(recording.response_body->find("<Code>AccessDenied</Code>") != std::string::npos);
        CHECK(recording.missing().empty());
    }

    TEST_CASE("tunnels, interim answers and earlier exchanges of a trace do not hide the one that counts")
    {
        const auto recordings = read_curl_trace(
            "> CONNECT a.example:443 HTTP/1.1\n> Host: a.example:443\n>\n< HTTP/1.1 200 Connection "
            "established\n<\n"
            "> PUT /k HTTP/2\n> Host: a.example\n> Expect: 100-continue\n>\n"
            "< HTTP/1.1 100 Continue\n<\n< HTTP/2 403 \n< server: tencent-cos\n<\n"
            "> GET http://b.example/x HTTP/1.1\n> Host: b.example\n>\n< HTTP/1.1 200 OK\n<\nfine\n"
        );
        REQUIRE(recordings.size() == 2);
        CHECK(recordings[0].method == "PUT");
        CHECK(recordings[0].status == 403);
        CHECK(field(recordings[0].response_fields, "server") == "tencent-cos");
        CHECK(recordings[1].scheme == "http");
        CHECK(recordings[1].host == "b.example");
        CHECK(recordings[1].target == "/x");
    }

    TEST_CASE("messages are read as they stood on the wire, with CRLF or LF, or the answer alone")
    {
        for (const std::string_view end : {"\r\n", "\n"}) {
            const auto line = [end](std::string_view text) { return std::string(text) + std::string(end); };
            const auto recording = only(read_any(
                line("POST /?delete HTTP/1.1") + line("Host: a.example") + line("") + "<Delete/>\n" +
                line("HTTP/1.1 403 Forbidden") + line("Date: x") + line("") + "<Error/>"
            ));
            CHECK(recording.method == "POST");
            CHECK(recording.host == "a.example");
            CHECK(*recording.request_body == "<Delete/>\n");
            CHECK(recording.status == 403);
            CHECK(*recording.response_body == "<Error/>");
        }
        const auto alone = only(read_any("HTTP/1.1 403 Forbidden\nServer: tencent-cos\n\n<Error/>"));
        CHECK(alone.method.empty());
        CHECK_FALSE(alone.request_fields);
        CHECK(alone.missing().size() == 4);
    }

    TEST_CASE("a HAR gives every exchange, and what browsers leave out of it is not taken for absent")
    {
        const auto recordings = read_any(R"({"log":{"version":"1.2","entries":[
            {"startedDateTime":"2026-11-24T04:00:00.000Z","time":12.5,
             "request":{"method":"GET","url":"https://examplebucket-1250000000.cos.ap-beijing.myqcloud.com/k?x=1#f",
                        "headers":[{"name":":authority","value":"x"},{"name":"Referer","value":"https://www.example.com/"}]},
             "response":{"status":403,"headers":[{"name":"Server","value":"tencent-cos"}],
                         "content":{"encoding":"base64","text":"PEVycm9yLz4="}}},
            {"request":{"method":"PUT","url":"https://a.example/","headers":[{"name":"Authorization","value":"q-ak=x"}],
                        "postData":{"text":"body"}},
             "response":{"status":200,"headers":[],"content":{}}}]}})");
        REQUIRE(recordings.size() == 2);
        const auto& first = recordings[0];
        CHECK(first.host == host);
        CHECK(first.target == "/k?x=1");
        CHECK_FALSE(first.credentials_shown);
        CHECK(first.request_fields->size() == 1);
        CHECK(*first.response_body == "<Error/>");
        CHECK(first.at->ms == 1795492800012);
        CHECK(recordings[1].credentials_shown);
        CHECK(*recordings[1].request_body == "body");
        CHECK_FALSE(recordings[1].response_body);
    }

    TEST_CASE("errors of SDKs are read in the form that each of them prints")
    {
        struct Row {
            const char* sdk;
            std::string text;
            const char* method;
            const char* url_host;
        };

        const Row rows[] = {
            {"Node",
             R"({"UA":"cos-nodejs-sdk-v5-2.14","error":{"Code":"AccessDenied","Message":"Access Denied.","Resource":"a.example/k","RequestId":"N1"},
                "statusCode":403,"headers":{"date":"x"},"method":"PUT","url":"http://a.example/k"})",
             "PUT",
             "a.example"},
            {"Node, the error alone",
             R"({"Code":"AccessDenied","Message":"Access Denied.","Resource":"a.example/k","RequestId":"N1"})",
             "",
             "a.example"},
            {"Go",
             "2026/11/24 04:00:00 GET https://a.example/k: 403 AccessDenied(Message: Access Denied., "
             "RequestId: N1, TraceId: T)\n",
             "GET",
             "a.example"},
            {"Java",
             "com.qcloud.cos.exception.CosServiceException: Access Denied. (Status Code: 403; Error Code: "
             "AccessDenied; Request ID: N1); Trace ID: T\n",
             "",
             ""},
            {"Python",
             "{'code': 'AccessDenied', 'message': 'Access Denied.', 'resource': 'a.example/k', 'requestid': "
             "'N1', 'traceid': 'T'}",
             "",
             "a.example"},
            {"a log with XML in it",
             "12:00 error <?xml version='1.0'?><Error><Code>AccessDenied</Code><Message>Access "
             "Denied.</Message>"
             "<Resource>a.example/k</Resource><RequestId>N1</RequestId></Error> giving up",
             "",
             "a.example"},
        };
        for (const Row& row : rows) {
            CAPTURE(row.sdk);
            const auto recording = only(read_any(row.text));
            CHECK(recording.status == 403);
            CHECK(recording.method == row.method);
            CHECK(recording.host == row.url_host);
            REQUIRE(recording.response_body);
            CAPTURE(*recording.response_body);
            CHECK(recording.response_body->find("<Code>AccessDenied</Code>") != std::string::npos);
            CHECK(recording.response_body->find("<Message>Access Denied.</Message>") != std::string::npos);
            CHECK(recording.response_body->find("<RequestId>N1</RequestId>") != std::string::npos);
        }
    }

    TEST_CASE("texts that hold no exchange give none")
    {
        for (const char* text :
             {"",
              "hello",
              "{}",
              "[]",
              R"({"log":{}})",
              R"({"log":{"entries":7}})",
              "GET / HTTP/1.1\nHost: a\n\n",
              "HTTP/1.1",
              "<Error>",
              ": 403 ",
              "{\"error\":null}"}) {
            CAPTURE(text);
            CHECK(read_any(text).empty());
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
// Errors as people paste them: what tools and SDKs printed, words around it, cut off, escaped.
#include "diagnose/cos_error.hpp"
#include "proxy/offline/readers.hpp"

#include <doctest/doctest.h>

#include <algorithm>

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

struct Row {
    const char* name;
    std::string text;
    const char* code;
    const char* message;
    const char* request_id = "";
    const char* method = "";
    std::string target = "";
};

void check(const Row& row)
{
    CAPTURE(row.name);
    const auto recording = only(read_any(row.text));
    CHECK(recording.status == 403);
    const auto error = error_of(recording);
    CHECK(error.code.value_or("") == row.code);
    CHECK(error.message.value_or("") == row.message);
    CHECK(error.request_id.value_or("") == row.request_id);
    CHECK(recording.method == row.method);
    CHECK(recording.target == row.target);
    if (!row.target.empty())
        CHECK(recording.host == host);
}

constexpr const char* denied = "Access Denied.";
constexpr const char* no_key = "The access key Id format you provided is invalid.";
constexpr const char* unknown_key = "The Access Key Id you provided does not exist in our records";
constexpr const char* bad_signature = "The Signature you specified is invalid.";
constexpr const char* path_style =
    "The bucket you are attempting to access must be addressed using COS virtual-styled domain.";

/// COS's body in a string literal.
const std::string literal =
    R"(<?xml version='1.0' encoding='utf-8' ?>\n<Error>\n\t<Code>AccessDenied</Code>\n\t)"
    R"(<Message>Access Denied.</Message>\n\t<Resource>)" +
    host + R"(/k</Resource>\n\t<RequestId>N1</RequestId>\n</Error>\n\n)";

} // namespace

TEST_SUITE("proxy/offline/pasted")
{
    TEST_CASE("texts of SDKs give code, message and request id, whatever stands around them")
    {
        const Row rows[] = {
            {"PHP",
             "Qcloud\\Cos\\Exception\\ServiceResponseException: Cos Error Code: InvalidAccessKeyId, Status "
             "Code: "
             "403, Cos Request ID: N1==, Cos Error Type: client, Cos Error Message: The Access Key Id you "
             "provided does not exist in our records\n",
             "InvalidAccessKeyId",
             unknown_key,
             "N1=="},
            {"PHP, the code alone", "Cos Error Code: AccessDenied, Status Code: 403\n", "AccessDenied", ""},
            {"Android",
             "CosXmlServiceException{Access Denied. (Service: cos.ap-guangzhou.myqcloud.com; Status Code: "
             "403; "
             "Status Message: Forbidden; Error Code: AccessDenied; Request ID: N1=)}",
             "AccessDenied",
             denied,
             "N1="},
            {"Amazon's Java SDK with its stack",
             "com.amazonaws.services.s3.model.AmazonS3Exception: The Signature you specified is invalid. "
             "(Service: Amazon S3; Status Code: 403; Error Code: SignatureDoesNotMatch; Request ID: N1; S3 "
             "Extended Request ID: null; Proxy: null), S3 Extended Request ID: null\n\tat "
             "com.amazonaws.http.AmazonHttpClient$RequestExecutor.handle(AmazonHttpClient.java:1879)\n",
             "SignatureDoesNotMatch",
             bad_signature,
             "N1"},
            {"Java, nested",
             "org.x.NestedServletException: Request processing failed; nested exception is "
             "com.qcloud.cos.exception.CosServiceException: Request has expired (Status Code: 403; Error "
             "Code: "
             "AccessDenied; Request ID: N1=); Trace ID: T\n\tat com.qcloud.cos.X.y(X.java:105)\n",
             "AccessDenied",
             "Request has expired",
             "N1="},
            {"Amazon's second Java SDK, without a code",
             "software.amazon.awssdk.services.s3.model.S3Exception: Access Denied. (Service: S3, Status "
             "Code: "
             "403, Request ID: N1)",
             "",
             denied,
             "N1"},
            {"C++",
             "IsSucc=false\nHttpStatus=403\nInternalErrorInfo=\nRemoteReturn=[\n\tErrorCode=AccessDenied\t"
             "ErrorMsg=Access Denied.\tResourceAddr=" +
                 host + "/a.txt\tXCosRequestId=N1=\tXCosTraceId=T]",
             "AccessDenied",
             denied,
             "N1=",
             "",
             "/a.txt"},
            {".NET",
             "CosServerException: (statusCode = 403, statusMessage = Forbidden, errorCode = AccessDenied, "
             "errorMessage = Access Denied., requestId = N1=, traceId = T, resouce = " +
                 host + "/a.txt)",
             "AccessDenied",
             denied,
             "N1=",
             "",
             "/a.txt"},
            {"a page copied",
             "403 Forbidden\n\nCode: AccessDenied\nMessage: Access Denied.\nKey: index.html\nRequestId: N1\n",
             "AccessDenied",
             denied,
             "N1"},
            {"minio-py",
             "minio.error.S3Error: S3 operation failed; code: AccessDenied, message: Access Denied., "
             "request_id: None, host_id: None, bucket_name: examplebucket-1250000000, object_name: a\n",
             "AccessDenied",
             denied},
            {"in the words of an issue",
             "`statusCode: 403`, `Code: InvalidAccessKeyId`, and `Message: The access key Id format you "
             "provided "
             "is invalid.`\n",
             "InvalidAccessKeyId",
             no_key},
        };
        std::ranges::for_each(rows, check);
    }

    TEST_CASE("dictionaries and objects are read as each language prints them")
    {
        const Row rows[] = {
            {"Python, with its resource",
             "qcloud_cos.cos_exception.CosServiceError: {'code': 'AccessDenied', 'message': 'Access "
             "Denied.', "
             "'resource': '" +
                 host + "/a b.jpg', 'requestid': 'N1', 'traceid': 'T'}",
             "AccessDenied",
             denied,
             "N1",
             "",
             "/a%20b.jpg"},
            {"Python, a message that holds an apostrophe",
             "{'code': 'AccessForbidden', 'message': \"CORSResponse: by the resource's CORS spec\", "
             "'requestid': "
             "'N1'}",
             "AccessForbidden",
             "CORSResponse: by the resource's CORS spec",
             "N1"},
            {"Python 2", "{u'code': u'AccessDenied', u'message': u'Access Denied.'}", "AccessDenied", denied},
            {"Node, long values on lines of their own",
             "{ error:\n   { Code: 'InvalidAccessKeyId',\n     Message: 'The access key Id format you "
             "provided is "
             "invalid.',\n     Resource:\n      '" +
                 host +
                 "/2012/index.html',\n     RequestId: 'N1',\n     TraceId:\n      'T' },\n  statusCode: "
                 "403,\n  "
                 "headers:\n   { 'content-type': 'application/xml' } }\nFATAL Something's wrong.\n",
             "InvalidAccessKeyId",
             no_key,
             "N1",
             "",
             "/2012/index.html"},
            {"Node, an Error with its stack",
             "Error: Access Denied.\n    at /app/sdk/base.js:3902:19 {\n  statusCode: 403,\n  error: {\n    "
             "Code: "
             "'AccessDenied',\n    Message: 'Access Denied.',\n    RequestId: 'N1'\n  },\n  code: "
             "'AccessDenied',\n  method: 'PUT',\n  url: '" +
                 url + "/a.png'\n}\n",
             "AccessDenied",
             denied,
             "N1",
             "PUT",
             "/a.png"},
            {"JSON behind words",
             "how come\n\n{\"error\":{\"Code\":\"AccessDenied\",\"Message\":\"Access "
             "Denied.\"},\"statusCode\":403}",
             "AccessDenied",
             denied},
            {"JSON cut at its end",
             "{\"error\":{\"Code\":\"AccessDenied\",\"Message\":\"Access Denied.\",\"Resource\":\"" + host +
                 "/k\",\"RequestId\":\"N1\"},\"statusCode\":403,\"headers\":{\"server\":\"tencent-cos\"}",
             "AccessDenied",
             denied,
             "N1",
             "",
             "/k"},
            {"JSON in a string of JSON",
             R"({"level":"error","msg":"{\"code\":\"AccessDenied\",\"message\":\"Access Denied.\"}"})",
             "AccessDenied",
             denied},
            {"wx.request",
             R"({"data":")" + literal +
                 R"(","header":{"Server":"tencent-cos"},"statusCode":403,"errMsg":"ok"})",
             "AccessDenied",
             denied,
             "N1",
             "",
             "/k"},
            {"the log of PicGo",
             "2026-11-24 12:00:00 [PicGo ERROR] {\n  \"method\": \"PUT\",\n  \"url\": \"" + url +
                 "/img/a.png\",\n  \"statusCode\": 403,\n  \"message\": \"Request failed with status code "
                 "403\",\n  "
                 "\"response\": {\"statusCode\": 403, \"body\": \"" +
                 literal + "\"}\n}\n",
             "AccessDenied",
             denied,
             "N1",
             "PUT",
             "/img/a.png"},
            {"axios, which keeps the body to itself",
             "AxiosError: Request failed with status code 403\n{\"message\":\"Request failed with status "
             "code "
             "403\",\"config\":{\"method\":\"put\",\"url\":\"" +
                 url + "/a.png\"},\"code\":\"ERR_BAD_REQUEST\",\"status\":403}",
             "",
             "",
             "",
             "PUT",
             "/a.png"},
        };
        std::ranges::for_each(rows, check);
        const auto fields = only(read_any(rows[8].text)).response_fields;
        REQUIRE(fields);
        CHECK(fields->front() == NamedValue{"Server", "tencent-cos"});
    }

    TEST_CASE("XML is found escaped, with attributes, and cut off")
    {
        const Row rows[] = {
            {"a literal of Python", "WARNING: b\"" + literal + "\"", "AccessDenied", denied, "N1", "", "/k"},
            {"escaped for HTML",
             "&lt;Error&gt;&lt;Code&gt;AccessDenied&lt;/Code&gt;&lt;Message&gt;Access "
             "Denied.&lt;/Message&gt;&lt;/Error&gt;",
             "AccessDenied",
             denied},
            {"escaped as Go does it",
             R"(msg: "\u003cError\u003e\u003cCode\u003eAccessDenied\u003c/Code\u003e\u003c/Error\u003e")",
             "AccessDenied",
             ""},
            {"with a namespace",
             "<Error "
             "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Code>AccessDenied</Code><Message>Access "
             "Denied.</Message></Error>",
             "AccessDenied",
             denied},
            {"cut by Guzzle",
             "Client error: `PUT " + url +
                 "/a.png` resulted in a `403 Forbidden` response:\n<?xml version='1.0' ?>\n<Error>\n\t"
                 "<Code>SignatureDoesNotMatch</Code>\n\t<Message>The Signature you specified "
                 "(truncated...)\n",
             "SignatureDoesNotMatch",
             "",
             "",
             "PUT",
             "/a.png"},
        };
        std::ranges::for_each(rows, check);
    }

    TEST_CASE("sentences of tools name the error by its place")
    {
        const Row rows[] = {
            {"boto3",
             "botocore.exceptions.ClientError: An error occurred (SignatureDoesNotMatch) when calling the "
             "ListObjectsV2 operation: The Signature you specified is invalid.\n",
             "SignatureDoesNotMatch",
             bad_signature,
             "",
             "GET"},
            {"boto3 after HEAD",
             "ClientError: An error occurred (403) when calling the HeadObject operation: Forbidden\n",
             "",
             "",
             "",
             "HEAD"},
            {"aws-sdk-go-v2",
             "operation error S3: ListBuckets, https response error StatusCode: 403, RequestID: N1, HostID: "
             ", api "
             "error AccessDenied: Access Denied.\n",
             "AccessDenied",
             denied,
             "N1"},
            {"s3cmd",
             std::string("ERROR: S3 error: 403 (PathStyleDomainForbidden): ") + path_style + "\n",
             "PathStyleDomainForbidden",
             path_style},
            {"Go in a log",
             "time=\"2026-11-24T12:00:00+08:00\" level=error msg=\"GET " + url +
                 "/?prefix=a: 403 AccessDenied(Message: Access Denied., RequestId: N1, TraceId: T)\"\n",
             "AccessDenied",
             denied,
             "N1",
             "GET",
             "/?prefix=a"},
            {"Go after HEAD",
             "HEAD " + url + "/a.png: 403 (Message: , RequestId: N1, TraceId: T)\n",
             "",
             "",
             "N1",
             "HEAD",
             "/a.png"},
            {"the console of a browser",
             "PUT " + url + "/a.png 403 (Forbidden)\n",
             "",
             "",
             "",
             "PUT",
             "/a.png"},
        };
        std::ranges::for_each(rows, check);
    }

    TEST_CASE("where no form is known, COS's own words count, and that is said")
    {
        const Row rows[] = {
            {"coscmd",
             "[code 403] The access key Id format you provided is invalid.\n",
             "",
             "The access key Id format you provided is invalid"},
            {"rclone",
             "ERROR : : error listing: PathStyleDomainForbidden: The bucket you are attempting to access "
             "must be "
             "addressed using COS virtual-styled domain. status code: 403, request id: <REQUEST_ID>, host "
             "id: \n",
             "PathStyleDomainForbidden",
             "The bucket you are attempting to access must be addressed"},
            {"mc", "mc: <ERROR> Unable to list folder. Access Denied.\n", "", "Access Denied"},
            {"a code and a message",
             "AccessDenied: You are denied by bucket referer rule\n",
             "AccessDenied",
             "You are denied by bucket referer rule"},
            {"with a host",
             "restic: The access key Id format you provided is invalid.\ns3:" + url + "/repository\n",
             "",
             "The access key Id format you provided is invalid",
             "",
             "",
             "/repository"},
        };
        for (const auto& row : rows) {
            check(row);
            const auto notes = only(read_any(row.text)).notes;
            CHECK(std::ranges::any_of(notes, [](const std::string& note) {
                return note.starts_with("only words of COS were recognised");
            }));
        }
    }

    TEST_CASE("the interface before version 5 is known by its sentence and path")
    {
        for (const char* const path :
             {"/files/v2/1250000000/examplebucket/a.png",
              R"(\/files\/v2\/1250000000\/examplebucket\/a.png)"}) {
            const auto recording = only(read_any(
                "StatusCodeError: 403 - \"You do not have permission to get URL '" + std::string(path) +
                "' from this server.\"\n    at new StatusCodeError (errors.js:32:15)\n"
            ));
            CHECK(recording.status == 403);
            CHECK(recording.target == "/files/v2/1250000000/examplebucket/a.png");
            CHECK(recording.response_body->starts_with("You do not have permission"));
        }
    }
}

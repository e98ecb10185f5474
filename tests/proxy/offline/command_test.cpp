// SPDX-License-Identifier: Apache-2.0
#include "diagnose/diagnosis.hpp"
#include "diagnose/render.hpp"
#include "proxy/offline/command.hpp"
#include "proxy/offline/log_entry.hpp"
#include "proxy/offline/readers.hpp"

#include <doctest/doctest.h>

#include <sstream>

using namespace cosdiag;
using namespace cosdiag::offline;

namespace {

const std::string secret_token = "exampleTokenexampleTokenexampleToken";
const std::string signature = "0123456789abcdef0123456789abcdef01234567";

const std::string denied =
    "GET /exampleobject?x-cos-security-token=" + secret_token +
    " HTTP/1.1\r\n"
    "Host: examplebucket-1250000000.cos.ap-beijing.myqcloud.com\r\n"
    "Authorization: "
    "q-sign-algorithm=sha1&q-ak=AKIDexampleExampleExampleExample0042&q-sign-time=1795492770;1795493670&"
    "q-key-time=1795492770;1795493670&q-header-list=host&q-url-param-list=&q-signature=" +
    signature +
    "\r\nReferer: https://www.example.com/?ticket=hidden\r\n\r\n"
    "HTTP/1.1 403 Forbidden\r\nServer: tencent-cos\r\nDate: Tue, 24 Nov 2026 04:00:00 GMT\r\n\r\n"
    "<Error><Code>AccessDenied</Code><Message>Access Denied.</Message></Error>";

struct Ran {
    int status;
    std::string out, err;
};

Ran run(const std::string& text, Form form = Form::block)
{
    std::istringstream in(text);
    std::ostringstream out, err;
    const int status =
        diagnose_file({.file = "-", .form = form, .colour = false, .identities = {}}, in, out, err);
    return {status, out.str(), err.str()};
}

bool has(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

TEST_SUITE("proxy/offline/command")
{
    TEST_CASE(
        "a 403 that was written down is diagnosed for people, as a log line and as a bundle, without secrets"
    )
    {
        for (const Form form : {Form::block, Form::json, Form::bundle}) {
            const auto [status, out, err] = run(denied, form);
            CAPTURE(out);
            CHECK(status == 0);
            CHECK(err.empty());
            CHECK(has(out, "temporary-key-scope"));
            for (const auto& secret :
                 {secret_token, signature, std::string("hidden"), std::string("ExampleExampleExample")})
                CHECK_FALSE(has(out, secret));
        }
        CHECK(has(run(denied, Form::bundle).out, "\"schema\":\"cosdiag.bundle/1\""));
    }

    TEST_CASE("a bundle has the names of all fields, and no value that opens anything")
    {
        const std::string query =
            "?q-sign-algorithm=sha1&q-ak=AKIDexampleExampleExampleExample0042&q-signature=" + signature +
            "&x-cos-security-token=" + secret_token;
        std::string fields;
        for (const std::string name :
             {"x-amz-server-side-encryption-customer-key",
              "x-amz-copy-source-server-side-encryption-customer-key",
              "x-cos-server-side-encryption-customer-key",
              "X-Auth-Token",
              "X-Api-Key",
              "Cookie"})
            fields += name + ": secretValueOf" + name + "\r\n";
        for (const std::string name :
             {"x-cos-copy-source", "x-amz-copy-source", "X-Original-URL", "X-Forwarded-Uri", "X-Rewritten"})
            fields += name + ": /examplebucket-1250000000/a.png" + query + "\r\n";
        fields +=
            "X-Echo: " + secret_token + "\r\nX-Back: https://www.example.com/?token=anotherTokenOfNobody\r\n";
        auto text = denied;
        text.insert(text.find("Referer:"), fields);
        text.insert(text.find("Server:"), "X-Sent: " + signature + "\r\nLocation: /a" + query + "\r\n");
        const auto out = run(text, Form::bundle).out;
        CAPTURE(out);
        CHECK(has(out, "X-Rewritten"));
        CHECK(has(out, "/examplebucket-1250000000/a.png"));
        CHECK(has(out, "{\"name\":\"X-Echo\",\"value\":\"(36 characters)\"}"));
        for (const auto& secret :
             {secret_token,
              signature,
              std::string("secretValueOf"),
              std::string("anotherTokenOfNobody"),
              std::string("hidden"),
              std::string("ExampleExampleExample")})
            CHECK_FALSE(has(out, secret));
    }

    TEST_CASE("an entry of the log is shown as the diagnosis it was")
    {
        const auto line = run(denied, Form::json).out;
        const auto again = read_log_entry(line);
        REQUIRE(again);
        auto diagnosis = *again;
        diagnosis.at = {1795492800000};
        CHECK(run(line).out == block(*again, {}));
        CHECK(has(run(line + "not an entry\n" + line).out, "\n\n403 "));
    }

    TEST_CASE("what is missing is said, and what holds no 403 fails with what is read")
    {
        const auto [status, out, err] = run("HTTP/1.1 403 Forbidden\nServer: tencent-cos\n\n");
        CHECK(status == 0);
        CHECK(has(out, "not in the file: the request's method"));
        const auto nothing = run("hello");
        CHECK(nothing.status == 1);
        CHECK(has(nothing.err, "no 403 was found in standard input"));
        const auto missing_key = run("<Error><Code>NoSuchKey</Code></Error>");
        CHECK(missing_key.status == 1);
        CHECK(has(missing_key.err, "is NoSuchKey, and no 403 is known to bear that code"));
        const auto not_found = run("(Status Code: 404; Error Code: NoSuchKey; Request ID: x)");
        CHECK(not_found.status == 1);
        CHECK(has(not_found.err, "has status 404, NoSuchKey. cosdiag explains 403 only"));
        CHECK(has(run("mc: <ERROR> Access Denied.").out, "note: only words of COS were recognised"));
        std::istringstream in;
        std::ostringstream shown, told;
        CHECK(
            diagnose_file(
                {.file = "/nowhere/x.har", .form = {}, .colour = false, .identities = {}}, in, shown, told
            ) == 1
        );
        CHECK(has(told.str(), "No such file"));
    }
}

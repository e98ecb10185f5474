// SPDX-License-Identifier: Apache-2.0
// Answers in, answers out.
#include "proxy/http/answer.hpp"
#include "proxy/http/reply.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace cosdiag::http;

namespace {

const Identity identity{"cosdiag-test", true};

std::string outcome(
    const std::string& bytes, const ReplyAdditions& additions = {}, const Asked& asked = {"GET", 1, false}
)
{
    ResponseHead head;
    REQUIRE_FALSE(parse_response(bytes, {}, head));
    const ReplyResult plan = plan_reply(head, asked);
    if (const auto* refusal = std::get_if<Refusal>(&plan))
        return std::to_string(refusal->status);
    std::string out;
    write_reply(head, std::get<Reply>(plan), identity, additions, out);
    return out;
}

constexpr const char* via = "Via: 1.1 cosdiag-test\r\n\r\n";

} // namespace

TEST_SUITE("proxy/http/reply")
{
    TEST_CASE("an answer keeps its fields but for those that end here")
    {
        CHECK(
            outcome("HTTP/1.1 200 Odd  reason\r\ndate: x\r\nConnection: X-A, close\r\nX-A: 1\r\nKeep-Alive: "
                    "5\r\nX-b:  2 "
                    "\r\nContent-Length: 0\r\nProxy-Authenticate: x\r\nUpgrade: h2\r\n\r\n"
            ) == std::string("HTTP/1.1 200 Odd  reason\r\ndate: x\r\nX-b:  2 \r\nContent-Length: 0\r\n") + via
        );
        CHECK(outcome("HTTP/1.0 200 OK\r\n\r\n") == "HTTP/1.1 200 OK\r\nVia: 1.0 cosdiag-test\r\n\r\n");
        CHECK(
            outcome("HTTP/1.1 200 OK\r\nTransfer-Encoding: CHUNKED\r\n\r\n") ==
            std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n") + via
        );
    }

    TEST_CASE("lines that go on leave no trace of those between them that do not")
    {
        const std::string kept[] = {"A: 1\r\n", "B:\r\n", "C: 3 \r\n", "D: 4\r\n"};
        const std::string dropped = "Keep-Alive: x\r\n";
        for (unsigned places = 0; places < 1U << 5U; ++places) { // before, between and behind the lines
            std::string answer = "HTTP/1.1 204 No Content\r\n";
            std::string wanted = answer;
            for (unsigned i = 0; i < 4; ++i) {
                answer += ((places >> i & 1) != 0 ? dropped : "") + kept[i];
                wanted += kept[i];
            }
            answer += ((places >> 4 & 1) != 0 ? dropped : "") + "\r\n";
            CHECK(outcome(answer) == wanted + via);
        }
    }

    TEST_CASE("the diagnosis replaces what the origin sent under that name, and browsers may be shown it")
    {
        ReplyAdditions additions;
        additions.diagnosis = "word";
        const std::string answer =
            "HTTP/1.1 403 No\r\nX-Cos-Diagnosis: forged\r\nAccess-Control-Expose-Headers: "
            "ETag\r\nContent-Length: 0\r\n\r\n";
        CHECK(
            outcome(answer, additions) == std::string("HTTP/1.1 403 No\r\nAccess-Control-Expose-Headers: "
                                                      "ETag\r\nContent-Length: 0\r\nX-Cos-Diagnosis: word\r\n"
                                          ) + via
        );
        additions.expose_to_browsers = true;
        CHECK(
            outcome(answer, additions).find("Access-Control-Expose-Headers: ETag, X-Cos-Diagnosis\r\n") !=
            std::string::npos
        );
        CHECK(outcome("HTTP/1.1 403 No\r\n\r\n", additions).find("Access-Control") == std::string::npos);
    }

    TEST_CASE("interim answers pass without a body, 204 without a length")
    {
        CHECK(
            outcome("HTTP/1.1 103 Early\r\nLink: x\r\n\r\n") ==
            std::string("HTTP/1.1 103 Early\r\nLink: x\r\n") + via
        );
        CHECK(
            outcome("HTTP/1.1 100 Go\r\nContent-Length: 5\r\n\r\n") ==
            std::string("HTTP/1.1 100 Go\r\n") + via
        );
        CHECK(
            outcome("HTTP/1.1 204 No\r\nContent-Length: 5\r\n\r\n") ==
            std::string("HTTP/1.1 204 No\r\n") + via
        );
    }

    TEST_CASE("an answer to HEAD says how its body would be sent, a 304 does not: some would wait for it")
    {
        const std::string fields = "Transfer-Encoding: chunked\r\n\r\n";
        CHECK(
            outcome("HTTP/1.1 200 OK\r\n" + fields, {}, {"HEAD", 1, false}).find("chunked") !=
            std::string::npos
        );
        CHECK(outcome("HTTP/1.1 304 X\r\n" + fields).find("chunked") == std::string::npos);
    }

    TEST_CASE("a close is said; a switch of protocols only where one was asked for")
    {
        ReplyAdditions close;
        close.close = true;
        CHECK(outcome("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", close)
                  .ends_with("Via: 1.1 cosdiag-test\r\nConnection: close\r\n\r\n"));
        CHECK(outcome("HTTP/1.1 103 X\r\n\r\n", close).find("close") == std::string::npos);
        const std::string upgrade = "HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n";
        CHECK(outcome(upgrade) == "502");
        CHECK(outcome(upgrade, {}, {"GET", 1, true})
                  .ends_with("Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n"));
    }

    TEST_CASE("chunks to a client of HTTP/1.0 are announced as plain bytes")
    {
        CHECK(
            outcome("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", {}, {"GET", 0, false}) ==
            std::string("HTTP/1.1 200 OK\r\n") + via
        );
    }

    TEST_CASE("an answer without one clear end is 502")
    {
        CHECK(outcome("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n") == "502");
        CHECK(outcome("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n") == "502");
        CHECK(outcome("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n") == "502");
    }

    TEST_CASE("an error of our own has COS's shape, says what happened, and holds no markup of others")
    {
        const Refusal refusal{502, "CosdiagX", "dns_error", "the name <a&b> \"q\" \\ \r\nX: y"};
        AnswerContext context;
        context.resource = "a.example/<x>";
        context.date = "Thu, 01 Jan 1970 00:00:00 GMT";
        const std::string answer = refusal_answer(refusal, context);
        CHECK(answer.starts_with("HTTP/1.1 502 Bad Gateway\r\nDate: Thu, 01 Jan 1970 00:00:00 "
                                 "GMT\r\nContent-Type: application/xml\r\n"));
        CHECK(
            answer.find(
                "Proxy-Status: cosdiag; error=dns_error; details=\"the name <a&b> \\\"q\\\" \\\\ ??X: y\"\r\n"
            ) != std::string::npos
        );
        CHECK(answer.find("<Code>CosdiagX</Code>") != std::string::npos);
        CHECK(answer.find("<Message>the name &lt;a&amp;b&gt; ") != std::string::npos);
        CHECK(answer.find("<Resource>a.example/&lt;x&gt;</Resource>") != std::string::npos);
        CHECK(answer.find("Connection: close\r\n") != std::string::npos);
        context.head_only = true;
        CHECK(refusal_answer(refusal, context).ends_with("\r\n\r\n"));
    }

    TEST_CASE("TRACE shows the request without its secrets")
    {
        const std::string bytes =
            "TRACE http://a.example/?q-signature=1 HTTP/1.1\r\nHost: a.example\r\nAuthorization: "
            "secret\r\nCookie: secret\r\nx-cos-security-token: secret\r\nX: y\r\n\r\n";
        RequestHead head;
        REQUIRE_FALSE(parse_request(bytes, {}, head));
        const std::string answer = trace_answer(head, {});
        CHECK(answer.find("Content-Type: message/http\r\n") != std::string::npos);
        CHECK(answer.ends_with("TRACE http://a.example/ HTTP/1.1\r\nHost: a.example\r\nX: y\r\n\r\n"));
        CHECK(answer.find("secret") == std::string::npos);
    }
}

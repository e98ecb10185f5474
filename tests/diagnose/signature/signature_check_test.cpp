// SPDX-License-Identifier: Apache-2.0
#include "diagnose/cause.hpp"
#include "diagnose/diagnosis.hpp"
#include "diagnose/render.hpp"
#include "diagnose/signature/signing.hpp"
#include "tests/diagnose/signature/cos_signer.hpp"
#include "tests/diagnose/signature/signing_tools.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace cosdiag;
using test::Mistake;
using test::PlainRequest;
using test::Signing;

namespace {

const std::string secret_id = "AKIDexampleExampleExampleExample0042";
const std::string secret_key = "exampleSecretKeyOf32Characters00";

/// Requests as clients make them: odd characters in keys, parameters and fields, anything from none to three
/// of each.
class Requests {
public:
    explicit Requests(unsigned seed) : random_(seed) {}

    PlainRequest next()
    {
        PlainRequest request;
        request.method = one_of({"GET", "PUT", "POST", "DELETE", "HEAD"});
        request.key = "/";
        for (int parts = below(3); parts >= 0; --parts)
            request.key += text() + (parts > 0 ? "/" : "");
        for (const char* name : {"prefix", "response-content-type", "uploadId"})
            if (below(2) == 0)
                request.parameters[name] = text();
        for (const char* name : {"content-type", "x-cos-meta-note", "x-cos-acl"})
            if (below(2) == 0)
                request.fields[name] = text();
        return request;
    }

private:
    int below(int limit) { return std::uniform_int_distribution<int>(0, limit - 1)(random_); }

    std::string one_of(std::initializer_list<const char*> all)
    {
        return *(all.begin() + below(static_cast<int>(all.size())));
    }

    std::string text()
    {
        std::string out = "a";
        for (int count = below(6); count >= 0; --count)
            out += one_of(
                {"b",
                 "Z",
                 "7",
                 " ",
                 "+",
                 "%",
                 "~",
                 "!",
                 "(",
                 "*",
                 "/",
                 "=",
                 "&",
                 "\xE4\xB8\xAD",
                 "\xC3\xA9",
                 "'"}
            );
        return out + "z";
    }

    std::mt19937 random_;
};

struct Answer {
    std::string token;
    Confidence confidence;
    std::string line;
};

/// The request with this signature, refused by COS as it refuses such ones.
Answer diagnose_refused(
    const PlainRequest& request,
    const std::string& signature,
    const std::string& http_string,
    const std::string& code = "SignatureDoesNotMatch"
)
{
    const auto authorization = test::authorization_of(request, secret_id, signature);
    std::vector<Field> fields = {{"Host", request.host}, {"Authorization", authorization}};
    for (const auto& [name, value] : request.fields)
        fields.push_back({name, value});
    std::string shown;
    for (const char c : http_string)
        shown += c == '&' ? "&amp;" : c == '<' ? "&lt;" : std::string(1, c);
    const std::string body =
        "<?xml version='1.0' encoding='utf-8' ?>\n<Error>\n\t<Code>" + code + "</Code>\n\t<Message>" +
        (code == "AccessDenied" ? "Access Denied." : "The Signature you specified is invalid.") +
        "</Message>\n\t<StringToSign>sha1\n1795492770;1795493670\n" + test::sha1_of(http_string) +
        "\n</StringToSign>\n\t<FormatString>" + shown + "</FormatString>\n</Error>\n\n";
    const std::vector<Field> answered = {
        {"Date", "Tue, 24 Nov 2026 04:00:00 GMT"}, {"Server", "tencent-cos"}};
    const std::vector<Identity> identities = {
        {"AKIDotherOtherOtherOtherOtherOther01", SecretKey("OTHERsecretOfAnotherUser00000000"), "other", ""},
        {secret_id, SecretKey(secret_key), "mine", ""},
    };
    const auto target = test::target_of(request);
    Exchange exchange;
    exchange.method = request.method;
    exchange.target = target;
    exchange.scheme = "http";
    exchange.host = request.host;
    exchange.request_fields = fields;
    exchange.status = 403;
    exchange.response_fields = answered;
    exchange.identities = identities;
    if (request.method != "HEAD") {
        exchange.response_body = body;
        exchange.response_body_complete = true;
    }
    exchange.asked_at = exchange.answered_at = {1795492800000};
    const auto diagnosis = diagnose(exchange, "0");
    const auto& first = diagnosis.findings.front();
    return {std::string(first.cause->token), first.judgement.confidence, json_line(diagnosis)};
}

} // namespace

TEST_SUITE("diagnose/signature/signature_check")
{
    TEST_CASE("every mistake of a signer is named, whatever the request")
    {
        for (const Mistake& mistake : test::mistakes()) {
            CAPTURE(mistake.name);
            Requests requests(7);
            int made = 0;
            for (int i = 0; i < 200 && made < 40; ++i) {
                const auto request = requests.next();
                const Signing right(request, secret_key);
                Signing wrong(request, secret_key);
                if (!mistake.make(wrong))
                    continue;
                ++made;
                const auto answer = diagnose_refused(request, wrong.signature(), right.http_string());
                CAPTURE(request.method);
                CAPTURE(wrong.http_string());
                CAPTURE(right.http_string());
                CAPTURE(answer.line);
                REQUIRE(answer.token == mistake.cause);
                REQUIRE(
                    answer.confidence == (request.method == "HEAD" ? Confidence::likely : Confidence::certain)
                );
                REQUIRE(answer.line.find(secret_key) == std::string::npos);
            }
            CHECK(made >= 10);
        }
    }

    TEST_CASE("a correct signature is never called a mistake of the client")
    {
        Requests requests(11);
        for (int i = 0; i < 300; ++i) {
            const auto request = requests.next();
            const Signing right(request, secret_key);
            const auto answer = diagnose_refused(request, right.signature(), right.http_string());
            CAPTURE(right.http_string());
            CAPTURE(answer.line);
            if (request.method == "HEAD") {
                REQUIRE(answer.line.find("signed-") == std::string::npos);
                REQUIRE(answer.line.find("signature-mismatch") == std::string::npos);
            } else {
                REQUIRE(answer.token == "wrong-secret-key");
                REQUIRE(answer.confidence == Confidence::certain);
            }
            const auto denied =
                diagnose_refused(request, right.signature(), right.http_string(), "AccessDenied");
            REQUIRE(denied.line.find("\"cause\":\"signed-") == std::string::npos);
            REQUIRE(denied.line.find("\"cause\":\"wrong-secret-key") == std::string::npos);
        }
    }

    TEST_CASE("a secret that fits nothing is said to fit nothing")
    {
        Requests requests(13);
        for (int i = 0; i < 100; ++i) {
            const auto request = requests.next();
            const Signing right(request, "quiteAnotherSecretThatNobodySet0");
            const auto answer = diagnose_refused(request, right.signature(), right.http_string());
            REQUIRE(answer.confidence != Confidence::certain);
            REQUIRE(answer.line.find("\"cause\":\"signed-") == std::string::npos);
            REQUIRE(answer.line.find("\"cause\":\"wrong-secret-key") == std::string::npos);
        }
    }

    TEST_CASE("a query that was signed with the path is not shown")
    {
        PlainRequest request;
        request.parameters["x-cos-security-token"] = "exampleTokenexampleToken";
        const Signing right(request, secret_key);
        Signing wrong(request, secret_key);
        wrong.path += "?x-cos-security-token=exampleTokenexampleToken";
        const auto answer = diagnose_refused(request, wrong.signature(), right.http_string());
        CHECK(answer.token == "signed-path-differs");
        CHECK(answer.line.find("exampleToken") == std::string::npos);
    }
}

// SPDX-License-Identifier: Apache-2.0
#include "diagnose/cause.hpp"
#include "diagnose/diagnosis.hpp"
#include "diagnose/render.hpp"
#include "diagnose/signature/aws_v2_request.hpp"
#include "diagnose/signature/signature_check.hpp"
#include "diagnose/signature/signing.hpp"
#include "tests/diagnose/signature/cos_signer.hpp"
#include "tests/diagnose/signature/s3_signer.hpp"
#include "tests/diagnose/signature/signing_tools.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace cosdiag;
using test::S3Mistake;
using test::S3Request;
using test::S3Signing;

namespace {

const std::string secret_id = "AKIDexampleExampleExampleExample0042";
const std::string secret_key = "exampleSecretKeyOf32Characters00";
const std::string moment = "Tue, 24 Nov 2026 04:00:00 GMT";

/// Requests as S3 clients make them: fields and sub-resources or none, in header or query.
class Requests {
public:
    explicit Requests(unsigned seed) : random_(seed) {}

    S3Request next()
    {
        S3Request request;
        request.method = below(2) == 0 ? "GET" : "PUT";
        request.presigned = below(3) == 0;
        request.path_style = below(4) == 0;
        request.key = below(8) == 0 ? "/" : "/" + text() + "/" + text();
        if (!request.presigned) {
            const int dates = below(3);
            if (dates != 1)
                request.fields["date"] = moment;
            if (dates != 0)
                request.fields["x-amz-date"] = "Tue, 24 Nov 2026 03:59:59 GMT";
        }
        if (below(2) == 0)
            request.fields["content-type"] = below(2) == 0 ? "text/plain" : "image/webp";
        if (below(3) == 0)
            request.fields["content-md5"] = "kAFQmDzST7DWlj99KOF/cg==";
        if (below(2) == 0)
            request.fields["x-amz-meta-note"] = text();
        if (below(2) == 0)
            request.fields["x-amz-acl"] = "private";
        add_parameters(request);
        return request;
    }

private:
    void add_parameters(S3Request& request)
    {
        if (below(3) == 0)
            request.parameters.emplace_back("uploadId", text());
        if (below(3) == 0)
            request.parameters.emplace_back("prefix", text());
        if (below(3) == 0)
            request.parameters.emplace_back("partNumber", "2");
        if (below(4) == 0)
            request.parameters.emplace_back("acl", "");
        if (below(4) == 0)
            request.parameters.emplace_back("response-content-type", "text/plain; charset=utf-8");
    }

    int below(int limit) { return std::uniform_int_distribution<int>(0, limit - 1)(random_); }

    std::string text()
    {
        static const char* const pieces[] = {
            "b", "Z", "7", " ", "%", "~", "(", "=", "&", "\xE4\xB8\xAD", "'"};
        std::string out = "A";
        for (int count = below(5); count >= 0; --count)
            out += pieces[below(11)];
        return out + "z";
    }

    std::mt19937 random_;
};

struct Answer {
    std::string token, summary;
    Confidence confidence;
    std::string line;
};

std::string target_of(const S3Request& request, const std::string& signature, bool bare_plus = false)
{
    auto out = request.path();
    char mark = '?';
    const auto add = [&](const std::string& name, const std::string& value) {
        out += mark + name + (value.empty() ? "" : "=" + test::encode(value, bare_plus ? "+" : ""));
        mark = '&';
    };
    for (const auto& [name, value] : request.parameters)
        add(name, value);
    if (request.presigned) {
        add("AWSAccessKeyId", secret_id);
        add("Expires", "1795496400");
        add("Signature", signature);
    }
    return out;
}

/// The request with this signature, refused by COS as it refuses such ones.
Answer diagnose_refused(
    const S3Request& request,
    const std::string& signature,
    const std::string& code = "SignatureDoesNotMatch",
    bool bare_plus = false
)
{
    const auto host = request.host();
    const auto authorization = "AWS " + secret_id + ":" + signature;
    std::vector<Field> fields = {{"Host", host}};
    for (const auto& [name, value] : request.fields)
        fields.push_back({name, value});
    if (!request.presigned)
        fields.push_back({"Authorization", authorization});
    const auto body =
        "<Error><Code>" + code + "</Code><Message>" +
        (code == "AccessDenied" ? "Access Denied." : "The Signature you specified is invalid.") +
        "</Message></Error>";
    const std::vector<Field> answered = {{"Date", moment}, {"Server", "tencent-cos"}};
    const std::vector<Identity> identities = {
        {"AKIDotherOtherOtherOtherOtherOther01", SecretKey("OTHERsecretOfAnotherUser00000000"), "other", ""},
        {secret_id, SecretKey(secret_key), "mine", ""},
    };
    const auto target = target_of(request, signature, bare_plus);
    Exchange exchange;
    exchange.method = request.method;
    exchange.target = target;
    exchange.scheme = "http";
    exchange.host = host;
    exchange.request_fields = fields;
    exchange.status = 403;
    exchange.response_fields = answered;
    exchange.response_body = body;
    exchange.response_body_complete = true;
    exchange.identities = identities;
    exchange.asked_at = exchange.answered_at = {1795492800000};
    const auto diagnosis = diagnose(exchange, "0");
    const auto& first = diagnosis.findings.front();
    return {
        std::string(first.cause->token),
        first.judgement.summary,
        first.judgement.confidence,
        json_line(diagnosis)};
}

} // namespace

TEST_SUITE("diagnose/signature/aws_v2_check")
{
    TEST_CASE("every mistake in a signature of version 2 is named, whatever the request")
    {
        for (const S3Mistake& mistake : test::s3_mistakes()) {
            CAPTURE(std::string(mistake.says));
            Requests requests(5);
            int made = 0;
            for (int i = 0; i < 400 && made < 40; ++i) {
                const auto request = requests.next();
                S3Signing wrong(request, secret_key);
                if (!mistake.make(wrong) || wrong.signature() == S3Signing(request, secret_key).signature())
                    continue;
                ++made;
                const auto answer = diagnose_refused(request, wrong.signature());
                CAPTURE(wrong.text());
                CAPTURE(S3Signing(request, secret_key).text());
                CAPTURE(answer.line);
                REQUIRE(answer.token == mistake.cause);
                REQUIRE(answer.confidence == Confidence::certain);
                CHECK(answer.line.find(mistake.says) != std::string::npos);
                REQUIRE(answer.line.find(secret_key) == std::string::npos);
                REQUIRE(answer.line.find(wrong.signature()) == std::string::npos);
            }
            CHECK(made >= 10);
        }
    }

    TEST_CASE("a correct signature of version 2 is the key's matter, not the client's")
    {
        Requests requests(17);
        for (int i = 0; i < 300; ++i) {
            const auto request = requests.next();
            const auto signature = S3Signing(request, secret_key).signature();
            const auto answer = diagnose_refused(request, signature);
            CAPTURE(answer.line);
            REQUIRE(answer.token == "wrong-secret-key");
            REQUIRE(answer.confidence == Confidence::likely);
            REQUIRE(answer.line.find("\"cause\":\"signed-") == std::string::npos);
            const auto denied = diagnose_refused(request, signature, "AccessDenied");
            REQUIRE(denied.line.find("\"cause\":\"signed-") == std::string::npos);
            REQUIRE(denied.line.find("\"cause\":\"wrong-secret-key") == std::string::npos);
        }
    }

    TEST_CASE("a secret that fits nothing proves nothing about a signature of version 2")
    {
        Requests requests(19);
        for (int i = 0; i < 50; ++i) {
            const auto request = requests.next();
            const auto answer = diagnose_refused(request, S3Signing(request, "neverHeardOf").signature());
            REQUIRE(answer.token == "signature-mismatch");
            REQUIRE(answer.confidence == Confidence::likely);
        }
    }

    TEST_CASE("what the documentation leaves open is no mistake")
    {
        const char* const targets[][2] = {
            {"uploads", "?uploads="},
            {"tagging", "?tagging"},
            {"tagging", ""},
        };
        for (const auto& [parameter, signed_as] : targets) {
            CAPTURE(signed_as);
            S3Request request;
            request.fields["date"] = moment;
            request.parameters.emplace_back(parameter, "");
            S3Signing signing(request, secret_key);
            signing.sub_resources = signed_as;
            CHECK(diagnose_refused(request, signing.signature()).token == "wrong-secret-key");
        }
    }

    TEST_CASE("a presigned URL signs the x-amz- parameters that stand for fields, and shows no token")
    {
        S3Request request;
        request.presigned = true;
        request.parameters.emplace_back("x-amz-security-token", "exampleTokenexampleToken");
        S3Signing signing(request, secret_key);
        const auto without = diagnose_refused(request, signing.signature());
        CHECK(without.token == "signed-header-changed");
        CHECK(without.line.find("exampleToken") == std::string::npos);
        signing.fields["x-amz-security-token"] = "exampleTokenexampleToken";
        CHECK(diagnose_refused(request, signing.signature()).token == "wrong-secret-key");
    }

    TEST_CASE("a plus sign left as it is in a presigned URL is likely what COS misreads")
    {
        Requests requests(31);
        int made = 0;
        for (int i = 0; i < 200; ++i) {
            const auto request = requests.next();
            const auto signature = S3Signing(request, secret_key).signature();
            if (!request.presigned || signature.find('+') == std::string::npos)
                continue;
            ++made;
            const auto answer = diagnose_refused(request, signature, "SignatureDoesNotMatch", true);
            REQUIRE(answer.token == "signed-parameter-differs");
            REQUIRE(answer.confidence == Confidence::likely);
            REQUIRE(answer.line.find("wrong-secret-key") == std::string::npos);
        }
        CHECK(made >= 5);
    }

    TEST_CASE("AWS's documented example fits the request it was made for")
    {
        const auto target = read_target("/awsexamplebucket1/photos/puppy.jpg");
        const std::vector<Field> fields = {
            {"Date", "Tue, 27 Mar 2007 19:36:42 +0000"},
            {"Authorization", "AWS AKIAIOSFODNN7EXAMPLE:qgk2+6Sv9/oM7G3qLEjTH1a1l1g="}};
        const std::vector<Identity> identities = {
            {"AKIAIOSFODNN7EXAMPLE", SecretKey("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"), "", ""}};
        const SignedParts parts{"GET", target, fields, "cos.ap-beijing.myqcloud.com", {}, {}};
        const auto authorization = read_authorization(fields, target, false, nullptr);
        const auto check = check_aws_v2_signature({parts, {}, false, false}, authorization, identities);
        REQUIRE(check);
        CHECK(check->fits_request);
        CHECK(check->tried == 1);
    }
}

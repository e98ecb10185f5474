// SPDX-License-Identifier: Apache-2.0
#include "diagnose/cause.hpp"
#include "diagnose/diagnosis.hpp"
#include "diagnose/render.hpp"
#include "diagnose/signature/signing.hpp"
#include "tests/diagnose/signature/signing_tools.hpp"

#include <doctest/doctest.h>

using namespace cosdiag;
using test::hmac_sha256;

namespace {

const std::string secret_id = "AKIDexampleExampleExampleExample0042";
const std::string secret_key = "exampleSecretKeyOf32Characters00";
const std::string host = "examplebucket-1250000000.cos.ap-beijing.myqcloud.com";
const std::string stamp = "20261124T040000Z";
const std::string scope = "20261124/ap-beijing/s3/aws4_request";
const std::string empty_hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// The steps of a signature, for mistakes to change.
struct Plan {
    std::string day = "20261124", region = "ap-beijing", service = "s3"; ///< in the signing key
    std::string method = "GET", path = "/photos/my%20cat%2B1.jpg", query = "prefix=a%2Fb", asked_host = host;
    std::string payload = empty_hash, key = "AWS4" + secret_key;

    std::string signature() const
    {
        const auto canonical = method + "\n" + path + "\n" + query + "\nhost:" + asked_host +
                               "\nx-amz-content-sha256:" + empty_hash + "\nx-amz-date:" + stamp +
                               "\n\nhost;x-amz-content-sha256;x-amz-date\n" + payload;
        const auto signing =
            hmac_sha256(hmac_sha256(hmac_sha256(hmac_sha256(key, day), region), service), "aws4_request");
        return test::hex_of(hmac_sha256(
            signing, "AWS4-HMAC-SHA256\n" + stamp + "\n" + scope + "\n" + test::sha256_of(canonical)
        ));
    }
};

Diagnosis diagnose_refused(const std::string& signature)
{
    const auto authorization = "AWS4-HMAC-SHA256 Credential=" + secret_id + "/" + scope +
                               ", SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=" + signature;
    const std::vector<Field> fields = {
        {"Host", host},
        {"X-Amz-Date", stamp},
        {"X-Amz-Content-SHA256", empty_hash},
        {"Authorization", authorization}};
    const std::vector<Field> answered = {
        {"Date", "Tue, 24 Nov 2026 04:00:00 GMT"}, {"Server", "tencent-cos"}};
    const std::vector<Identity> identities = {
        {secret_id, SecretKey(secret_key), "mine", ""}, {"AKIDother", SecretKey("OTHERsecret"), "other", ""}};
    Exchange exchange;
    exchange.method = "GET";
    exchange.target = "/photos/my%20cat%2B1.jpg?prefix=a%2Fb";
    exchange.scheme = "http";
    exchange.host = host;
    exchange.request_fields = fields;
    exchange.status = 403;
    exchange.response_fields = answered;
    exchange.response_body = "<Error><Code>SignatureDoesNotMatch</Code><Message>The Signature you specified "
                             "is invalid.</Message></Error>";
    exchange.response_body_complete = true;
    exchange.identities = identities;
    exchange.asked_at = exchange.answered_at = {1795492800000};
    return diagnose(exchange, "0");
}

} // namespace

TEST_SUITE("diagnose/signature/aws_v4_check")
{
    TEST_CASE("each mistake in a signature of version 4 is named")
    {
        struct Row {
            const char* cause;
            const char* says;
            void (*make)(Plan& plan);
        };

        const Row rows[] = {
            {"signed-path-differs",
             "without percent-encoding",
             [](Plan& p) { p.path = "/photos/my cat+1.jpg"; }},
            {"signed-path-differs",
             "percent-encoded twice",
             [](Plan& p) { p.path = "/photos/my%2520cat%252B1.jpg"; }},
            {"signed-path-differs",
             "the bucket's name",
             [](Plan& p) { p.path = "/examplebucket-1250000000" + p.path; }},
            {"signed-host-differs", "port 443", [](Plan& p) { p.asked_host += ":443"; }},
            {"signed-method-differs", "the method PUT", [](Plan& p) { p.method = "PUT"; }},
            {"signed-parameter-differs", "no query", [](Plan& p) { p.query.clear(); }},
            {"signed-parameter-differs", "the values", [](Plan& p) { p.query = "prefix=a/b"; }},
            {"signature-mismatch", "the region us-east-1", [](Plan& p) { p.region = "us-east-1"; }},
            {"signature-mismatch", "the service cos", [](Plan& p) { p.service = "cos"; }},
            {"signature-mismatch", "the day 20261123", [](Plan& p) { p.day = "20261123"; }},
            {"signature-mismatch", "UNSIGNED-PAYLOAD", [](Plan& p) { p.payload = "UNSIGNED-PAYLOAD"; }},
            {"wrong-secret-key", "line end behind", [](Plan& p) { p.key += "\n"; }},
            {"wrong-secret-key", "blank before", [](Plan& p) { p.key.insert(4, " "); }},
            {"wrong-secret-key", "another identity, other", [](Plan& p) { p.key = "AWS4OTHERsecret"; }},
            {"wrong-secret-key", "without AWS4", [](Plan& p) { p.key.erase(0, 4); }},
        };
        for (const Row& row : rows) {
            CAPTURE(row.says);
            Plan plan;
            row.make(plan);
            const auto diagnosis = diagnose_refused(plan.signature());
            const auto& first = diagnosis.findings.front();
            CAPTURE(first.judgement.summary);
            CHECK(first.cause->token == row.cause);
            CHECK(first.judgement.confidence == Confidence::certain);
            CHECK(first.judgement.summary.find(row.says) != std::string::npos);
            CHECK(json_line(diagnosis).find(secret_key) == std::string::npos);
        }
    }

    TEST_CASE("a correct signature of version 4 is the key's matter, not the client's")
    {
        const auto diagnosis = diagnose_refused(Plan().signature());
        CHECK(diagnosis.findings.front().cause->token == "wrong-secret-key");
        CHECK(json_line(diagnosis).find("signed-") == std::string::npos);
    }

    TEST_CASE("a signature that fits nothing proves nothing")
    {
        Plan plan;
        plan.key = "AWS4neverHeardOf";
        const auto diagnosis = diagnose_refused(plan.signature());
        CHECK(diagnosis.findings.front().cause->token == "signature-mismatch");
        CHECK(diagnosis.findings.front().judgement.confidence == Confidence::likely);
    }
}

// SPDX-License-Identifier: Apache-2.0
#include "diagnose/cause.hpp"
#include "diagnose/diagnosis.hpp"
#include "diagnose/render.hpp"
#include "diagnose/signature/policy_spelling.hpp"
#include "diagnose/signature/signing.hpp"
#include "tests/diagnose/signature/signing_tools.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace cosdiag;
using test::base64_of;
using test::hex_of;
using test::hmac_sha1;
using test::sha1_of;
using test::swapped;

namespace {

const std::string secret_id = "AKIDexampleExampleExampleExample0042";
const std::string secret_key = "exampleSecretKeyOf32Characters00";
const std::string host = "examplebucket-1250000000.cos.ap-beijing.myqcloud.com";
const std::string key_time = "1795492770;1795493670";

/// A form's signature (436/14690), its steps as texts for mistakes to change.
struct Plan {
    std::string policy; ///< as it is sent
    std::string sent_time = key_time;
    std::string text; ///< what is signed
    std::string secret = secret_key, sign_time = key_time;
    bool raw_sign_key = false, no_sign_key = false, in_base64 = false;

    explicit Plan(std::string sent) : policy(std::move(sent)), text(sha1_of(policy)) {}

    std::string signature() const
    {
        const auto octets = hmac_sha1(secret, sign_time);
        const auto code = hmac_sha1(no_sign_key ? secret : raw_sign_key ? octets : hex_of(octets), text);
        return in_base64 ? base64_of(code) : hex_of(code);
    }
};

std::string part(const std::string& name, const std::string& value)
{
    return "--limit\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
}

std::string form_of(const Plan& plan)
{
    return part("key", "photos/cat.jpg") + part("policy", base64_of(plan.policy)) +
           part("q-sign-algorithm", "sha1") + part("q-ak", secret_id) + part("q-key-time", plan.sent_time) +
           part("q-signature", plan.signature()) +
           "--limit\r\nContent-Disposition: form-data; name=\"file\"; filename=\"cat.jpg\"\r\n\r\nmiaow\r\n"
           "--limit--\r\n";
}

Diagnosis diagnose_refused(const Plan& plan, const std::string& code = "SignatureDoesNotMatch")
{
    const std::vector<Field> fields = {
        {"Host", host}, {"Content-Type", "multipart/form-data; boundary=limit"}};
    const std::vector<Field> answered = {
        {"Date", "Tue, 24 Nov 2026 04:00:00 GMT"}, {"Server", "tencent-cos"}};
    const std::vector<Identity> identities = {
        {secret_id, SecretKey(secret_key), "mine", ""}, {"AKIDother", SecretKey("OTHERsecret"), "other", ""}};
    const auto form = form_of(plan);
    const auto body =
        "<Error><Code>" + code + "</Code><Message>" +
        (code == "AccessDenied" ? "Access Denied." : "The Signature you specified is invalid.") +
        "</Message></Error>";
    Exchange exchange;
    exchange.method = "POST";
    exchange.target = "/";
    exchange.scheme = "http";
    exchange.host = host;
    exchange.request_fields = fields;
    exchange.request_body = form;
    exchange.request_body_complete = true;
    exchange.status = 403;
    exchange.response_fields = answered;
    exchange.response_body = body;
    exchange.response_body_complete = true;
    exchange.identities = identities;
    exchange.asked_at = exchange.answered_at = {1795492800000};
    return diagnose(exchange, "0");
}

/// Policies as servers write them, in several styles.
class Policies {
public:
    explicit Policies(unsigned seed) : random_(seed) {}

    std::string next()
    {
        const std::string comma = below(2) == 0 ? "," : ", ";
        const std::string colon = below(2) == 0 ? ":" : ": ";
        std::string conditions;
        for (int count = below(3); count > 0; --count)
            conditions += "[\"starts-with\"" + comma + "\"$key\"" + comma + "\"" + text() + "\"]" + comma;
        return "{\"expiration\"" + colon + "\"2026-11-24T05:00:00Z\"" + comma + "\"conditions\"" + colon +
               "[" + conditions + "{\"q-ak\"" + colon + "\"" + secret_id + "\"}" + comma +
               "{\"q-sign-time\"" + colon + "\"" + key_time + "\"}]}";
    }

private:
    int below(int limit) { return std::uniform_int_distribution<int>(0, limit - 1)(random_); }

    std::string text()
    {
        static const char* const pieces[] = {"a", "/", ": ", ", ", "\\\"", "{", "]", "\xE4\xB8\xAD", "\\n"};
        std::string out;
        for (int count = below(6); count >= 0; --count)
            out += pieces[below(9)];
        return out;
    }

    std::mt19937 random_;
};

struct Mistake {
    const char* cause;
    const char* says;
    void (*make)(Plan& plan);
};

const Mistake mistakes[] = {
    {"signature-mismatch",
     "the SHA-1 of the policy's base64",
     [](Plan& p) { p.text = sha1_of(base64_of(p.policy)); }},
    {"signature-mismatch",
     "StringToSign of three lines",
     [](Plan& p) { p.text = "sha1\n" + key_time + "\n" + sha1_of(p.policy) + "\n"; }},
    {"signature-mismatch", "the policy's JSON text itself", [](Plan& p) { p.text = p.policy; }},
    {"signature-mismatch", "the policy's base64 itself", [](Plan& p) { p.text = base64_of(p.policy); }},
    {"signature-mismatch",
     "the request itself",
     [](Plan& p) { p.text = "sha1\n" + key_time + "\n" + sha1_of("post\n/\n\n\n") + "\n"; }},
    {"signature-mismatch", "with a line end behind it", [](Plan& p) { p.text = sha1_of(p.policy + "\n"); }},
    {"signature-mismatch",
     "without white space",
     [](Plan& p) {
         p.text = sha1_of(p.policy);
         p.policy = "\n " + p.policy;
     }},
    {"signature-mismatch",
     "SignKey for the time 1795492771;1795493670",
     [](Plan& p) {
         p.sign_time = "1795492771;1795493670";
         p.policy = swapped(p.policy, key_time, p.sign_time);
         p.text = sha1_of(p.policy);
     }},
    {"signature-mismatch",
     "SignKey for the time 1795492770%3B1795493670",
     [](Plan& p) { p.sign_time = "1795492770%3B1795493670"; }},
    {"signature-mismatch", "base64 in place of hex", [](Plan& p) { p.in_base64 = true; }},
    {"wrong-secret-key", "the octets of SignKey", [](Plan& p) { p.raw_sign_key = true; }},
    {"wrong-secret-key", "the SecretKey itself in place of SignKey", [](Plan& p) { p.no_sign_key = true; }},
    {"wrong-secret-key", "line end behind the SecretKey", [](Plan& p) { p.secret += "\n"; }},
    {"wrong-secret-key", "blank before the SecretKey", [](Plan& p) { p.secret.insert(0, " "); }},
    {"wrong-secret-key", "quotes around the SecretKey", [](Plan& p) { p.secret = "'" + p.secret + "'"; }},
    {"wrong-secret-key", "another identity, other", [](Plan& p) { p.secret = "OTHERsecret"; }},
    {"wrong-secret-key", "the SecretId in place of the SecretKey", [](Plan& p) { p.secret = secret_id; }},
};

} // namespace

TEST_SUITE("diagnose/signature/cos_form_check")
{
    TEST_CASE("the documented example fits")
    {
        CHECK(
            hex_of(hmac_sha1(
                "39acc8c9f34ba5b19bce4e965b370cd3f62d2fba", "d5d903b8360468bc81c1311f134989bc8c8b5b89"
            )) == "7758dc9a832e9d301dca704cacbf9d9f8172fdef"
        );
    }

    TEST_CASE("every mistake in a form's signature is named, whatever its policy")
    {
        for (const Mistake& mistake : mistakes) {
            CAPTURE(std::string(mistake.says));
            Policies policies(3);
            for (int i = 0; i < 30; ++i) {
                Plan plan(policies.next());
                mistake.make(plan);
                const auto diagnosis = diagnose_refused(plan);
                const auto& first = diagnosis.findings.front();
                const auto line = json_line(diagnosis);
                CAPTURE(plan.policy);
                CAPTURE(line);
                REQUIRE(first.cause->token == mistake.cause);
                REQUIRE(first.judgement.confidence == Confidence::certain);
                REQUIRE(first.judgement.summary.find(mistake.says) != std::string::npos);
                REQUIRE(line.find(secret_key) == std::string::npos);
                REQUIRE(line.find(plan.signature()) == std::string::npos);
                REQUIRE(line.find("expiration") == std::string::npos);
            }
        }
    }

    TEST_CASE("a policy written anew after it was signed is named")
    {
        const std::string compact =
            R"({"expiration":"2026-11-24T05:00:00Z","conditions":[{"acl":"a, b: c"},[]]})";
        const char* const signed_as[] = {
            R"({"expiration": "2026-11-24T05:00:00Z", "conditions": [{"acl": "a, b: c"}, []]})",
            "{\n  \"expiration\": \"2026-11-24T05:00:00Z\",\n  \"conditions\": [\n    {\n      \"acl\": \"a, "
            "b: "
            "c\"\n    },\n    []\n  ]\n}",
            "{\n\t\"expiration\": \"2026-11-24T05:00:00Z\",\n\t\"conditions\": [\n\t\t{\n\t\t\t\"acl\": \"a, "
            "b: "
            "c\"\n\t\t},\n\t\t[]\n\t]\n}\n",
        };
        for (const std::string text : signed_as) {
            Plan plan(compact);
            plan.text = sha1_of(text);
            CHECK(diagnose_refused(plan).findings.front().judgement.confidence == Confidence::certain);
            Plan back(text);
            back.text = sha1_of(compact);
            const auto found = diagnose_refused(back).findings.front().judgement;
            CHECK(
                found.summary ==
                "the client signed the policy without white space, but sent it in another form"
            );
        }
    }

    TEST_CASE("a form signed as documented is the key's matter, and nothing where the right is missing")
    {
        Policies policies(23);
        for (int i = 0; i < 100; ++i) {
            const Plan plan(policies.next());
            const auto diagnosis = diagnose_refused(plan);
            REQUIRE(diagnosis.findings.front().cause->token == "wrong-secret-key");
            REQUIRE(diagnosis.findings.front().judgement.confidence == Confidence::likely);
            const auto denied = json_line(diagnose_refused(plan, "AccessDenied"));
            REQUIRE(denied.find("wrong-secret-key") == std::string::npos);
            REQUIRE(denied.find("signature-mismatch") == std::string::npos);
        }
    }

    TEST_CASE("a secret that fits nothing proves nothing about a form")
    {
        Plan plan(Policies(29).next());
        plan.secret = "neverHeardOf";
        const auto diagnosis = diagnose_refused(plan);
        CHECK(diagnosis.findings.front().cause->token == "signature-mismatch");
        CHECK(diagnosis.findings.front().judgement.confidence == Confidence::likely);
    }

    TEST_CASE("what is no JSON is respaced without harm, and what is long is left alone")
    {
        for (const char* text : {"", "\"", "\"\\", "}}]]", "{[,:", "\xFF\"\\\"", "[[[[[[[[[[[[1"})
            CHECK(!policy_spellings(text).empty());
        CHECK(policy_spellings(std::string(9000, '[')).empty());
    }
}

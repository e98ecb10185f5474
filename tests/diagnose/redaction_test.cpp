// SPDX-License-Identifier: Apache-2.0
#include "diagnose/query.hpp"
#include "diagnose/redaction.hpp"

#include <doctest/doctest.h>

#include <string>

namespace cosdiag {

TEST_SUITE_BEGIN("diagnose/redaction");

TEST_CASE("a text ends before the first pair of a presigned query, in any spelling")
{
    static constexpr std::pair<std::string_view, std::string_view> rows[] = {
        {"/a.jpg%3Fq-sign-algorithm=sha1&q-ak=x", "/a.jpg%3F"},
        {"/a.jpg%3Fq-ak%3Dx%26q-signature%3Dy", "/a.jpg%3F"},
        {"/a.jpg%253Fversion%253D1%2526q-signature%253Dy", "/a.jpg%253Fversion%253D1%2526"},
        {"/a.jpg%3FX-Amz-Algorithm=AWS4-HMAC-SHA256", "/a.jpg%3F"},
        {"/a.jpg&AWSAccessKeyId=x", "/a.jpg&"},
        {"/a.jpg%3Fx-cos-security-token=x", "/a.jpg%3F"},
        {"/a.jpg%3F%71-ak=x", "/a.jpg"},
        {"/token=a/policy=b/sign=c", "/token=a/policy=b/sign=c"},
        {"/q-ak/q-signature", "/q-ak/q-signature"},
        {"/100%", "/100%"},
        {"", ""},
    };
    for (const auto& [text, front] : rows) {
        CAPTURE(text);
        CHECK(before_credentials(text) == front);
    }
}

TEST_CASE("values of secrets' names show their length, once however often they are hidden")
{
    static constexpr std::pair<std::string_view, std::string_view> rows[] = {
        {"bad q-signature=0123456789 in /a", "bad q-signature=(10 characters) in /a"},
        {"\"/a?x-cos-security-token=abc&b=c\"", "\"/a?x-cos-security-token=(7 characters)\""},
        {"/a%3FX-Auth-Token%25252525253Dabc", "/a%3FX-Auth-Token%25252525253D(3 characters)"},
        {"/a%3FX-Auth-Token%3Dabc", "/a%3FX-Auth-Token%3D(3 characters)"},
        {"Condition key x-cos-security-token doesn't match the value abcd",
         "Condition key x-cos-security-token doesn't match the value (4 characters)"},
        {"Condition key key doesn't match the value a.jpg",
         "Condition key key doesn't match the value a.jpg"},
        {"/a?q-ak=...&q-signature=...", "/a?q-ak=...&q-signature=..."},
        {"a=b&prefix=c", "a=b&prefix=c"},
        {"q-ak=", "q-ak="},
        {"=", "="},
        {" match the value x", " match the value x"},
        {"", ""},
    };
    for (const auto& [text, shown] : rows) {
        CAPTURE(text);
        CHECK(without_secret_values(text) == shown);
        CHECK(without_secret_values(shown) == shown);
    }
}

TEST_CASE("secrets are hidden whole, percent-encoded, in another case, and cut off")
{
    Secrets secrets;
    secrets.add("a/b+c0123456789abcdefghij");
    CHECK(secrets.hidden_in("<a/b+c0123456789abcdefghij>") == "<(25 characters)>");
    CHECK(secrets.hidden_in("a%2fb%2Bc0123456789abcdefghij") == "(25 characters)");
    CHECK(secrets.hidden_in("A/B+C0123456789ABCDEFGHIJ") == "(25 characters)");
    CHECK(secrets.hidden_in("a/b+c0123...") == "(25 characters)...");
    CHECK(secrets.hidden_in("a/b+c0123456789abcdefg!") == "(25 characters)!");
    CHECK(secrets.hidden_in("a/b+c012 and no more") == "a/b+c012 and no more");
    CHECK(secrets.hidden_in("AKIDexampleExampleExampleExample0042") == "AKIDexam...0042");
}

TEST_CASE("what is too short or a placeholder is no secret")
{
    Secrets secrets;
    for (const std::string_view text : {"", "1234567", "undefined", "${secretKey}", "<your-token>"}) {
        secrets.add(text);
        CHECK(secrets.hidden_in(text) == text);
    }
}

TEST_CASE("of fields and parameters, names tell what in the value is secret")
{
    static constexpr struct {
        std::string_view name, value, secret;
    } rows[] = {
        {"Authorization", "q-ak=x&q-signature=0123456789&q-header-list=host", "0123456789"},
        {"Authorization", "AWS4-HMAC-SHA256 Credential=x/y, Signature=0123456789", "0123456789"},
        {"Authorization", "AWS id:0123456789=", "0123456789="},
        {"Authorization", "Bearer 0123456789", "0123456789"},
        {"Proxy-Authorization", "Basic 0123456789==", "0123456789=="},
        {"X-Auth-Token", "0123456789", "0123456789"},
        {"x-amz-server-side-encryption-customer-key", "0123456789", "0123456789"},
        {"sign", "q-sign-algorithm=sha1&q-signature=0123456789", "0123456789"},
    };

    for (const auto& row : rows) {
        CAPTURE(row.value);
        Secrets secrets;
        secrets.add_value(row.name, row.value);
        CHECK(secrets.hidden_in(row.secret) == "(" + std::to_string(row.secret.size()) + " characters)");
        CHECK(secrets.hidden_in("q-sign-algorithm and host") == "q-sign-algorithm and host");
    }
    Secrets none;
    none.add_value("q-ak", "0123456789");
    none.add_value("Origin", "0123456789");
    none.add_value("x-cos-server-side-encryption-customer-key-MD5", "0123456789");
    none.add_value("continuation-token", "0123456789");
    CHECK(none.hidden_in("0123456789") == "0123456789");
}

TEST_CASE("what stands around an access key id is hidden")
{
    for (const std::string_view text :
         {"AKIDexampleExampleExampleExample0042:SecretSecret",
          "SecretSecret AKIDexampleExampleExampleExample0042",
          "'AKIDexampleExampleExampleExample0042\nSecretSecret'",
          "SecretSecret"}) {
        CAPTURE(text);
        Secrets secrets;
        secrets.add_around_key(text);
        CHECK(secrets.hidden_in("SecretSecret") == "(12 characters)");
    }
}

TEST_CASE("a presigned query that COS does not see as one is cut off its target")
{
    const auto path = read_target("/a.jpg%3Fq-sign-algorithm=sha1&q-ak=x?b=c");
    CHECK(path.credentials == Misplaced::in_path);
    CHECK(path.raw_path == "/a.jpg%3F");
    CHECK(path.path == "/a.jpg?");
    CHECK(redacted(path) == "/a.jpg%3F?b=...");

    const auto name = read_target("/a.jpg?b=c&q-sign-algorithm%3Dsha1%26q-signature%3Dx");
    CHECK(name.credentials == Misplaced::in_name);
    CHECK(name.parameters.size() == 1);
    CHECK(redacted(name) == "/a.jpg?b=...&...");

    const auto value = read_target("/?prefix=a%3Fq-signature%3Dx&q-signature=y");
    CHECK(value.credentials == Misplaced::nowhere);
    CHECK(redacted(value) == "/?prefix=...&q-signature=...");
}

TEST_SUITE_END();

} // namespace cosdiag

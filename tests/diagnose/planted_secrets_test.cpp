// SPDX-License-Identifier: Apache-2.0
// Secrets of this exchange and of others, in every place from which anything reaches the output: none does.
#include "diagnose/render.hpp"
#include "diagnose/text.hpp"
#include "tests/diagnose/story.hpp"

#include <doctest/doctest.h>

#include <iterator>
#include <string>

namespace cosdiag {
namespace {

const std::string secret_key = "exampleSecretKeyOf32Characters00";
const std::string signature = "c30abd54c5dc886ad04cc5eb154ccc154f0d0e27";
const std::string token = "exampleToken/ThatNobody+MaySee0123456789abcdefghijklmnopqrstuvwxyz==";
const std::string other_signature = "0badc0de5dc886ad04cc5eb154ccc154f0d0e270";
const std::string other_token = "anotherTokenThatNobodyMaySee0123456789";

const std::string presigned = join(
    "https://examplebucket-1250000000.cos.ap-beijing.myqcloud.com/a.jpg?q-sign-algorithm=sha1&q-ak=",
    story_key,
    "&q-sign-time=1795492770;1795493670&q-key-time=1795492770;1795493670&q-header-list=host&q-url-param-list="
    "&q-signature=",
    other_signature,
    "&x-cos-security-token=",
    other_token
);

const std::string planted[] = {
    secret_key,
    signature,
    token,
    percent_encoded(token),
    join("The token ", token, " of ", signature, " is bad"),
    join("q-signature=", other_signature),
    presigned,
    percent_encoded(presigned),
    percent_encoded(percent_encoded(presigned)),
    join("/?X-Amz-Signature=", other_signature, "&X-Amz-Security-Token=", other_token),
    join("/?AWSAccessKeyId=", story_key, "&Signature=", other_signature),
    join(std::string(60, 'a'), " ", token),
    join(std::string(60, 'a'), "?token=", other_token),
    std::string(story_key),
};

/// What COS says of a form, and what others say.
const std::string sentences[] = {
    join("Condition key x-cos-security-token doesn't match the value ", other_token),
    join("Condition key $x-cos-security-token doesn't match the value ", token),
    join("The token ", token, " of ", signature, " is bad"),
};

constexpr std::pair<std::string_view, std::string_view> refusals[] = {
    {"AccessDenied", "Access Denied."},
    {"AccessDenied", "Request has expired"},
    {"AccessDenied", "You are denied by bucket referer rule"},
    {"AccessDenied", "Failed to query the state of source object"},
    {"AccessDenied", "Strict signature missing header: x-cos-acl"},
    {"AccessForbidden", "CORSResponse: no"},
    {"DownloadForbidden", ""},
    {"InvalidAccessKeyId", "The access key Id format you provided is invalid."},
    {"InvalidObjectState", "The operation is not valid for the object storage class."},
    {"PathStyleDomainForbidden", ""},
    {"RequestTimeTooSkewed", ""},
    {"SignatureDoesNotMatch", "The Signature you specified is invalid."},
    {"SomethingNew", "of a kind that is not known"},
};

constexpr std::string_view methods[] = {"GET", "PUT", "OPTIONS"};

constexpr std::string_view asked_fields[] = {
    "Referer",
    "Origin",
    "User-Agent",
    "Content-Type",
    "Date",
    "Range",
    "Access-Control-Request-Method",
    "Access-Control-Request-Headers",
    "x-cos-copy-source",
    "x-amz-copy-source",
    "x-cos-meta-a_b",
    "x-cos-storage-class",
    "x-amz-server-side-encryption-customer-key",
    "X-Original-URL",
};

constexpr std::string_view answered_fields[] = {
    "Server",
    "Via",
    "Date",
    "X-Cache",
    "Location",
    "x-cos-request-id",
    "x-cos-trace-id",
    "x-cos-storage-class",
    "x-cos-error-code",
};

std::string as_xml(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        out += c == '&' ? std::string("&amp;") : c == '\'' ? std::string("&apos;") : std::string(1, c);
    }
    return out;
}

std::string element(std::string_view name, std::string_view text)
{
    return join("<", name, ">", as_xml(text), "</", name, ">");
}

void put_in_target(Story& story, std::size_t place, const std::string& text)
{
    const std::string forms[] = {
        join("/", text),
        join("/photos/cat.jpg%3F", text),
        join("/photos/cat.jpg?", text),
        join("/photos/cat.jpg?", text, "=1"),
        join("/?prefix=", text),
        join("/photos/cat.jpg?versionId=", percent_encoded(text)),
    };
    story.target = forms[place];
}

constexpr std::size_t target_places = 6;
constexpr std::size_t body_places = 8;

void put_in_body(Story& story, std::size_t place, const std::string& text)
{
    const auto error = [](const std::string& inner) { return join("<Error>", inner, "</Error>"); };
    const std::string known = "<Code>SignatureDoesNotMatch</Code>";
    const std::string bodies[] = {
        error(element("Code", text)),
        error(known + element("Message", text)),
        error(element("Code", "AccessDenied") + element("Message", text)),
        error(known + element("Resource", text)),
        error(known + element("RequestId", text) + element("TraceId", text)),
        error(known + element("FormatString", join("get\n/", text, "\n\nhost=", text, "\n"))),
        error(
            known + element("FormatString", join("get\n/a\nq=", text, "\nx-cos-security-token=", text, "\n"))
        ),
        text,
    };
    story.response_body = bodies[place];
    if (place + 1 == body_places) {
        story.answered.clear();
    }
}

/// A place of the exchange, or false when there are no more.
bool put(Story& story, std::size_t place, const std::string& text)
{
    if (place < std::size(asked_fields)) {
        story.ask(asked_fields[place], text);
        return true;
    }
    place -= std::size(asked_fields);
    if (place < std::size(answered_fields)) {
        story.answer(answered_fields[place], text);
        return true;
    }
    place -= std::size(answered_fields);
    if (place < target_places) {
        put_in_target(story, place, text);
        return true;
    }
    place -= target_places;
    if (place < body_places) {
        put_in_body(story, place, text);
        return true;
    }
    place -= body_places;
    switch (place) {
    case 0:
        story.method = text;
        return true;
    case 1:
        story.host = text;
        return true;
    case 2:
        story.method = "POST";
        story.target = "/?delete";
        story.request_body = join("<Delete><Object>", element("Key", text), "</Object></Delete>");
        return true;
    case 3:
        story.answered = {{"Via", text}};
        story.response_body.reset();
        return true;
    default:
        return false;
    }
}

void check_secrets(const Story& story)
{
    const auto diagnosis = story.diagnosed();
    const auto everything =
        join(header_value(diagnosis), "\n", json_line(diagnosis), "\n", block(diagnosis, {}));
    CAPTURE(everything);
    const std::string known[] = {
        secret_key,
        signature,
        token.substr(0, 30),
        percent_encoded(token).substr(0, 30),
        other_signature,
        other_token,
        std::string(story_key)};
    for (const auto& secret : known) {
        CAPTURE(secret);
        CHECK(everything.find(secret) == std::string::npos);
    }
}

/// A request that bears them all.
Story loaded()
{
    Story story;
    story.ask(
        "Authorization",
        join(
            "q-sign-algorithm=sha1&q-ak=",
            story_key,
            ":",
            secret_key,
            "&q-sign-time=1795492770;1795493670&q-key-time=1795492770;1795493670&q-header-list=host;referer;"
            "content-type&q-url-param-list=prefix&q-signature=",
            signature
        )
    );
    story.ask("x-cos-security-token", token);
    return story;
}

} // namespace

TEST_SUITE_BEGIN("diagnose/planted secrets");

TEST_CASE("no secret reaches header, log or block, wherever it stands in the exchange")
{
    for (const auto& text : planted) {
        for (std::size_t place = 0;; ++place) {
            Story probe;
            if (!put(probe, place, text)) {
                break;
            }
            for (std::size_t i = 0; i < std::size(refusals); ++i) {
                const auto& [code, message] = refusals[i];
                CAPTURE(text);
                CAPTURE(place);
                CAPTURE(message);
                auto story = loaded();
                story.method = methods[(place + i) % std::size(methods)];
                story.fail_with(code, message);
                put(story, place, text);
                check_secrets(story);
            }
        }
    }
}

TEST_CASE("no secret in what others say reaches header, log or block")
{
    for (const auto& text : sentences) {
        for (std::size_t place = 0; place < body_places; ++place) {
            CAPTURE(text);
            CAPTURE(place);
            auto story = loaded();
            put_in_body(story, place, text);
            check_secrets(story);
        }
    }
}

TEST_CASE("an unsigned request shows no secret of another")
{
    for (const auto& text : planted) {
        const bool own = text.find(secret_key) != std::string::npos ||
                         text.find(signature) != std::string::npos ||
                         text.find("exampleToken") != std::string::npos;
        for (std::size_t place = 0; !own; ++place) {
            CAPTURE(text);
            CAPTURE(place);
            Story story;
            story.ask("Authorization", "");
            if (!put(story, place, text)) {
                break;
            }
            check_secrets(story);
        }
    }
}

TEST_CASE("a bare token, signature or SecretKey in the User-Agent of an unsigned request is hidden, a "
          "product is not")
{
    const std::pair<std::string, std::string_view> agents[] = {
        {join("myapp/1.0 ", other_token, " (Linux)"), "myapp/1.0 (38 characters) (Linux)"},
        {join("myapp ", token), "myapp (68 characters)"},
        {secret_key, "(32 characters)"},
        {join("upload.sh;", other_signature), "upload.sh;(40 characters)"},
        {"OpenJDK_64-Bit_Server_VM/11.0.2+9", "OpenJDK_64-Bit_Server_VM/11.0.2+9"},
        {"TencentCloudObjectStorageBrowser/2.1", "TencentCloudObjectStorageBrowser/2.1"},
        {"app 123e4567-e89b-12d3-a456-426614174000", "app 123e4567-e89b-12d3-a456-426614174000"},
        {"cos-nodejs-sdk-v5-2.14.6 Botocore/1.29.27 md/arch#x86_64",
         "cos-nodejs-sdk-v5-2.14.6 Botocore/1.29.27 md/arch#x86_64"},
        {"123456789012345678901234567890", "123456789012345678901234567890"},
    };
    for (const auto& [sent, shown] : agents) {
        CAPTURE(sent);
        Story story;
        story.ask("Authorization", "");
        story.ask("User-Agent", sent);
        CHECK(story.diagnosed().exchange.user_agent == shown);
        check_secrets(story);
    }
}

TEST_SUITE_END();

} // namespace cosdiag

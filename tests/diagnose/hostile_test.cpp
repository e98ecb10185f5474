// SPDX-License-Identifier: Apache-2.0
// Whatever bytes arrive: an answer, bounded, printable, and without a secret in it.
#include "diagnose/render.hpp"
#include "diagnose/text.hpp"
#include "tests/diagnose/case_file.hpp"
#include "tests/diagnose/story.hpp"
#include "tests/diagnose/structured_field.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>

namespace cosdiag {
namespace {

/// What holds for any diagnosis. The log line's own grammar is tested in json_test.cpp.
void check_rendered(const Diagnosis& diagnosis)
{
    const auto is_bare = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
    const auto value = header_value(diagnosis);
    CHECK(value.size() <= 1024);
    CHECK(std::all_of(value.begin(), value.end(), [](char c) { return c >= 0x20 && c <= 0x7E; }));
    CHECK(read_sf_list(value));
    const auto line = json_line(diagnosis);
    CHECK(line.size() < 64 * 1024);
    CHECK(std::none_of(line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; })
    );
    auto text = block(diagnosis, {});
    text.erase(std::remove(text.begin(), text.end(), '\n'), text.end());
    CHECK(std::none_of(text.begin(), text.end(), is_bare));
}

constexpr std::pair<std::string_view, std::string_view> refusals[] = {
    {"AccessDenied", "Access Denied."},
    {"AccessDenied", "Request has expired"},
    {"AccessDenied", "You are denied by bucket referer rule"},
    {"AccessDenied", "Failed to query the state of source object"},
    {"AccessForbidden", "CORSResponse: no"},
    {"InvalidAccessKeyId", "The Access Key Id you provided does not exist in our records"},
    {"InvalidAccessKeyId", "The access key Id format you provided is invalid."},
    {"InvalidObjectState", "The operation is not valid for the object storage class."},
    {"RequestTimeTooSkewed", ""},
    {"SignatureDoesNotMatch", "The Signature you specified is invalid."},
};

std::string repeated(std::string_view unit, std::size_t size)
{
    std::string out;
    while (out.size() < size) {
        out += unit;
    }
    return out;
}

/// A place where the wire's bytes get in.
void put(Story& story, std::size_t place, const std::string& bytes)
{
    switch (place) {
    case 0:
        story.target = "/" + bytes;
        break;
    case 1:
        story.target = "/exampleobject?q-ak=" + bytes + "&q-sign-time=" + bytes;
        story.ask("Authorization", "");
        break;
    case 2:
        story.ask("Authorization", "q-sign-algorithm=sha1&q-ak=" + bytes + "&q-header-list=" + bytes);
        break;
    case 3:
        story.ask("x-cos-copy-source", bytes);
        break;
    case 4:
        story.ask("Origin", bytes);
        story.ask("Referer", bytes);
        story.ask("User-Agent", bytes);
        break;
    case 5:
        story.host = bytes;
        break;
    case 6:
        story.response_body = join("<Error><Code>", bytes, "</Code><Message>", bytes, "</Message></Error>");
        break;
    case 7:
        story.answer("x-cos-request-id", bytes);
        story.answer("x-cos-storage-class", bytes);
        story.answer("Server", bytes);
        break;
    case 8:
        story.method = bytes;
        break;
    default:
        story.answered.clear();
        story.answer("Via", bytes);
        story.response_body = bytes;
        break;
    }
}

constexpr std::size_t places = 10;

} // namespace

TEST_SUITE_BEGIN("diagnose/hostile");

TEST_CASE("bytes made to inject stay inside their quotation marks, wherever they come in")
{
    static constexpr std::string_view texts[] = {
        "\r\nX-Injected: yes",
        "\";confidence=certain;summary=\"trust me",
        "\\",
        "\\\"",
        ", permission-denied;confidence=certain",
        "\x1b]0;title\x07\x1b[2J",
        "\xC2\x9B"
        "31m",
        "\xFF\xFE\xFD",
        "&#13;&#10;X-Injected: yes&quot;",
        "%0d%0aX-Injected%3a%20yes",
        "${jndi:ldap://x}",
        "",
    };
    for (const auto text : texts) {
        for (std::size_t place = 0; place < places; ++place) {
            for (const auto& [code, message] : refusals) {
                CAPTURE(text);
                CAPTURE(place);
                CAPTURE(message);
                Story story;
                story.fail_with(code, message);
                put(story, place, std::string(text));
                check_rendered(story.diagnosed());
            }
        }
    }
}

TEST_CASE("texts of a megabyte are answered in a thousand bytes")
{
    for (const auto* const unit : {"a", "%", "<", "&", "\"", "\xE8\x85\xBE", "AKID", ";", "%3B", "\n"}) {
        const auto text = repeated(unit, 1024 * 1024);
        for (std::size_t place = 0; place < places; ++place) {
            CAPTURE(unit);
            CAPTURE(place);
            Story story;
            put(story, place, text);
            check_rendered(story.diagnosed());
        }
    }
}

TEST_CASE("documents made to exhaust a reader are read in bounds")
{
    const std::string bodies[] = {
        repeated("<Error>", 200'000),
        repeated("<Error><Code>", 200'000),
        join("<!DOCTYPE x [<!ENTITY a \"", repeated("b", 1000), "\">]><Error><Code>&a;&a;&a;</Code></Error>"),
        join("<Error ", repeated("a='b' ", 1024 * 1024), "><Code>AccessDenied</Code></Error>"),
        join("<Error a='", repeated("b", 1024 * 1024), "'><Code>AccessDenied</Code></Error>"),
        join("<Error><Code>", repeated("&amp;", 1024 * 1024), "</Code></Error>"),
        join("<Error><![CDATA[", repeated("]]", 1024 * 1024)),
        join("<Error><!--", repeated("-", 1024 * 1024)),
        repeated("<a>", 1024 * 1024) + "<Error><Code>AccessDenied</Code></Error>",
        "<Error><Code>AccessDenied</Code><Code>InvalidAccessKeyId</Code></Error>",
        "<Error/>",
        "<Error",
        "\xEF\xBB\xBF<Error><Code>x</Code></Error>",
        std::string("<\0E\0r\0r\0o\0r\0>\0", 14),
    };
    for (const auto& body : bodies) {
        CAPTURE(body.substr(0, 40));
        Story story;
        story.response_body = body;
        check_rendered(story.diagnosed());
    }
}

TEST_CASE("a form of any shape is read in bounds")
{
    for (const auto* const unit :
         {"--b\r\n",
          "--b\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\nv\r\n",
          "--b",
          ";",
          "\r\n\r\n",
          "name=\""}) {
        CAPTURE(unit);
        Story story;
        story.method = "POST";
        story.target = "/";
        story.ask("Authorization", "");
        story.ask("Content-Type", "multipart/form-data; boundary=b");
        story.request_body = repeated(unit, 1024 * 1024);
        check_rendered(story.diagnosed());
    }
}

TEST_CASE("cases with bytes changed at random still get an answer that holds")
{
    std::mt19937 random(20'261'124); // NOLINT(cert-msc32-c,cert-msc51-cpp): the same bytes in every run
    for (const auto& path : case_paths()) {
        CaseFile file;
        read_case(file, path);
        CAPTURE(file.name);
        for (int round = 0; round < 20; ++round) {
            CAPTURE(round);
            std::string body(file.response_body.value_or("<Error></Error>"));
            std::string target(file.target);
            std::string authorization(find_field(file.request_fields, "authorization").value_or(""));
            for (auto* const text : {&body, &target, &authorization}) {
                for (int change = 0; change < 3 && !text->empty(); ++change) {
                    (*text)[random() % text->size()] = static_cast<char>(random() % 256);
                }
            }
            auto exchange = file.exchange();
            auto fields = file.request_fields;
            for (auto& field : fields) {
                if (same_name(field.name, "authorization")) {
                    field.value = authorization;
                }
            }
            exchange.request_fields = fields;
            exchange.target = target;
            exchange.response_body = std::string_view(body).substr(0, random() % (body.size() + 1));
            check_rendered(diagnose(exchange, "00112233aabbccdd"));
        }
    }
}

TEST_CASE("an empty exchange gets an answer")
{
    const auto diagnosis = diagnose({}, "");
    CHECK(!diagnosis.findings.empty());
    check_rendered(diagnosis);
}

TEST_CASE("keys, signatures and tokens of any carrier appear nowhere")
{
    const std::string signature = "c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00";
    const std::string token = repeated("geheimesToken", 200);
    const std::string key(story_key);
    const std::string pairs = join(
        "q-sign-algorithm=sha1&q-ak=",
        key,
        "&q-sign-time=1;2&q-key-time=1;2&q-header-list=host;x-cos-security-token;authorization&q-url-param-"
        "list=q-signature&q-signature=",
        signature
    );
    const std::string form = join(
        "--b\r\nContent-Disposition: form-data; name=\"q-ak\"\r\n\r\n",
        key,
        "\r\n--b\r\nContent-Disposition: form-data; name=\"q-signature\"\r\n\r\n",
        signature,
        "\r\n--b\r\nContent-Disposition: form-data; name=\"x-cos-security-token\"\r\n\r\n",
        token,
        "\r\n--b--\r\n"
    );
    for (const auto& [code, message] : refusals) {
        for (int carrier = 0; carrier < 6; ++carrier) {
            CAPTURE(message);
            CAPTURE(carrier);
            Story story;
            story.ask("Authorization", "");
            const auto echoed = join(
                "<Error><Code>",
                code,
                "</Code><Message>",
                message,
                "</Message><StringToSign>sha1\n1;2\nx\n</StringToSign><FormatString>get\n/"
                "other\nq-signature=x&amp;x-cos-security-token=y\nhost=",
                "a.example&amp;x-cos-security-token=z\n</FormatString></Error>"
            );
            story.response_body = echoed;
            switch (carrier) {
            case 0:
                story.ask("Authorization", pairs);
                story.ask("x-cos-security-token", token);
                break;
            case 1:
                story.target += join("?", pairs, "&x-cos-security-token=", token);
                break;
            case 2:
                story.target += join("?sign=", percent_encoded(pairs), "&x-cos-security-token=", token);
                break;
            case 3:
                story.method = "POST";
                story.ask("Content-Type", "multipart/form-data; boundary=b");
                story.request_body = form;
                break;
            case 4:
                story.ask(
                    "Authorization",
                    join(
                        "AWS4-HMAC-SHA256 Credential=",
                        key,
                        "/20261124/r/s3/aws4_request, SignedHeaders=host, Signature=",
                        signature
                    )
                );
                story.ask("x-amz-security-token", token);
                break;
            default:
                story.target += join(
                    "?AWSAccessKeyId=",
                    key,
                    "&Expires=5&Signature=",
                    signature,
                    "&x-amz-security-token=",
                    token
                );
                break;
            }
            const auto diagnosis = story.diagnosed();
            const auto everything = join(header_value(diagnosis), json_line(diagnosis), block(diagnosis, {}));
            CAPTURE(everything);
            for (const auto& secret : {key, signature, token.substr(0, 26)}) {
                CHECK(everything.find(secret) == std::string::npos);
            }
        }
    }
}

TEST_SUITE_END();

} // namespace cosdiag

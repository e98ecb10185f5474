// SPDX-License-Identifier: Apache-2.0
#include "diagnose/cos_error.hpp"
#include "diagnose/family.hpp"

#include <doctest/doctest.h>

#include <string>

namespace cosdiag {

TEST_SUITE_BEGIN("diagnose/cos_error");

TEST_CASE("Code and Message are read from every spelling of the document")
{
    static constexpr std::string_view bodies[] = {
        "<?xml version='1.0' encoding='utf-8' ?>\n<Error>\n\t<Code>AccessDenied</Code>\n\t<Message>Access "
        "Denied.</Message>\n</Error>\n\n",
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>AccessDenied</Code><Message>Access "
        "Denied.</Message></Error>",
        "<Error>\r\n    <Code> AccessDenied </Code>\r\n    <Message>\n Access "
        "Denied.\t</Message>\r\n</Error>",
        "\xEF\xBB\xBF<Error><Message>Access Denied.</Message><Code>AccessDenied</Code></Error>",
        "<!DOCTYPE Error><Error xmlns='urn:x'><Code>AccessDenied</Code><Message>Access "
        "Denied.</Message></Error>",
        "some words first <Error><Code>AccessDenied</Code><Message><![CDATA[Access "
        "Denied.]]></Message></Error> and after",
        "<Errors/><Error ><Code>AccessDenied</Code><Message>Access &#68;enied.</Message></Error>",
        "<Error><Code>AccessDenied</Code><Message>Access Denied.</Message><Resource>/cut",
        "<Error><Code>AccessDenied</Code><Message>Access "
        "Denied.</Message><Resource>/a&b<c</Resource></Error>",
    };
    for (const auto body : bodies) {
        CAPTURE(body);
        const auto error = read_cos_error(body);
        REQUIRE(error);
        CHECK(error->code == "AccessDenied");
        CHECK(error->message == "Access Denied.");
    }
}

TEST_CASE("what is no <Error> document is none")
{
    for (const std::string_view body :
         {"",
          "<html><body>403</body></html>",
          "<Errors></Errors>",
          "<error><Code>x</Code></error>",
          "<Error",
          "{\"Code\":\"AccessDenied\"}"}) {
        CAPTURE(body);
        CHECK_FALSE(read_cos_error(body));
    }
}

TEST_CASE("an element that was cut off is absent, and those before it are there")
{
    const auto error =
        read_cos_error("<Error><Code>SignatureDoesNotMatch</Code><Message>The Signature you spec");
    REQUIRE(error);
    CHECK(error->code == "SignatureDoesNotMatch");
    CHECK_FALSE(error->message);
    CHECK_FALSE(error->request_id);
}

TEST_CASE("an empty element is there, and empty")
{
    const auto error = read_cos_error("<Error><Code/><Message></Message></Error>");
    REQUIRE(error);
    CHECK(error->code == "");
    CHECK(error->message == "");
}

TEST_CASE("the five entities of XML are decoded and no other is expanded")
{
    const auto error =
        read_cos_error("<!DOCTYPE x [<!ENTITY e \"expanded\">]><Error><Message>&lt;&gt;&amp;&apos;&quot; "
                       "&e;</Message></Error>");
    REQUIRE(error);
    CHECK(error->message == "<>&'\" &e;");
}

TEST_CASE("every element of the document has its place")
{
    const auto error =
        read_cos_error("<Error><Code>c</Code><Message>m</Message><ServerTime>2026-11-24T04:00:00Z</"
                       "ServerTime><Resource>h/k</Resource>"
                       "<RequestId>r</RequestId><TraceId>t</TraceId></Error>");
    REQUIRE(error);
    CHECK(error->server_time == "2026-11-24T04:00:00Z");
    CHECK(error->resource == "h/k");
    CHECK(error->request_id == "r");
    CHECK(error->trace_id == "t");
    CHECK_FALSE(error->string_to_sign);
}

TEST_CASE("only the first 64 KiB are looked at")
{
    const std::string blanks(64 * 1024, ' ');
    CHECK_FALSE(read_cos_error(blanks + "<Error><Code>AccessDenied</Code></Error>"));
}

TEST_CASE("COS's two strings belong together when the digest of one is the last line of the other")
{
    // A real pair, of a PUT with empty lists.
    const auto agree = [](std::string_view digest, std::string_view format) {
        const std::string body = "<Error><StringToSign>sha1\n1557989151;1557996351\n" + std::string(digest) +
                                 "\n</StringToSign><FormatString>" + std::string(format) +
                                 "</FormatString></Error>";
        return strings_agree(read_cos_error(body).value());
    };
    constexpr std::string_view digest = "009ec928a0a91a0cc0c936c7acddc10169a45e33";
    CHECK(agree(digest, "put\n/38905642349559468_1.jpg\n\n\n") == true);
    CHECK(agree(digest, "put\n/38905642349559468_2.jpg\n\n\n") == false);
    CHECK(agree(digest, "put\n/38905642349559468_1.jpg\n\n") == false);
    CHECK(
        strings_agree(read_cos_error("<Error><StringToSign>x</StringToSign></Error>").value()) == std::nullopt
    );
    CHECK(
        strings_agree(read_cos_error("<Error><FormatString>x</FormatString></Error>").value()) == std::nullopt
    );
}

TEST_CASE("entities of a FormatString are decoded before its digest is taken")
{
    const auto error = read_cos_error(
        "<Error><StringToSign>sha1\n1;2\n10792bfb79ef73ebf320206c4eac9ff762d44d0c\n</StringToSign>"
        "<FormatString>get\n/\na=1&amp;b=2\n\n</FormatString></Error>"
    );
    REQUIRE(error);
    CHECK(error->format_string == "get\n/\na=1&b=2\n\n");
    CHECK(strings_agree(*error) == true);
}

TEST_CASE("families are named in Code or in Message, and the more specific name counts")
{
    using enum Family;

    static constexpr struct {
        const char* code;
        const char* message;
        Family family;
    } rows[] = {
        {"AccessDenied", "Access Denied.", access_denied},
        {"AccessDenied", "Access Denied", access_denied},
        {"Access Denied.", nullptr, access_denied},
        {"AccessDenied", nullptr, denied_without_reason},
        {"AccessDenied", "", denied_without_reason},
        {nullptr, "Access Denied.", access_denied},
        {nullptr, nullptr, unsaid},
        {"", "", unsaid},
        {"AccessDenied", "Request has expired", expired},
        {"Request has expired", nullptr, expired},
        {"AccessDenied", "Request has expired.", expired},
        {"AccessDenied", "You are denied by bucket referer rule", referer},
        {"AccessForbidden", "CORSResponse: This CORS request is not allowed.", cors},
        {"AccessDenied", "AccessForbidden", cors},
        {"InvalidAccessKeyId", "The Access Key Id you provided does not exist in our records", access_key},
        {"AccessDenied", "InvalidAccessKeyId", access_key},
        {"InvalidAccessKeyId", "Access Denied.", access_key},
        {"InvalidObjectState", "The operation is not valid for the object storage class.", archived},
        {"AccessDenied", "InvalidObjectState", archived},
        {"RequestTimeTooSkewed", nullptr, skewed},
        {"AccessDenied", "RequestTimeTooSkewed", skewed},
        {"SignatureDoesNotMatch", "The Signature you specified is invalid.", signature},
        {"AccessDenied", "SignatureDoesNotMatch", signature},
        {"AccessDenied", "Failed to query the state of source object", copy_source},
        {"AccessDenied", "Strict signature missing header that must be signed", strict_signature},
        {"AccessDenied", "Condition key q-ak doesn't match the value x", post_policy},
        {"AccessDenied",
         "You post object request has been expired, expiration time: 1 but the time now : 2",
         post_expired},
        {"DownloadForbidden", "The APK/IPA file is not allowed", download},
        {"PathStyleDomainForbidden", nullptr, path_style},
        {"UserNotSourceBucketOwner", nullptr, bucket_owner},
        {"NoProcessAuthority", nullptr, ci_role},
        {"AccessDenied", "NoProcessAuthority.", ci_role},
        {"AccessDenied", "Check auth failure because signture empty.", no_signature},
        {"Access Denied.", "You are denied by bucket referer rule", referer},
        {"The Signature you specified is invalid.", "SignatureDoesNotMatch", signature},
        {"AccessDenied", "MediaBucketAlreadyBinded.", ci_queue},
        {"QueuePaused", "x", ci_queue},
        {"NoSuchKey", "Request has expired", other},
        {"accessdenied", "Access Denied.", other},
    };

    for (const auto& row : rows) {
        CAPTURE(row.code);
        CAPTURE(row.message);
        const auto text = [](const char* value) {
            return value == nullptr ? std::nullopt : std::optional<std::string>(value);
        };
        const auto code = text(row.code);
        const auto message = text(row.message);
        CHECK(read_family(code, message).family == row.family);
    }
}

TEST_CASE("a name counts in Code and in Message, alone or beside another, with its full stop or without")
{
    using enum Family;

    static constexpr struct {
        const char* name;
        Family family;
    } rows[] = {
        {"Request has expired", expired},
        {"You are denied by bucket referer rule", referer},
        {"Strict signature missing header that must be signed", strict_signature},
        {"Strict signature missing param that must be signed", strict_signature},
        {"Condition key q-ak doesn't match the value 1", post_policy},
        {"You post object request has been expired, expiration time: 1 but the time now : 2", post_expired},
        {"Check auth failure because signture empty", no_signature},
        {"Check auth failure because signature empty", no_signature},
        {"AccessForbidden", cors},
        {"CORSResponse: This CORS request is not allowed", cors},
        {"InvalidAccessKeyId", access_key},
        {"The Access Key Id you provided does not exist in our records", access_key},
        {"The access key Id format you provided is invalid", access_key},
        {"InvalidObjectState", archived},
        {"The operation is not valid for the object storage class", archived},
        {"NoProcessAuthority", ci_role},
        {"RequestTimeTooSkewed", skewed},
        {"The difference between the request time and the current time is too large", skewed},
        {"SignatureDoesNotMatch", signature},
        {"The Signature you specified is invalid", signature},
        {"DownloadForbidden", download},
        {"The APK/IPA file is not allowed to be distributed in a public network", download},
        {"PathStyleDomainForbidden", path_style},
        {"The bucket you are attempting to access must be addressed using COS virtual-styled domain",
         path_style},
        {"UserNotSourceBucketOwner", bucket_owner},
        {"UserNotTargetBucketOwner", bucket_owner},
        {"MediaBucketAlreadyBinded", ci_queue},
        {"QueueSaturated", ci_queue},
        {"QueuePaused", ci_queue},
        {"Failed to query the state of source object", copy_source},
        {"Access Denied", access_denied},
    };

    for (const auto& row : rows) {
        CAPTURE(row.name);
        const std::optional<std::string> bare = row.name;
        const std::optional<std::string> stopped = *bare + ".";
        const std::optional<std::string> denied = "AccessDenied";
        for (const auto& name : {bare, stopped}) {
            CHECK(read_family(name, std::nullopt).family == row.family);
            CHECK(read_family(std::nullopt, name).family == row.family);
            CHECK(read_family(name, denied).family == row.family);
            CHECK(read_family(denied, name).family == row.family);
            CHECK(read_family(denied, name).text == row.name);
        }
    }
}

TEST_CASE("the text that names the family is the one that says more, without its full stop")
{
    static constexpr struct {
        const char* code;
        const char* message;
        const char* text;
    } rows[] = {
        {"AccessDenied", "QueuePaused.", "QueuePaused"},
        {"QueuePaused", "x", "QueuePaused"},
        {"InvalidAccessKeyId",
         "The access key Id format you provided is invalid.",
         "The access key Id format you provided is invalid"},
        {"The access key Id format you provided is invalid.",
         "InvalidAccessKeyId",
         "The access key Id format you provided is invalid"},
        {"Condition key key doesn't match the value x",
         "AccessDenied",
         "Condition key key doesn't match the value x"},
        {"AccessDenied", "Access Denied.", "Access Denied"},
        {"NoSuchKey", "x", ""},
    };

    for (const auto& row : rows) {
        CAPTURE(row.code);
        CAPTURE(row.message);
        const std::optional<std::string> code = row.code;
        const std::optional<std::string> message = row.message;
        CHECK(read_family(code, message).text == row.text);
    }
}

TEST_CASE("what COS says of a key is its form or its existence")
{
    CHECK(read_key_complaint("The access key Id format you provided is invalid.") == KeyComplaint::format);
    CHECK(
        read_key_complaint("The Access Key Id you provided does not exist in our records") ==
        KeyComplaint::unknown
    );
    CHECK(read_key_complaint("InvalidAccessKeyId") == KeyComplaint::none);
    CHECK(read_key_complaint("") == KeyComplaint::none);
}

TEST_SUITE_END();

} // namespace cosdiag

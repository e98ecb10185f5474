// SPDX-License-Identifier: Apache-2.0
#include "diagnose/authorization.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace cosdiag {
namespace {

constexpr std::string_view key = "AKIDexampleExampleExampleExample0042";

Authorization read(
    const std::vector<Field>& fields,
    std::string_view target = "/k",
    bool upload = false,
    const Form* form = nullptr
)
{
    return read_authorization(fields, read_target(target), upload, form);
}

Authorization of_header(std::string_view value)
{
    return read({{"Authorization", value}});
}

Form form_of(std::vector<FormField> fields, bool complete = true)
{
    Form form;
    form.fields = std::move(fields);
    form.complete = complete;
    return form;
}

} // namespace

TEST_SUITE_BEGIN("diagnose/authorization");

TEST_CASE("windows are two numbers of seconds, start first")
{
    using enum WindowFault;

    static constexpr struct {
        std::string_view text;
        WindowFault fault;
        Seconds begin, end;
    } rows[] = {
        {"1557989151;1557996351", none, 1557989151, 1557996351},
        {" 1557989151 ; 1557996351 ", none, 1557989151, 1557996351},
        {"5;5", none, 5, 5},
        {"0;999999999999", none, 0, 999'999'999'999},
        {"6;5", reversed, 0, 0},
        {"1557989151000;1557996351000", too_fine, 0, 0},
        {"1557989151;1557996351000", too_fine, 0, 0},
        {"1000000000000;5", too_fine, 0, 0},
        {"", not_numbers, 0, 0},
        {";", not_numbers, 0, 0},
        {"1557989151", not_numbers, 0, 0},
        {"1557989151,1557996351", not_numbers, 0, 0},
        {"NaN;NaN", not_numbers, 0, 0},
        {"-5;5", not_numbers, 0, 0},
        {"1.5;2.5", not_numbers, 0, 0},
        {"1;2;3", not_numbers, 0, 0},
        {"9999999999999999999;9999999999999999999", too_fine, 0, 0},
    };

    for (const auto& row : rows) {
        CAPTURE(row.text);
        const auto read = read_window(row.text);
        CHECK(read.fault == row.fault);
        CHECK(read.window.has_value() == (row.fault == none));
        if (read.window) {
            CHECK(read.window->begin == row.begin);
            CHECK(read.window->end == row.end);
        }
    }
}

TEST_CASE("the scheme and the key id are told from the Authorization field")
{
    using enum SignatureScheme;

    static constexpr struct {
        std::string_view value;
        SignatureScheme scheme;
        std::string_view key_id;
    } rows[] = {
        {"q-sign-algorithm=sha1&q-ak=AKIDexampleExampleExampleExample0042&q-signature=x", cos, key},
        {"q-ak=AKIDexampleExampleExampleExample0042&q-sign-algorithm=sha1", cos, key},
        {"q-sign-algorithm=sha1&q-ak=%24%7Bid%7D&q-signature=x", cos, "${id}"},
        {"q-sign-algorithm=sha1&q-ak=&q-signature=x", cos, ""},
        {"AWS AKIDexampleExampleExampleExample0042:ZXhhbXBsZQ==", aws_v2, key},
        {"AWS4-HMAC-SHA256 Credential=AKIDexampleExampleExampleExample0042/20261124/r/s3/aws4_request, "
         "SignedHeaders=host, Signature=x",
         aws_v4,
         key},
    };

    for (const auto& row : rows) {
        CAPTURE(row.value);
        const auto found = of_header(row.value);
        CHECK(found.presence == Presence::present);
        CHECK(found.carrier == Carrier::header);
        CHECK(found.scheme == row.scheme);
        REQUIRE(found.key_id);
        CHECK(*found.key_id == row.key_id);
    }
    for (const std::string_view value : {"Bearer abc", "Basic dTpw", "sha1"}) {
        CAPTURE(value);
        CHECK(of_header(value).scheme == other);
        CHECK(of_header(value).presence == Presence::present);
        CHECK_FALSE(of_header(value).key_id);
    }
}

TEST_CASE("all seven pairs of a COS signature are read from header, query, sign parameter and form alike")
{
    constexpr std::string_view text = "q-sign-algorithm=sha1&q-ak=AKIDexampleExampleExampleExample0042&q-"
                                      "sign-time=100;900&q-key-time=200;800"
                                      "&q-header-list=host;x-a&q-url-param-list=acl&q-signature=0123456789";
    constexpr std::string_view query =
        "/k?q-sign-algorithm=sha1&q-ak=AKIDexampleExampleExampleExample0042&q-sign-time=100%3B900&q-key-time="
        "200%3B800"
        "&q-header-list=host%3Bx-a&q-url-param-list=acl&q-signature=0123456789";
    constexpr std::string_view sign = "/k?sign=q-sign-algorithm%3Dsha1%26q-ak%"
                                      "3DAKIDexampleExampleExampleExample0042%26q-sign-time%3D100%3B900"
                                      "%26q-key-time%3D200%3B800%26q-header-list%3Dhost%3Bx-a%26q-url-param-"
                                      "list%3Dacl%26q-signature%3D0123456789";
    const auto form = form_of(
        {{"q-ak", key},
         {"q-sign-time", "100;900"},
         {"q-key-time", "200;800"},
         {"q-header-list", "host;x-a"},
         {"q-url-param-list", "acl"},
         {"q-signature", "0123456789"}}
    );

    const struct {
        Carrier carrier;
        Authorization found;
    } rows[] = {
        {Carrier::header, of_header(text)},
        {Carrier::query, read({{"Host", "h"}}, query)},
        {Carrier::query, read({{"Host", "h"}}, sign)},
        {Carrier::form, read({{"Host", "h"}}, "/", true, &form)},
    };

    for (const auto& [carrier, found] : rows) {
        CHECK(found.presence == Presence::present);
        CHECK(found.scheme == SignatureScheme::cos);
        CHECK(found.carrier == carrier);
        CHECK(found.presigned() == (carrier == Carrier::query));
        CHECK(found.key_id == key);
        CHECK(found.sign_time == "100;900");
        CHECK(found.key_time == "200;800");
        CHECK(found.header_list == "host;x-a");
        CHECK(found.param_list == "acl");
        REQUIRE(found.signature);
        CHECK(found.signature->size() == 10);
        REQUIRE(found.window);
        CHECK(found.window->begin == 200); // both windows have to hold
        CHECK(found.window->end == 800);
    }
}

TEST_CASE("a signature holds where both of its windows do")
{
    const auto found = of_header("q-ak=x&q-sign-time=100;700&q-key-time=50;800");
    REQUIRE(found.window);
    CHECK(found.window->begin == 100);
    CHECK(found.window->end == 700);
}

TEST_CASE("one faulty time spoils the window and names its fault")
{
    const auto found = of_header("q-ak=x&q-sign-time=100;900&q-key-time=900;100");
    CHECK_FALSE(found.window);
    CHECK(found.window_fault == WindowFault::reversed);
}

TEST_CASE("the header is looked at before the query, and the query before the form")
{
    const auto form = form_of({{"q-ak", "in-form"}});
    const auto with_header = read({{"Authorization", "q-ak=in-header"}}, "/?q-ak=in-query", true, &form);
    CHECK(with_header.key_id == "in-header");
    CHECK(read({{"Authorization", " "}}, "/?q-ak=in-query", true, &form).key_id == "in-query");
    CHECK(read({{"Host", "h"}}, "/", true, &form).key_id == "in-form");
}

TEST_CASE("no credentials are absent only where every place for them was seen")
{
    CHECK(read({{"Host", "h"}}).presence == Presence::absent);
    CHECK(read({{"Authorization", ""}}).presence == Presence::absent);
    CHECK(read({}).presence == Presence::unseen);
    CHECK(read({{"Host", "h"}}, "/", true).presence == Presence::unseen);
    const auto cut = form_of({{"key", "k"}}, false);
    CHECK(read({{"Host", "h"}}, "/", true, &cut).presence == Presence::unseen);
    const auto whole = form_of({{"key", "k"}});
    CHECK(read({{"Host", "h"}}, "/", true, &whole).presence == Presence::absent);
}

TEST_CASE("presigned URLs of S3 tell key id, stamp and end")
{
    const auto v4 = read(
        {{"Host", "h"}},
        "/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDexampleExampleExampleExample0042%"
        "2F20261124%2Fr%2Fs3%2Faws4_request"
        "&X-Amz-Date=20261124T040000Z&X-Amz-Expires=900&X-Amz-Signature=x"
    );
    CHECK(v4.scheme == SignatureScheme::aws_v4);
    CHECK(v4.key_id == key);
    CHECK(v4.stamped_at == 1'795'492'800);
    CHECK(v4.ends_at == 1'795'493'700);
    const auto v2 = read(
        {{"Host", "h"}},
        "/k?AWSAccessKeyId=AKIDexampleExampleExampleExample0042&Expires=1795493700&Signature=x"
    );
    CHECK(v2.scheme == SignatureScheme::aws_v2);
    CHECK(v2.key_id == key);
    CHECK_FALSE(v2.stamped_at);
    CHECK(v2.ends_at == 1'795'493'700);
    CHECK_FALSE(read({{"Host", "h"}}, "/k?X-Amz-Signature=x&X-Amz-Date=soon&X-Amz-Expires=900").ends_at);
    CHECK_FALSE(
        read({{"Host", "h"}}, "/k?X-Amz-Signature=x&X-Amz-Date=20261124T040000Z&X-Amz-Expires=-1").ends_at
    );
    CHECK_FALSE(
        read({{"Host", "h"}}, "/k?X-Amz-Signature=x&X-Amz-Date=20261124T040000Z&X-Amz-Expires=1000000000000")
            .ends_at
    );
}

TEST_CASE("a signature of S3 in the header is stamped by the date that came with it")
{
    const auto stamp = [](std::string_view name, std::string_view value) {
        return read({{"Authorization", "AWS AKID:x"}, {name, value}}).stamped_at;
    };
    CHECK(stamp("x-amz-date", "20261124T040000Z") == 1'795'492'800);
    CHECK(stamp("X-Amz-Date", "Tue, 24 Nov 2026 04:00:00 GMT") == 1'795'492'800);
    CHECK(stamp("Date", "Tue, 24 Nov 2026 04:00:00 GMT") == 1'795'492'800);
    CHECK_FALSE(stamp("Date", "yesterday"));
    CHECK_FALSE(stamp("Host", "h"));
}

TEST_CASE("tokens are found in header, query and form, and an empty one is none")
{
    const auto form = form_of({{"x-cos-security-token", "12345"}});
    for (const auto& found :
         {read({{"x-cos-security-token", "12345"}}),
          read({{"X-Amz-Security-Token", "12345"}}),
          read({{"Host", "h"}}, "/k?x-cos-security-token=12345"),
          read({{"Host", "h"}}, "/", true, &form)}) {
        REQUIRE(found.token);
        CHECK(found.token->size() == 5);
    }
    CHECK_FALSE(read({{"x-cos-security-token", ""}}).token);
    CHECK_FALSE(read({{"Host", "h"}}).token);
}

TEST_SUITE_END();

} // namespace cosdiag

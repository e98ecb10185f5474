// SPDX-License-Identifier: Apache-2.0
#include "diagnose/digest.hpp"
#include "diagnose/signature/http_string.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace cosdiag {
namespace {

constexpr std::string_view host = "examplebucket-1250000000.cos.ap-beijing.myqcloud.com";

HttpString rebuilt(
    std::string_view method,
    std::string_view target_text,
    const std::vector<Field>& fields,
    std::string_view header_list,
    std::string_view param_list
)
{
    const auto target = read_target(target_text);
    return rebuild_http_string({method, target, fields, host, header_list, param_list});
}

} // namespace

TEST_SUITE_BEGIN("diagnose/http_string");

TEST_CASE("the worked examples of the documentation give the digests that it prints")
{
    const std::vector<Field> put = {
        {"Date", "Thu, 16 May 2019 06:45:51 GMT"},
        {"Host", host},
        {"Content-Type", "text/plain"},
        {"Content-Length", "13"},
        {"Content-MD5", "mQ/fVh815F3k6TAUm8m0eg=="},
        {"x-cos-acl", "private"},
        {"x-cos-grant-read", "uin=\"100000000011\""},
    };
    const auto upload = rebuilt(
        "PUT",
        "/exampleobject(%E8%85%BE%E8%AE%AF%E4%BA%91)",
        put,
        "content-length;content-md5;content-type;date;host;x-cos-acl;x-cos-grant-read",
        ""
    );
    CHECK(sha1_hex(upload.text()) == "8b2751e77f43a0995d6e9eb9477f4b685cca4172");

    const auto download = rebuilt(
        "GET",
        "/exampleobject(%E8%85%BE%E8%AE%AF%E4%BA%91)?response-content-type=application%2Foctet-stream"
        "&response-cache-control=max-age%3D600",
        {{"Date", "Thu, 16 May 2019 06:55:53 GMT"}, {"Host", host}},
        "date;host",
        "response-cache-control;response-content-type"
    );
    CHECK(sha1_hex(download.text()) == "54ecfe22f59d3514fdc764b87a32d8133ea611e6");
}

TEST_CASE("a real answer of COS: empty lists leave two empty lines")
{
    const auto string = rebuilt("PUT", "/38905642349559468_1.jpg", {}, "", "");
    CHECK(string.text() == "put\n/38905642349559468_1.jpg\n\n\n");
    CHECK(sha1_hex(string.text()) == "009ec928a0a91a0cc0c936c7acddc10169a45e33");
}

TEST_CASE("names are encoded and lowered, values encoded, pairs sorted by name")
{
    static constexpr struct {
        std::string_view target, headers, params, text;
    } rows[] = {
        {"/", "host", "", "get\n/\n\nhost=examplebucket-1250000000.cos.ap-beijing.myqcloud.com\n"},
        {"", "", "", "get\n/\n\n\n"},
        {"/?acl", "", "acl", "get\n/\nacl=\n\n"},
        {"/k?b=2&a=1", "", "b;a", "get\n/k\na=1&b=2\n\n"},
        {"/k?Prefix=A%2Fb%20c", "", "prefix", "get\n/k\nprefix=A%2Fb%20c\n\n"},
        {"/k?x=a+b", "", "x", "get\n/k\nx=a%2Bb\n\n"},
        {"/k?x=!'()*~", "", "x", "get\n/k\nx=%21%27%28%29%2A~\n\n"},
        {"/k?a=1&b=2", "", "b", "get\n/k\nb=2\n\n"},
        {"/k", "X-Cos-Meta-A", "", "get\n/k\n\nx-cos-meta-a=V%20w\n"},
        {"/k", "x-cos-meta-a;x-cos-meta-a", "", "get\n/k\n\nx-cos-meta-a=V%20w\n"},
        {"/k", ";x-cos-meta-a;;", "", "get\n/k\n\nx-cos-meta-a=V%20w\n"},
        {"/a%2Fb%00", "", "", {"get\n/a/b\0\n\n\n", 12}},
    };

    for (const auto& row : rows) {
        CAPTURE(row.target);
        CAPTURE(row.headers);
        CHECK(
            rebuilt("GET", row.target, {{"x-cos-meta-A", " V w "}}, row.headers, row.params).text() ==
            row.text
        );
    }
}

TEST_CASE("what is listed and was not sent is told apart from what is empty")
{
    const auto string = rebuilt("GET", "/k?acl", {{"x-empty", ""}}, "content-md5;x-empty", "acl;versionid");
    CHECK(string.absent_headers == std::vector<std::string>{"content-md5"});
    CHECK(string.absent_parameters == std::vector<std::string>{"versionid"});
    CHECK_FALSE(string.repeated);
}

TEST_CASE("a comparison names each piece that COS received otherwise")
{
    const auto ours =
        rebuilt("PUT", "/a+b?prefix=x%2Fy", {{"Content-Type", "text/plain"}}, "content-type;host", "prefix");

    static constexpr struct {
        std::string_view theirs;
        Piece piece;
        std::string_view name, ours, received;
        bool ambiguous;
    } rows[] = {
        {"post\n/"
         "a+b\nprefix=x%2Fy\ncontent-type=text%2Fplain&host=examplebucket-1250000000.cos.ap-beijing.myqcloud."
         "com\n",
         Piece::method,
         "",
         "put",
         "post",
         false},
        {"put\n/a "
         "b\nprefix=x%2Fy\ncontent-type=text%2Fplain&host=examplebucket-1250000000.cos.ap-beijing.myqcloud."
         "com\n",
         Piece::path,
         "",
         "/a+b",
         "/a b",
         true},
        {"put\n/"
         "other\nprefix=x%2Fy\ncontent-type=text%2Fplain&host=examplebucket-1250000000.cos.ap-beijing."
         "myqcloud.com\n",
         Piece::path,
         "",
         "/a+b",
         "/other",
         false},
        {"put\n/"
         "a\nb\nprefix=x%2Fy\ncontent-type=text%2Fplain&host=examplebucket-1250000000.cos.ap-beijing."
         "myqcloud.com\n",
         Piece::path,
         "",
         "/a+b",
         "/a\nb",
         false},
        {"put\n/"
         "a+b\nprefix=x\ncontent-type=text%2Fplain&host=examplebucket-1250000000.cos.ap-beijing.myqcloud."
         "com\n",
         Piece::parameter,
         "prefix",
         "x/y",
         "x",
         false},
        {"put\n/"
         "a+b\nprefix=x%2Fy\ncontent-type=text%2Fplain%3B%20charset%3Dutf-8&host=examplebucket-1250000000."
         "cos.ap-beijing.myqcloud.com\n",
         Piece::header,
         "content-type",
         "text/plain",
         "text/plain; charset=utf-8",
         false},
        {"put\n/a+b\nprefix=x%2Fy\nhost=examplebucket-1250000000.cos.ap-beijing.myqcloud.com\n",
         Piece::header,
         "content-type",
         "text/plain",
         "",
         false},
        {"put\n/a+b\nprefix=x%2Fy\ncontent-type=text%2Fplain&host=static.example.com\n",
         Piece::host,
         "host",
         host,
         "static.example.com",
         false},
    };

    for (const auto& row : rows) {
        CAPTURE(row.theirs);
        const auto found = compare(ours, row.theirs, "");
        REQUIRE(found.size() == 1);
        CHECK(found.front().piece == row.piece);
        CHECK(found.front().name == row.name);
        CHECK(found.front().ours == row.ours);
        CHECK(found.front().theirs == row.received);
        CHECK(found.front().ambiguous == row.ambiguous);
    }
}

TEST_CASE("equal strings differ in nothing, whatever the escapes' case and the blanks around them")
{
    const auto ours = rebuilt("GET", "/k?prefix=x%2Fy", {{"x-cos-meta-a", "v"}}, "x-cos-meta-a", "prefix");
    CHECK(compare(ours, ours.text(), "").empty());
    CHECK(compare(ours, "get\n/k\nprefix=x%2fy\nx-cos-meta-a=%20v%20\n", "").empty());
    CHECK(compare(ours, "\nget\n/k\nprefix=x%2Fy\nx-cos-meta-a=v", "").empty());
}

TEST_CASE("in path-style COS leaves the bucket out of the path, and that is no difference")
{
    const auto ours = rebuilt("GET", "/examplebucket-1250000000/k", {}, "", "");
    CHECK(compare(ours, "get\n/k\n\n\n", "/examplebucket-1250000000").empty());
    CHECK(compare(ours, "get\n/k\n\n\n", "").size() == 1);
    CHECK(compare(ours, "get\n/other\n\n\n", "/examplebucket-1250000000").size() == 1);
}

TEST_CASE("names that occur twice are no difference while COS shows one of their values")
{
    const auto ours = rebuilt("GET", "/k?a=1&a=2", {}, "", "a");
    CHECK(ours.repeated);
    for (const auto* const theirs : {"get\n/k\na=1&a=2\n\n", "get\n/k\na=2\n\n", "get\n/k\na=1\n\n"}) {
        CAPTURE(theirs);
        CHECK(compare(ours, theirs, "").empty());
    }
    const auto found = compare(ours, "get\n/k\na=3\n\n", "");
    REQUIRE(!found.empty());
    CHECK(found.front().ambiguous);
}

TEST_SUITE_END();

} // namespace cosdiag

// SPDX-License-Identifier: Apache-2.0
#include "diagnose/bucket/listing.hpp"
#include "diagnose/text.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace cosdiag;

namespace {

std::string entry(std::string_view key, std::string_view storage_class)
{
    return join(
        "\n\t<Contents>\n\t\t<Key>",
        key,
        "</Key>\n\t\t<Size>1</Size>\n\t\t<Owner><ID>1250000000</ID></Owner>\n\t\t<StorageClass>",
        storage_class,
        "</StorageClass>\n\t</Contents>"
    );
}

std::string list(std::string_view entries, std::string_view head = "")
{
    return join("<ListBucketResult>", head, entries, "\n</ListBucketResult>");
}

/// `path class`, a line each.
std::string archived_in(std::string_view text)
{
    std::string out;
    each_archived(text, [&out](const Archived& object) {
        out += join(object.path, " ", object.storage_class, "\n");
    });
    return out;
}

} // namespace

TEST_SUITE_BEGIN("diagnose/bucket/listing");

TEST_CASE("objects that must be restored are told with their class, and no others")
{
    CHECK(
        archived_in(list(
            entry("a", "STANDARD") + entry("b", "ARCHIVE") + entry("c", "STANDARD_IA") +
            entry("d", "DEEP_ARCHIVE") + entry("e", "MAZ_ARCHIVE") + entry("f", "INTELLIGENT_TIERING")
        )) == "/b ARCHIVE\n/d DEEP_ARCHIVE\n/e MAZ_ARCHIVE\n"
    );
    CHECK(archived_in(list(entry("a", "STANDARD"))).empty());
    CHECK(archived_in("").empty());
}

TEST_CASE("a key becomes the path that a client asks for")
{
    struct Row {
        std::string_view key, path;
    };

    constexpr Row rows[] = {
        {"photos/cat.jpg", "/photos/cat.jpg"},
        {"folder/", "/folder/"},
        {"/leading", "//leading"},
        {"a//b", "/a//b"},
        {"a//", "/a//"},
        {"a b+c", "/a%20b%2Bc"},
        {"\xE7\x8C\xAB", "/%E7%8C%AB"},
        {"a&amp;b&lt;c", "/a%26b%3Cc"},
        {"&#x732B;", "/%E7%8C%AB"},
        {"100%25", "/100%2525"},
        {"a&unknown;b", "/a%26unknown%3Bb"},
        {"\xFF", "/%FF"},
        {"", "/"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.key);
        CHECK(archived_in(list(entry(row.key, "ARCHIVE"))) == join(row.path, " ARCHIVE\n"));
    }
}

TEST_CASE("keys that the list itself encodes are not encoded twice")
{
    const auto entries = entry("a%20b%2Fc%26", "ARCHIVE");
    for (const std::string_view head :
         {"<EncodingType>url</EncodingType>", "<Encoding-Type>url</Encoding-Type>"}) {
        CAPTURE(head);
        CHECK(archived_in(list(entries, head)) == "/a%20b/c%26 ARCHIVE\n");
    }
    CHECK(archived_in(list(entries, "<Prefix>url</Prefix>")) == "/a%2520b%252Fc%2526 ARCHIVE\n");
}

TEST_CASE("a list that is cut at its end tells what came before")
{
    const auto whole = list(entry("a", "ARCHIVE") + entry("b", "ARCHIVE"));
    CHECK(archived_in(whole.substr(0, whole.rfind("ARCHIVE") + 5)) == "/a ARCHIVE\n");
}

TEST_CASE("what is no entry of a list of objects tells nothing")
{
    for (const std::string_view text : {
             "<Upload><Key>a</Key><StorageClass>ARCHIVE</StorageClass></Upload>",
             "<Version><Key>a</Key><StorageClass>ARCHIVE</StorageClass></Version>",
             "<Contents><StorageClass>ARCHIVE</StorageClass><Key>a</Key></Contents>",
             "<Contents><Key>a<StorageClass>ARCHIVE</StorageClass></Key></Contents>",
             "<Contents><StorageClass><Key>a</Key>ARCHIVE</StorageClass></Contents>",
             "<Contents><Key>a</Key><Note>ARCHIVE</StorageClass></Contents>",
             "<Contents></Key><Key><StorageClass>ARCHIVE</StorageClass>",
             "ARCHIVE</StorageClass>",
         }) {
        CAPTURE(text);
        CHECK(archived_in(text).empty());
    }
}

TEST_CASE("an entry never takes the key of the one before it")
{
    CHECK(
        archived_in("<Contents><Key>a</Key><StorageClass>ARCHIVE</StorageClass></Contents>"
                    "<Upload><Key>b</Key><StorageClass>ARCHIVE</StorageClass></Upload>") == "/a ARCHIVE\n"
    );
}

TEST_SUITE_END();

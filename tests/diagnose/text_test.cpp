// SPDX-License-Identifier: Apache-2.0
#include "diagnose/digest.hpp"
#include "diagnose/judging.hpp"
#include "diagnose/query.hpp"
#include "diagnose/text.hpp"
#include "diagnose/wrap.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace cosdiag {

TEST_SUITE_BEGIN("diagnose/text");

TEST_CASE("names compare without regard to the case of ASCII letters, and of those only")
{
    CHECK(same_name("Content-MD5", "content-md5"));
    CHECK(same_name("", ""));
    CHECK_FALSE(same_name("host", "hosts"));
    CHECK_FALSE(same_name("\xC3\x84", "\xC3\xA4"));
    CHECK_FALSE(same_name("[", "{"));
    CHECK(lowered("X-Cos-ACL\xC3\x84") == "x-cos-acl\xC3\x84");
}

TEST_CASE("blanks are taken from the ends alone")
{
    CHECK(trimmed(" \t\r\n a b \n") == "a b");
    CHECK(trimmed(" \n") == "");
    CHECK(trimmed("\v") == "\v");
}

TEST_CASE("a text is split at the first mark; without one the back is empty")
{
    CHECK(split_at("a=b=c", '=').front == "a");
    CHECK(split_at("a=b=c", '=').back == "b=c");
    CHECK(split_at("abc", '=').front == "abc");
    CHECK(split_at("abc", '=').back.empty());
    CHECK(split_at("=", '=').front.empty());
}

TEST_CASE("whole numbers are 1 to 18 digits")
{
    CHECK(whole_number("0") == 0);
    CHECK(whole_number("007") == 7);
    CHECK(whole_number("999999999999999999") == 999'999'999'999'999'999);
    for (const std::string_view text : {"", "-1", "+1", " 1", "1 ", "1.0", "0x1", "1000000000000000000"}) {
        CAPTURE(text);
        CHECK_FALSE(whole_number(text));
    }
}

TEST_CASE("a plain run ends at the first byte that a quoted string cannot hold as it is, wherever that stands"
)
{
    const std::string plain = "0123456789abcdefghijklmnopq ~!#[]";
    CHECK(plain_run("") == 0);
    CHECK(plain_run(plain) == plain.size());
    for (const char special : {'"', '\\', '\n', '\x1f', '\x7f', '\x80', '\xff', '\0'}) {
        for (std::size_t at = 0; at < plain.size(); ++at) {
            CAPTURE(at);
            std::string text = plain;
            text[at] = special;
            CHECK(plain_run(text) == at);
        }
    }
}

TEST_CASE("percent escapes are decoded once, and what is none stays")
{
    static constexpr std::pair<std::string_view, std::string_view> rows[] = {
        {"", ""},
        {"a%20b", "a b"},
        {"%2f%2F", "//"},
        {"a+b", "a+b"},
        {"%252F", "%2F"},
        {"%", "%"},
        {"%4", "%4"},
        {"%zz%4", "%zz%4"},
        {std::string_view("%41", 2), "%4"},
        {"%%41", "%A"},
        {"%E8%85%BE", "\xE8\x85\xBE"},
    };
    for (const auto& [text, decoded] : rows) {
        CAPTURE(text);
        CHECK(percent_decoded(text) == decoded);
    }
}

TEST_CASE("all but letters, digits and -_.~ is encoded, and decoding gives it back")
{
    CHECK(percent_encoded("Az09-_.~") == "Az09-_.~");
    CHECK(percent_encoded(" !'()*+/;=@") == "%20%21%27%28%29%2A%2B%2F%3B%3D%40");
    std::string all;
    for (int c = 0; c < 256; ++c) {
        all += static_cast<char>(c);
    }
    CHECK(percent_decoded(percent_encoded(all)) == all);
}

TEST_CASE("base64 is read with and without padding, and nothing else is")
{
    CHECK(base64_decoded("Zm9vYg==") == "foob");
    CHECK(base64_decoded("Zm9vYg") == "foob");
    CHECK(base64_decoded("Zm9vYmE=") == "fooba");
    CHECK(base64_decoded("") == "");
    for (const std::string_view text : {"A", "Zm9v!", "Zm9v Yg==", "Zm9v-_", "Zm=9v"}) {
        CAPTURE(text);
        CHECK_FALSE(base64_decoded(text));
    }
}

TEST_CASE("texts are shortened between characters, and never beyond the limit")
{
    CHECK(shortened("short", 5) == "short");
    CHECK(shortened("longer", 5) == "lo...");
    CHECK(shortened("\xE8\x85\xBE\xE8\xAE\xAF\xE4\xBA\x91", 8) == "\xE8\x85\xBE...");
    for (std::size_t limit = 3; limit < 12; ++limit) {
        CHECK(shortened("\xE8\x85\xBE\xE8\xAE\xAF\xE4\xBA\x91 and more", limit).size() <= limit);
    }
}

TEST_CASE("the first field of a name is found, whatever its case")
{
    const std::vector<Field> fields = {{"A", "1"}, {"a", "2"}, {"B", ""}};
    CHECK(find_field(fields, "a") == "1");
    CHECK(find_field(fields, "b") == "");
    CHECK_FALSE(find_field(fields, "c"));
}

TEST_CASE("SHA-1 gives the digests of FIPS 180")
{
    CHECK(sha1_hex("abc") == "a9993e364706816aba3e25717850c26c9cd0d89d");
    CHECK(sha1_hex("") == "da39a3ee5e6b4b0d3255bfef95601890afd80709");
}

TEST_CASE("a text in single quotes stays one word for a shell")
{
    CHECK(shell_quoted("plain") == "'plain'");
    CHECK(shell_quoted("$(reboot) `id` \"x\"") == "'$(reboot) `id` \"x\"'");
    CHECK(shell_quoted("a'b") == "'a'\\''b'");
    CHECK(shell_quoted("a\r\nb\x1b\x7F") == "'ab'");
}

TEST_CASE("a target is path and parameters, decoded once, the path kept as sent")
{
    const auto target = read_target("/a%20b+c?x=1&Y=%26&&flag&e=&a=b=c&x=2");
    CHECK(target.raw_path == "/a%20b+c");
    CHECK(target.path == "/a b+c");
    REQUIRE(target.parameters.size() == 6);
    CHECK(target.find("X")->value == "1");
    CHECK(target.find("y")->value == "&");
    CHECK(target.find("flag")->value.empty());
    CHECK(target.find("a")->value == "b=c");
    CHECK(target.has("e"));
    CHECK_FALSE(target.has(""));
    CHECK(read_target("/").parameters.empty());
    CHECK(read_target("/k?").parameters.empty());
    CHECK(read_target("").path.empty());
    CHECK(read_target("/k?a?b").find("a?b") != nullptr);
}

TEST_CASE("no more than 256 parameters are kept")
{
    std::string text = "/?";
    for (int i = 0; i < 1000; ++i) {
        text += "a&";
    }
    CHECK(read_target(text).parameters.size() == 256);
}

TEST_CASE("a redacted target keeps names, and values that open nothing")
{
    static constexpr std::pair<std::string_view, std::string_view> rows[] = {
        {"/k", "/k"},
        {"/k?acl", "/k?acl"},
        {"/k?prefix=a%2Fb&max-keys=10", "/k?prefix=a%2Fb&max-keys=10"},
        {"/k?versionId=MTg0", "/k?versionId=MTg0"},
        {"/k?q-ak=AKID&q-signature=0123&x-cos-security-token=t",
         "/k?q-ak=...&q-signature=...&x-cos-security-token=..."},
        {"/k?sign=q-ak%3Dx", "/k?sign=..."},
        {"/k?Signature=x&AWSAccessKeyId=y", "/k?Signature=...&AWSAccessKeyId=..."},
        {"/k?anything=else", "/k?anything=..."},
        {"/k?a%0Ab=", "/k?a%0Ab"},
    };
    for (const auto& [text, redacted_text] : rows) {
        CAPTURE(text);
        CHECK(redacted(read_target(text)) == redacted_text);
    }
}

TEST_CASE("columns count wide characters twice")
{
    CHECK(columns_of("abc") == 3);
    CHECK(columns_of("\xE8\x85\xBE\xE8\xAE\xAF") == 4);
    CHECK(columns_of("\xC3\xA9") == 1);
    CHECK(columns_of("\xFF") == 1);
}

TEST_CASE("words wrap under their indent, and a word longer than the line stays whole")
{
    const auto wrapped = [](std::string_view text, std::size_t width) {
        std::string out;
        append_wrapped(out, text, 0, 2, width);
        return out;
    };
    CHECK(wrapped("aa bb cc", 5) == "aa bb\n  cc");
    CHECK(wrapped("aa  bb\ncc", 80) == "aa bb cc");
    CHECK(wrapped("aa bbbbbbbbbb cc", 5) == "aa\n  bbbbbbbbbb\n  cc");
    CHECK(wrapped("", 5).empty());
    CHECK(wrapped(" \n ", 5).empty());
}

TEST_SUITE_END();

} // namespace cosdiag

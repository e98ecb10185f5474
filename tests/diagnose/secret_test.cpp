// SPDX-License-Identifier: Apache-2.0
#include "diagnose/form.hpp"
#include "diagnose/judging.hpp"
#include "diagnose/secret.hpp"

#include <doctest/doctest.h>

#include <string>

namespace cosdiag {
namespace {

constexpr std::string_view permanent_id = "AKIDexampleExampleExampleExample0042";
constexpr std::string_view temporary_id =
    "AKIDtemporaryExample_Temporary-Example0123456789abcdefABCDEF01234567";

} // namespace

TEST_SUITE_BEGIN("diagnose/secret");

TEST_CASE("a secret tells its length and nothing else")
{
    CHECK(Secret("0123456789").described() == "10 characters");
    CHECK(Secret().size() == 0);
}

TEST_CASE("ids are cut to their first 8 and last 4 characters, short ones to less")
{
    static constexpr std::pair<std::string_view, std::string_view> rows[] = {
        {permanent_id, "AKIDexam...0042"},
        {temporary_id, "AKIDtemp...4567"},
        {"AKID0123456789abc", "AKID0123...9abc"},
        {"AKID0123456789ab", "AKID..."},
        {"AKIDa", "AKID..."},
        {"abcd", "abcd"},
        {"", ""},
    };
    for (const auto& [id, masked] : rows) {
        CAPTURE(id);
        CHECK(masked_key(id) == masked);
    }
}

TEST_CASE("the shape of an id tells what it can be")
{
    using enum KeyShape;

    static constexpr struct {
        std::string_view id;
        KeyShape shape;
    } rows[] = {
        {permanent_id, permanent},
        {temporary_id, temporary},
        {"AKIDexampleExampleExampleExample00421", temporary},
        {"AKIDexampleExampleExampleExample-042", temporary},
        {"AKIDexampleExample", cut_short},
        {"AKID", cut_short},
        {"", empty},
        {" \t", empty},
        {"undefined", placeholder},
        {"None", placeholder},
        {"${COS_SECRET_ID}", placeholder},
        {"{{ secret_id }}", blank_inside},
        {"<your-secret-id>", placeholder},
        {"%SECRET_ID%", placeholder},
        {"your_secret_id", placeholder},
        {"<wordsOfThirtyTwoCharacters000000>", odd},
        {"AKID********************************", masked},
        {"AKIDexam...0042", masked},
        {"AKIDexam\u20260042", masked},
        {"<AKIDexampleExampleExampleExample0042>", stray_inside},
        {"{{AKIDexampleExampleExampleExample0042}}", stray_inside},
        {"%AKIDexampleExampleExampleExample0042%", stray_inside},
        {"AKIDexampleExampleExampleExample0042:secretKey", stray_inside},
        {"SecretId=AKIDexampleExampleExampleExample0042", stray_inside},
        {"<AKID>", placeholder},
        {"LTAI4Gexampleexample:secretKey", odd},
        {"'AKIDexample'", quoted},
        {"\"AKIDexample", quoted},
        {"AKIDexample\n", blank_inside},
        {" AKIDexample", blank_inside},
        {"AKIAEXAMPLEEXAMPLE12", other_vendor},
        {"ASIAEXAMPLEEXAMPLE12", other_vendor},
        {"LTAI4Gexampleexample", other_vendor},
        {"STS.NUexampleexample", other_vendor},
        {"notASecretKeyButOfItsLength00000", odd},
        {"akidexampleExampleExampleExample0042", odd},
        {"AKID\xE8\x85\xBE", stray_inside},
    };

    for (const auto& row : rows) {
        CAPTURE(row.id);
        CHECK(key_shape(row.id) == row.shape);
        CHECK(
            fault_of(row.shape).empty() ==
            (row.shape == permanent || row.shape == temporary || row.shape == masked)
        );
    }
}

TEST_CASE("of an id people see placeholders whole, ids cut, and nothing of a text that may be a secret")
{
    static constexpr std::pair<std::string_view, std::string_view> rows[] = {
        {permanent_id, "AKIDexam...0042"},
        {"", "(empty)"},
        {"undefined", "undefined"},
        {"${COS_SECRET_ID}", "${COS_SECRET_ID}"},
        {"AKIAEXAMPLEEXAMPLE12", "AKIAEXAM...LE12"},
        {"notASecretKeyButOfItsLength00000", "(32 characters)"},
        {"'notASecretKeyButOfItsLength00000'", "(34 characters)"},
        {"'AKIDexampleExampleExampleExample0042'", "'AKIDexam...0042'"},
        {"{{AKIDexampleExampleExampleExample0042}}", "{{AKIDexam...0042}}"},
        {"<madeUpSecretKeyOfNobody0000000000>", "(35 characters)"},
        {"AKIDexampleExampleExampleExample0042 exampleSecretKeyOf32Characters00",
         "AKIDexam...0042 (+33 characters)"},
        {"\"AKIDexampleExampleExampleExample0042:exampleSecretKeyOf32Characters00\"",
         "AKIDexam...0042 (+35 characters)"},
        {"exampleSecretKeyOf32Characters00,AKIDexampleExampleExampleExample0042",
         "AKIDexam...0042 (+33 characters)"},
        {"AKIDexampleExampleExampleExample0042\nAKIDexampleExampleExampleExample0043",
         "AKIDexam...0042 (+37 characters)"},
    };
    for (const auto& [id, shown] : rows) {
        CAPTURE(id);
        CHECK(shown_key_id(id) == shown);
    }
}

TEST_CASE("ids inside a text are cut, wherever they stand")
{
    const std::string id(permanent_id);
    CHECK(with_keys_masked("key " + id + ", " + id) == "key AKIDexam...0042, AKIDexam...0042");
    CHECK(with_keys_masked(id) == "AKIDexam...0042");
    CHECK(with_keys_masked("AKID is how they begin") == "AKID is how they begin");
    CHECK(with_keys_masked("") == "");
}

TEST_CASE("signed values that are secrets show their length alone")
{
    CHECK(shown_value("x-cos-security-token", "abc") == "(3 characters)");
    CHECK(shown_value("Authorization", "abc") == "(3 characters)");
    CHECK(shown_value("content-type", "text/plain") == "text/plain");
    CHECK(shown_value("content-type", "") == "(none)");
    for (const std::string_view name :
         {"q-signature",
          "Q-AK",
          "sign",
          "X-Amz-Signature",
          "X-Amz-Credential",
          "cookie",
          "policy",
          "AWSAccessKeyId",
          "X-Auth-Token",
          "X-Api-Key",
          "x-amz-server-side-encryption-customer-key",
          "x-cos-copy-source-server-side-encryption-customer-key",
          "my_secret"}) {
        CAPTURE(name);
        CHECK(is_secret_name(name));
    }
    for (const std::string_view name :
         {"host",
          "prefix",
          "x-cos-acl",
          "range",
          "continuation-token",
          "x-amz-server-side-encryption-customer-key-MD5"}) {
        CAPTURE(name);
        CHECK_FALSE(is_secret_name(name));
    }
}

TEST_SUITE_END();

TEST_SUITE_BEGIN("diagnose/form");

TEST_CASE("the boundary is read from the Content-Type, quoted or not")
{
    CHECK(form_boundary("multipart/form-data; boundary=abc") == "abc");
    CHECK(form_boundary("Multipart/Form-Data;charset=utf-8; Boundary=\"a b\"") == "a b");
    CHECK(form_boundary("multipart/form-data; boundary=abc; charset=utf-8") == "abc");
    CHECK(form_boundary("multipart/form-data; charset=\"x;boundary=no\"; boundary=abc") == "abc");
    CHECK(form_boundary("multipart/form-data") == "");
    CHECK_FALSE(form_boundary("multipart/mixed; boundary=abc"));
    CHECK_FALSE(form_boundary(""));
}

TEST_CASE("fields are read up to the file, with either line end")
{
    for (const std::string_view end : {"\r\n", "\n"}) {
        std::string body;
        for (const std::string_view line :
             {"preamble",
              "--b",
              "Content-Disposition: form-data; name=\"key\"",
              "",
              "photos/a b.jpg",
              "--b",
              "content-disposition: form-data; name=policy",
              "Content-Type: text/plain",
              "",
              "two",
              "lines",
              "--b",
              "Content-Disposition: form-data; name=\"file\"; filename=\"cat.jpg\"",
              "",
              "bytes",
              "--b",
              "Content-Disposition: form-data; name=\"late\"",
              "",
              "x",
              "--b--"}) {
            body += std::string(line) + std::string(end);
        }
        CAPTURE(body);
        const auto form = read_form(body, "b");
        CHECK(form.complete);
        CHECK(form.fields.size() == 2);
        CHECK(form.find("KEY") == "photos/a b.jpg");
        CHECK(form.find("policy") == "two" + std::string(end) + "lines");
        CHECK(form.file_name == "cat.jpg");
        CHECK_FALSE(form.find("late"));
    }
}

TEST_CASE("a form is complete only when no field can follow")
{
    const std::string head = "--b\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\nk";
    CHECK_FALSE(read_form(head, "b").complete);
    CHECK(read_form(head, "b").fields.empty()); // the value may go on
    CHECK_FALSE(read_form(head + "\r\n--b", "b").complete);
    CHECK(read_form(head + "\r\n--b", "b").find("key") == "k");
    CHECK(read_form(head + "\r\n--b--", "b").complete);
    CHECK_FALSE(read_form(head + "\r\n--b--", "").complete);
    CHECK_FALSE(read_form("", "b").complete);
}

TEST_CASE("the field named file is the file, with a file name or without")
{
    const auto form =
        read_form("--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nbytes\r\n--b\r\n", "b");
    CHECK(form.complete);
    CHECK(form.fields.empty());
    CHECK(form.file_name.empty());
}

TEST_CASE("no more than 64 fields are read")
{
    std::string body;
    for (int i = 0; i < 100; ++i) {
        body += "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n";
    }
    const auto form = read_form(body + "--b--", "b");
    CHECK(form.fields.size() == 64);
    CHECK_FALSE(form.complete);
}

TEST_SUITE_END();

} // namespace cosdiag

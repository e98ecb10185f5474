// SPDX-License-Identifier: Apache-2.0
#include "diagnose/bucket/access_rules.hpp"
#include "diagnose/text.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace cosdiag;

namespace {

const Right reading = {
    "name/cos:GetObject", "qcs::cos:ap-guangzhou:uid/1250000000:examplebucket-1250000000/exampleobject"};

constexpr std::string_view everything =
    R"("qcs::cos:ap-guangzhou:uid/1250000000:examplebucket-1250000000/*")";

struct Statement {
    std::string_view effect = R"("allow")";
    std::string_view principal = R"({"qcs":["qcs::cam::uin/100000000001:uin/100000000011"]})";
    std::string_view action = R"(["name/cos:GetObject"])";
    std::string_view resource = everything;
    std::string_view condition = "{}";
};

std::string written(const Statement& statement)
{
    return join(
        R"({"Effect":)",
        statement.effect,
        R"(,"Principal":)",
        statement.principal,
        R"(,"Action":)",
        statement.action,
        R"(,"Resource":)",
        statement.resource,
        R"(,"Condition":)",
        statement.condition,
        "}"
    );
}

std::string policy(std::string_view statements)
{
    return join(R"({"version":"2.0","Statement":[)", statements, "]}");
}

PolicyMatch only_match(const Statement& statement)
{
    const auto verdict = check_policy(policy(written(statement)), reading);
    REQUIRE(verdict);
    REQUIRE(verdict->matches.size() == 1);
    return verdict->matches.front();
}

} // namespace

TEST_SUITE_BEGIN("diagnose/bucket/access_rules");

TEST_CASE("a statement is about a call when it names the action and the resource")
{
    struct Row {
        std::string_view action, resource;
        bool about;
    };

    constexpr Row rows[] = {
        {R"(["name/cos:GetObject"])", everything, true},
        {R"("name/cos:GetObject")", everything, true},
        {R"(["name/cos:PutObject","cos:GetObject"])", everything, true},
        {R"(["name/cos:*"])", everything, true},
        {R"("cos:Get*")", everything, true},
        {R"("*")", R"("*")", true},
        {R"(["name/cos:PutObject"])", everything, false},
        {R"(["name/cos:GetObjectACL"])", everything, false},
        {R"(["GetObject"])", everything, false},
        {R"([7,null,{}])", everything, false},
        {"null", everything, false},
        {R"("*")", R"(["qcs::cos:ap-guangzhou:uid/1250000000:otherbucket-1250000000/*"])", false},
        {R"("*")", R"(["qcs::cos:ap-guangzhou:uid/1250000000:prefix//1250000000/examplebucket/*"])", true},
        {R"("*")", "[]", false},
        {R"("*")", "{}", false},
    };
    for (const Row& row : rows) {
        CAPTURE(row.action);
        CAPTURE(row.resource);
        const auto verdict =
            check_policy(policy(written({.action = row.action, .resource = row.resource})), reading);
        REQUIRE(verdict);
        CHECK(verdict->statements == 1);
        CHECK(verdict->matches.size() == (row.about ? 1 : 0));
    }
}

TEST_CASE("everyone is told from those who are named")
{
    struct Row {
        std::string_view written;
        bool for_everyone;
        std::string_view shown;
    };

    constexpr Row rows[] = {
        {R"("*")", true, "*"},
        {R"({"qcs":"*"})", true, "*"},
        {R"({"qcs":["qcs::cam::anyone:anyone"]})", true, "qcs::cam::anyone:anyone"},
        {R"({"QCS":["qcs::cam::anonymous:anonymous"]})", true, "qcs::cam::anonymous:anonymous"},
        {R"({"qcs":["qcs::cam::uin/100000000001:uin/100000000011"]})",
         false,
         "qcs::cam::uin/100000000001:uin/100000000011"},
        {R"({"qcs":["qcs::cam::uin/1:uin/1","qcs::cam::uin/1:uin/2","qcs::cam::uin/1:uin/3"]})",
         false,
         "qcs::cam::uin/1:uin/1 and 2 more"},
        {R"({"qcs":["qcs::cam::uin/1:uin/1","*"]})", true, "qcs::cam::uin/1:uin/1 and 1 more"},
        {"{}", false, ""},
        {"7", false, ""},
    };
    for (const Row& row : rows) {
        CAPTURE(row.written);
        const auto match = only_match({.principal = row.written});
        CHECK(match.for_everyone == row.for_everyone);
        CHECK(match.principal == row.shown);
    }
}

TEST_CASE("an effect is an allow or a deny in any spelling, and nothing else")
{
    CHECK_FALSE(only_match({.effect = R"("Allow")"}).denies);
    CHECK(only_match({.effect = R"("Deny")"}).denies);
    CHECK(only_match({.effect = R"(["deny"])"}).denies);
    for (const std::string_view effect : {R"("denied")", R"("")", "null", "true"}) {
        CAPTURE(effect);
        const auto verdict = check_policy(policy(written({.effect = effect})), reading);
        REQUIRE(verdict);
        CHECK(verdict->statements == 1);
        CHECK(verdict->matches.empty());
    }
}

TEST_CASE("conditions are shown as they are written, in short")
{
    CHECK(only_match({}).conditions.empty());
    CHECK(
        only_match({.condition = R"({"ip_equal":{"qcs:ip":["10.1.0.0/16","192.0.2.7"]},)"
                                 R"("bool_equal":{"cos:secure-transport":true}})"})
            .conditions == "qcs:ip ip_equal 10.1.0.0/16, 192.0.2.7; cos:secure-transport bool_equal"
    );
    CHECK(only_match({.condition = R"(["odd"])"}).conditions.empty());
    CHECK(only_match({.condition = R"({"ip_equal":"odd"})"}).conditions.empty());
    const auto key = std::string(4000, 'k');
    CHECK(only_match({.condition = join(R"({"a":{")", key, R"(":1}})")}).conditions.size() <= 200);
}

TEST_CASE("statements are counted from one, whatever those between are")
{
    const auto deny = written({.effect = R"("deny")"});
    const auto verdict = check_policy(policy(join("7,", written({.action = R"("x")"}), ",", deny)), reading);
    REQUIRE(verdict);
    CHECK(verdict->statements == 3);
    REQUIRE(verdict->matches.size() == 1);
    CHECK(verdict->matches.front().number == 3);
}

TEST_CASE("a policy is read in both spellings, with one statement or a list of them")
{
    const auto statement = written({});
    for (const auto& text : {
             join(R"({"Statement":[)", statement, "]}"),
             join(R"({"statement":[)", statement, "]}"),
             join(R"({"version":"2.0","statement":)", statement, "}"),
             join("\r\n\t{\r\n \"statement\" :\r\n[ ", statement, " ] } \r\n"),
             std::string(R"({"statement":{"effect":"allow","action":"*","resource":"*","principal":"*"}})"),
         }) {
        CAPTURE(text);
        const auto verdict = check_policy(text, reading);
        REQUIRE(verdict);
        CHECK(verdict->matches.size() == 1);
    }
}

TEST_CASE("an empty text is a policy without statements, and what is no policy says nothing")
{
    const auto none = check_policy(" \n", reading);
    REQUIRE(none);
    CHECK(none->statements == 0);
    CHECK(check_policy(policy(""), reading)->statements == 0);
    const auto whole = policy(written({}));
    for (const auto& text : {
             whole.substr(0, whole.size() - 1),
             std::string("<Error><Code>NoSuchBucketPolicy</Code></Error>"),
             std::string(R"({"version":"2.0"})"),
             std::string(R"({"statement":"allow everything"})"),
             std::string("[]"),
             "\xFF\xFE" + whole,
             join(R"({"statement":)", std::string(60'000, '['), std::string(60'000, ']'), "}"),
         }) {
        CAPTURE(text.substr(0, 60));
        CHECK_FALSE(check_policy(text, reading));
    }
}

TEST_CASE("many statements, long patterns and long keys are borne")
{
    std::string many = written({});
    for (int i = 0; i < 200; ++i) {
        many += "," + written({});
    }
    const auto verdict = check_policy(policy(many), reading);
    REQUIRE(verdict);
    CHECK(verdict->statements == 201);
    CHECK(verdict->matches.size() == 8);

    const auto stars = join("\"", std::string(30'000, '*'), "\"");
    CHECK(check_policy(policy(written({.action = stars, .resource = stars})), reading));
    const Right huge = {"name/cos:GetObject", reading.resource + std::string(60'000, 'a')};
    CHECK_FALSE(check_policy(policy(written({})), huge));
    CHECK(
        only_match({.principal = join("\"", std::string(1, '\xFF'), std::string(4000, 'p'), "\"")})
            .principal.size() <= 80
    );
}

TEST_CASE("an ACL tells the owner, what everyone may do, and how many others are named")
{
    const auto grant = [](std::string_view grantee, std::string_view permission) {
        return join(
            "<Grant>\n<Grantee>", grantee, "</Grantee>\n<Permission>", permission, "</Permission></Grant>"
        );
    };
    const auto acl = [](std::string_view grants) {
        return join(
            "<?xml version='1.0' encoding='utf-8' ?>\n<AccessControlPolicy>\n\t<Owner>\n\t\t"
            "<ID>qcs::cam::uin/100000000001:uin/100000000001</ID>\n\t</Owner>\n\t<AccessControlList>",
            grants,
            "</AccessControlList>\n</AccessControlPolicy>"
        );
    };
    const auto owner = grant("<ID>qcs::cam::uin/100000000001:uin/100000000001</ID>", "FULL_CONTROL");
    const auto everyone = "<URI>http://cam.qcloud.com/groups/global/AllUsers</URI>";

    const auto closed = read_acl(acl(owner));
    REQUIRE(closed);
    CHECK(closed->owner == "100000000001");
    CHECK(closed->everyone.empty());
    CHECK(closed->named == 0);

    const auto open = read_acl(
        acl(owner + grant(everyone, "READ") + grant("<ID>qcs::cam::anyone:anyone</ID>", "WRITE") +
            grant("<ID>qcs::cam::uin/100000000002:uin/100000000002</ID>", "READ"))
    );
    REQUIRE(open);
    CHECK(open->everyone == "READ, WRITE");
    CHECK(open->named == 1);
}

TEST_CASE("what is no ACL says nothing, and one without an owner has none")
{
    for (const std::string_view text : {"", "{}", "<CORSConfiguration/>", "<AccessControlPolicy>", "\xFF"}) {
        CAPTURE(text);
        CHECK_FALSE(read_acl(text));
    }
    const auto bare = read_acl("<AccessControlPolicy/>");
    REQUIRE(bare);
    CHECK(bare->owner.empty());
}

TEST_SUITE_END();

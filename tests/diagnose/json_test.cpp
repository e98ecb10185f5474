// SPDX-License-Identifier: Apache-2.0
// The log line, read back by a reader that is not ours.
#include "diagnose/json.hpp"
#include "diagnose/render.hpp"
#include "diagnose/text.hpp"
#include "tests/diagnose/case_file.hpp"
#include "tests/diagnose/story.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <string>

namespace cosdiag {
namespace {

using Names = std::set<std::string, std::less<>>;

const Names entry_names = {
    "time", "schema", "id", "causes", "request", "response", "policy", "attempts", "first_id"};
const Names cause_names = {"cause", "confidence", "summary", "evidence", "remedies", "docs"};
const Names request_names = {
    "method",
    "url",
    "host",
    "bucket",
    "appid",
    "region",
    "key",
    "action",
    "resource",
    "access_key",
    "credential",
    "client",
    "user_agent"};
const Names response_names = {"status", "code", "message", "request_id", "trace_id", "server", "date"};

boost::json::value parsed(const std::string& line)
{
    boost::json::error_code ec;
    auto value = boost::json::parse(line, ec);
    INFO(line);
    REQUIRE_FALSE(ec);
    return value;
}

std::string text_at(const boost::json::object& object, std::string_view name)
{
    const auto* const value = object.if_contains({name.data(), name.size()});
    return value != nullptr && value->is_string() ? std::string(value->as_string().c_str()) : std::string();
}

/// No name beyond the schema's, none twice, and no empty text: what was not seen is left out.
void check_object(const boost::json::object& object, const Names& names)
{
    Names seen;
    for (const auto& [name, value] : object) {
        const std::string key(name.data(), name.size());
        CAPTURE(key);
        CHECK(names.contains(key));
        CHECK(seen.insert(key).second);
        CHECK_FALSE((value.is_string() && value.as_string().empty()));
    }
}

void check_cause(const boost::json::object& cause)
{
    static const Names confidences = {"certain", "likely", "possible"};
    static const Names places = {"request", "response", "our_clock", "memory", "config"};
    static const Names actors = {"caller", "bucket_owner", "account_owner", "operator"};

    check_object(cause, cause_names);
    CHECK(confidences.contains(text_at(cause, "confidence")));
    CHECK(!text_at(cause, "summary").empty());
    CHECK(text_at(cause, "docs").starts_with("https://"));
    for (const auto& item : cause.at("evidence").as_array()) {
        check_object(item.as_object(), {"from", "what", "value"});
        CHECK(places.contains(text_at(item.as_object(), "from")));
        CHECK(item.as_object().size() == 3);
    }
    for (const auto& item : cause.at("remedies").as_array()) {
        check_object(item.as_object(), {"who", "step"});
        CHECK(actors.contains(text_at(item.as_object(), "who")));
    }
}

void check_policy(const boost::json::object& policy)
{
    CHECK(text_at(policy, "version") == "2.0");
    const auto& statements = policy.at("statement").as_array();
    CHECK(!statements.empty());
    for (const auto& one : statements) {
        const auto& statement = one.as_object();
        check_object(statement, {"effect", "action", "resource"});
        CHECK(text_at(statement, "effect") == "allow");
        for (const auto& action : statement.at("action").as_array()) {
            CHECK(std::string_view(action.as_string().c_str()).starts_with("name/cos:"));
        }
        for (const auto& resource : statement.at("resource").as_array()) {
            CHECK(std::string_view(resource.as_string().c_str()).starts_with("qcs::cos:"));
        }
    }
}

void check_entry(const std::string& line)
{
    CHECK(line.find('\n') == std::string::npos);
    const auto value = parsed(line);
    const auto& entry = value.as_object();
    check_object(entry, entry_names);
    CHECK(text_at(entry, "schema") == "cosdiag.diagnosis/1");
    CHECK(text_at(entry, "id") == "00112233aabbccdd");
    CHECK(!entry.at("causes").as_array().empty());
    CHECK(entry.at("causes").as_array().size() <= 3);
    for (const auto& cause : entry.at("causes").as_array()) {
        check_cause(cause.as_object());
    }
    check_object(entry.at("request").as_object(), request_names);
    if (entry.contains("response")) {
        check_object(entry.at("response").as_object(), response_names);
        CHECK(entry.at("response").as_object().at("status").as_int64() == 403);
    } else {
        CHECK(entry.at("request").as_object().at("method").as_string() == "CONNECT");
    }
    if (const auto* const policy = entry.if_contains("policy")) {
        check_policy(policy->as_object());
    }
}

std::string json_string(std::string_view text)
{
    std::string out;
    append_json_string(out, text);
    return out;
}

} // namespace

TEST_SUITE_BEGIN("diagnose/json");

TEST_CASE("texts become JSON strings that are valid whatever bytes they hold")
{
    static constexpr struct {
        std::string_view text, json;
    } rows[] = {
        {"", R"("")"},
        {"plain", R"("plain")"},
        {"a\"b\\c/d", R"("a\"b\\c/d")"},
        {std::string_view("\0\x1f\x7f", 3), "\"\\u0000\\u001f\x7f\""},
        {"\xE8\x85\xBE", "\"\xE8\x85\xBE\""},
        {"a\xFF"
         "b",
         "\"a\xEF\xBF\xBD"
         "b\""},
        {"\xC0\xAF", "\"\xEF\xBF\xBD\xEF\xBF\xBD\""},                 // overlong
        {"\xED\xA0\x80", "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""}, // a surrogate
        {"\xE8\x85", "\"\xEF\xBF\xBD\xEF\xBF\xBD\""},                 // cut off
    };

    for (const auto& row : rows) {
        CAPTURE(row.text);
        CHECK(boost::json::parse(json_string(row.text)) == boost::json::parse(std::string(row.json)));
    }
}

TEST_CASE("control characters are escaped and never bare")
{
    std::string all;
    for (int c = 0; c < 0x20; ++c) {
        all += static_cast<char>(c);
    }
    const auto json = json_string(all);
    CHECK(std::all_of(json.begin(), json.end(), [](char c) { return c >= 0x20; }));
    CHECK(boost::json::parse(json).as_string() == all);
}

TEST_CASE("the length of a character is that of RFC 3629, and zero for anything else")
{
    static constexpr struct {
        std::string_view text;
        std::size_t length;
    } rows[] = {
        {"", 0},
        {"a", 1},
        {"\x7F", 1},
        {"\xC3\xA9", 2},
        {"\xE8\x85\xBE", 3},
        {"\xF0\x9F\x98\x80", 4},
        {"\x80", 0},
        {"\xC1\xBF", 0},
        {"\xE0\x9F\xBF", 0},
        {"\xED\xA0\x80", 0},
        {"\xF0\x8F\xBF\xBF", 0},
        {"\xF4\x90\x80\x80", 0},
        {"\xF5\x80\x80\x80", 0},
        {"\xE8\x85", 0},
        {"\xC3"
         "a",
         0},
    };

    for (const auto& row : rows) {
        CAPTURE(row.text);
        CHECK(utf8_length(row.text) == row.length);
    }
}

TEST_CASE("the line of every case is one JSON object of the schema")
{
    for (const auto& path : case_paths()) {
        CaseFile file;
        read_case(file, path);
        CAPTURE(file.name);
        check_entry(json_line(diagnose(file.exchange(), "00112233aabbccdd")));
    }
}

TEST_CASE("the line tells time, request and answer as they were")
{
    Story story;
    story.clock = {story_time * 1000 + 42};
    story.target = "/a%20b?versionId=MTg0&response-content-type=x";
    story.ask("User-Agent", "cos-go-sdk-v5/0.7.42");
    story.answer("x-cos-trace-id", "ZXhhbXBsZQ==");
    const auto value = parsed(json_line(story.diagnosed()));
    const auto& entry = value.as_object();
    CHECK(text_at(entry, "time") == "2026-11-24T04:00:00.042Z");
    static constexpr std::pair<std::string_view, std::string_view> request[] = {
        {"method", "GET"},
        {"url",
         "https://examplebucket-1250000000.cos.ap-beijing.myqcloud.com/"
         "a%20b?versionId=MTg0&response-content-type=..."},
        {"host", story_host},
        {"bucket", "examplebucket-1250000000"},
        {"appid", "1250000000"},
        {"region", "ap-beijing"},
        {"key", "a b"},
        {"action", "name/cos:GetObject"},
        {"resource", "qcs::cos:ap-beijing:uid/1250000000:examplebucket-1250000000/a b"},
        {"access_key", "AKIDexam...0042"},
        {"credential", "permanent"},
        {"client", "192.0.2.7"},
        {"user_agent", "cos-go-sdk-v5/0.7.42"},
    };
    for (const auto& [name, expected] : request) {
        CAPTURE(name);
        CHECK(text_at(entry.at("request").as_object(), name) == expected);
    }
    static constexpr std::pair<std::string_view, std::string_view> response[] = {
        {"code", "AccessDenied"},
        {"message", "Access Denied."},
        {"request_id", "NmIwNTBiYzBfM2ExYjJjMDlfNGQ1ZV82ZjcwODE="},
        {"trace_id", "ZXhhbXBsZQ=="},
        {"server", "tencent-cos"},
        {"date", "Tue, 24 Nov 2026 04:00:00 GMT"},
    };
    for (const auto& [name, expected] : response) {
        CAPTURE(name);
        CHECK(text_at(entry.at("response").as_object(), name) == expected);
    }
    CHECK(entry.at("response").as_object().at("status").as_int64() == 403);
    CHECK(entry.at("policy").is_object());
    CHECK_FALSE(entry.contains("attempts"));
}

TEST_CASE("a statement is offered only where the first finding is about a right")
{
    auto diagnosis = Story{}.diagnosed();
    CHECK(parsed(json_line(diagnosis)).as_object().contains("policy"));
    Story expired;
    expired.fail_with("AccessDenied", "Request has expired");
    auto findings = expired.diagnosed().findings;
    findings.push_back(diagnosis.findings.front());
    diagnosis.findings = findings;
    CHECK_FALSE(parsed(json_line(diagnosis)).as_object().contains("policy"));
}

TEST_CASE("a later try of the same request tells which one it is and where the first is logged")
{
    auto diagnosis = Story{}.diagnosed();
    diagnosis.attempts = 3;
    diagnosis.first_id = "ffeeddccbbaa9988";
    const auto value = parsed(json_line(diagnosis));
    CHECK(value.as_object().at("attempts").as_int64() == 3);
    CHECK(text_at(value.as_object(), "first_id") == "ffeeddccbbaa9988");
}

TEST_CASE("a line can be appended to what was there")
{
    const auto diagnosis = Story{}.diagnosed();
    std::string out = "before\n";
    append_json_line(out, diagnosis);
    CHECK(out == join("before\n", json_line(diagnosis)));
}

TEST_CASE("bytes from the wire cannot break the line or its schema")
{
    const std::string evil("\"},{\"x\":\"\\\r\n\0\x1b[2J\xFF\xC0\xE2\x80\xAE", 22);
    for (const auto* const message : {"Access Denied.", "Request has expired", "AccessForbidden"}) {
        Story story;
        story.target = join("/", evil, "?prefix=", evil);
        story.fail_with("AccessDenied", message);
        for (const auto* const name : {"User-Agent", "Referer", "Origin", "Access-Control-Request-Headers"}) {
            story.ask(name, evil);
        }
        for (const auto* const name : {"Server", "x-cos-request-id", "x-cos-trace-id", "Date"}) {
            story.answer(name, evil);
        }
        check_entry(json_line(story.diagnosed()));
    }
}

TEST_SUITE_END();

} // namespace cosdiag

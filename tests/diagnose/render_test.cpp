// SPDX-License-Identifier: Apache-2.0
#include "diagnose/cause.hpp"
#include "diagnose/causes.hpp"
#include "diagnose/render.hpp"
#include "diagnose/text.hpp"
#include "diagnose/words.hpp"
#include "diagnose/wrap.hpp"
#include "tests/diagnose/case_file.hpp"
#include "tests/diagnose/story.hpp"
#include "tests/diagnose/structured_field.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

namespace cosdiag {
namespace {

bool is_printable(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c <= 0x7E; });
}

Finding finding(std::string_view token, Confidence confidence, std::string summary, std::string fix)
{
    Judgement judgement{};
    judgement.confidence = confidence;
    judgement.summary = std::move(summary);
    judgement.fix = std::move(fix);
    return {find_cause(token), std::move(judgement)};
}

Diagnosis diagnosis_of(std::vector<Finding> findings)
{
    Diagnosis out;
    out.id = "00112233aabbccdd";
    out.at = {story_time * 1000};
    out.findings = std::move(findings);
    return out;
}

/// Takes the SGR sequences out, those that the block itself sets.
std::string without_ink(std::string text)
{
    for (auto at = text.find("\x1b["); at != std::string::npos; at = text.find("\x1b[")) {
        const auto end = text.find('m', at);
        text.erase(at, end == std::string::npos ? std::string::npos : end - at + 1);
    }
    return text;
}

std::vector<std::string_view> lines_of(std::string_view text)
{
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const auto [line, rest] = split_at(text, '\n');
        lines.push_back(line);
        text = rest;
    }
    return lines;
}

} // namespace

TEST_SUITE_BEGIN("diagnose/render");

TEST_CASE("the field is a list of tokens with their parameters, the id at the first")
{
    const auto value = header_value(diagnosis_of({
        finding("signature-expired", Confidence::certain, "it ended", "sign again"),
        finding("clock-skewed", Confidence::possible, "the clock is off", "set it"),
    }));
    CHECK(
        value == "signature-expired;confidence=certain;summary=\"it ended\";fix=\"sign "
                 "again\";id=\"00112233aabbccdd\", "
                 "clock-skewed;confidence=possible;summary=\"the clock is off\";fix=\"set it\""
    );
}

TEST_CASE("quotation marks and backslashes are escaped, and what is no printable ASCII shows as escapes")
{
    const auto value = header_value(
        diagnosis_of({finding("unexplained", Confidence::likely, "a\"b\\c\r\nX: y \xE8\x85\xBE\x7F", "\t")})
    );
    CHECK(is_printable(value));
    const auto list = read_sf_list(value);
    REQUIRE(list);
    REQUIRE(list->size() == 1);
    REQUIRE(list->front().find("summary") != nullptr);
    CHECK(*list->front().find("summary") == "a\"b\\c%0D%0AX: y %E8%85%BE%7F");
    CHECK(*list->front().find("fix") == "%09");
}

TEST_CASE("an empty text leaves its parameter out")
{
    CHECK(
        header_value(diagnosis_of({finding("unexplained", Confidence::possible, "", "")})) ==
        "unexplained;confidence=possible;id=\"00112233aabbccdd\""
    );
}

TEST_CASE(
    "long texts are shortened inside their quotation marks, and the first finding keeps all its parameters"
)
{
    for (const auto* const unit : {"a", "\"", "\\", "\n", "\xE8\x85\xBE"}) {
        CAPTURE(unit);
        std::string text;
        while (text.size() < 5000) {
            text += unit;
        }
        const auto value = header_value(diagnosis_of({
            finding("signed-parameter-differs", Confidence::possible, text, text),
            finding("clock-skewed", Confidence::possible, text, text),
            finding("permission-denied", Confidence::possible, text, text),
        }));
        CHECK(value.size() <= 1024);
        const auto list = read_sf_list(value);
        REQUIRE(list);
        CHECK(list->size() == 3);
        for (const auto* const name : {"confidence", "summary", "fix", "id"}) {
            CAPTURE(name);
            CHECK(list->front().find(name) != nullptr);
        }
        CHECK(list->front().find("summary")->ends_with("..."));
        CHECK(list->front().find("summary")->size() <= 300);
        CHECK(*list->front().find("id") == "00112233aabbccdd");
    }
}

TEST_CASE("a fourth finding is not shown")
{
    const auto one = finding("permission-denied", Confidence::possible, "s", "f");
    const auto list = read_sf_list(header_value(diagnosis_of({one, one, one, one})));
    REQUIRE(list);
    CHECK(list->size() == 3);
}

TEST_CASE("the field of every case is well-formed, bounded, and says what the findings say")
{
    for (const auto& path : case_paths()) {
        CaseFile file;
        read_case(file, path);
        CAPTURE(file.name);
        const auto diagnosis = diagnose(file.exchange(), "00112233aabbccdd");
        const auto value = header_value(diagnosis);
        CAPTURE(value);
        CHECK(value.size() <= 1024);
        CHECK(is_printable(value));
        const auto list = read_sf_list(value);
        REQUIRE(list);
        REQUIRE(list->size() == diagnosis.findings.size());
        for (std::size_t i = 0; i < list->size(); ++i) {
            const auto& member = (*list)[i];
            CHECK(member.token == diagnosis.findings[i].cause->token);
            REQUIRE(member.find("confidence") != nullptr);
            CHECK(*member.find("confidence") == word_of(diagnosis.findings[i].judgement.confidence));
            CHECK((member.find("id") != nullptr) == (i == 0));
        }
        CHECK(list->front().find("summary") != nullptr);
        CHECK(list->front().find("fix") != nullptr);
    }
}

TEST_CASE("the block of every case keeps to the width, but for words that are longer, and ends its last line")
{
    for (const auto& path : case_paths()) {
        CaseFile file;
        read_case(file, path);
        CAPTURE(file.name);
        const auto diagnosis = diagnose(file.exchange(), "00112233aabbccdd");
        for (const unsigned width : {60U, 100U, 200U}) {
            const auto text = block(diagnosis, {.colour = false, .width = width});
            CHECK(text.ends_with('\n'));
            for (const auto line : lines_of(text)) {
                CAPTURE(line);
                const auto last_word = line.substr(std::min(line.find_last_of(' ') + 1, line.size()));
                CHECK((columns_of(line) <= width || columns_of(line) - columns_of(last_word) < width));
                CHECK_FALSE(line.ends_with(' '));
            }
        }
    }
}

TEST_CASE("colour adds sequences and changes no letter")
{
    const auto diagnosis = Story{}.diagnosed();
    const auto plain = block(diagnosis, {.colour = false, .width = 100});
    const auto coloured = block(diagnosis, {.colour = true, .width = 100});
    CHECK(plain.find('\x1b') == std::string::npos);
    CHECK(coloured.find("\x1b[1;33m") != std::string::npos);
    CHECK(without_ink(coloured) == plain);
}

TEST_CASE("nothing from the wire moves the cursor, sets a colour or reorders the block")
{
    constexpr std::string_view evil = "\x1b[31mred\x1b]0;title\x07\rfront\x08\x7F\xC2\x9B 2J\xE2\x80\xAE "
                                      "txt\xE2\x81\xA6\xFF\xFE\xEF\xBB\xBF";
    Story story;
    story.target = join("/", evil);
    story.method = std::string(evil);
    story.ask("User-Agent", evil);
    story.fail_with("AccessDenied", "You are denied by bucket referer rule");
    story.ask("Referer", evil);
    auto diagnosis = story.diagnosed();
    diagnosis.id = std::string(evil);
    diagnosis.findings.front().judgement.evidence.push_back(
        {Seen::request, std::string(evil), std::string(evil)}
    );
    const auto text = block(diagnosis, {});
    CAPTURE(text);
    for (const std::string_view part :
         {"\x1b",
          "\x07",
          "\r",
          "\x08",
          "\x7F",
          "\xC2\x9B",
          "\xE2\x80\xAE",
          "\xE2\x81\xA6",
          "\xFF",
          "\xEF\xBB\xBF"}) {
        CHECK(text.find(part) == std::string::npos);
    }
    CHECK(text.find("\\x1b[31mred") != std::string::npos);
}

TEST_CASE("keys beyond ASCII are shown as they are written")
{
    Story story;
    story.target = "/%E8%85%BE%E8%AE%AF%E4%BA%91.txt";
    CHECK(block(story.diagnosed(), {}).find("\xE8\x85\xBE\xE8\xAE\xAF\xE4\xBA\x91.txt") != std::string::npos);
}

TEST_CASE("the block offers the statement where a right is the cause")
{
    const auto text = block(Story{}.diagnosed(), {});
    CHECK(text.find("{\"version\":\"2.0\",\"statement\":[") != std::string::npos);
    Story expired;
    expired.fail_with("AccessDenied", "Request has expired");
    CHECK(block(expired.diagnosed(), {}).find("\"statement\"") == std::string::npos);
}

TEST_SUITE_END();

} // namespace cosdiag

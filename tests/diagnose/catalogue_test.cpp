// SPDX-License-Identifier: Apache-2.0
// What ties the causes to their files, pages and manners.
#include "diagnose/cause.hpp"
#include "diagnose/causes.hpp"
#include "diagnose/explain.hpp"
#include "diagnose/text.hpp"
#include "diagnose/time.hpp"
#include "diagnose/wrap.hpp"
#include "tests/diagnose/case_file.hpp"
#include "tests/diagnose/readme.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

namespace cosdiag {
namespace {

const std::filesystem::path engine = std::filesystem::path(COSDIAG_SOURCE_DIR) / "diagnose";

/// What nobody shall be told to do. Hotlink protection, for one, is configured, never removed.
constexpr std::string_view never_advised[] = {
    "root account",
    "root key",
    "main account's key",
    "public-read",
    "public read",
    "make it public",
    "make the bucket public",
    "everyone",
    "anyone",
    "all actions",
    "any origin",
    "administratoraccess",
    "fullaccess",
    "switch off",
    "switch it off",
    "turn off",
    "disable hotlink",
    "secretkey as",
};

void check_manners(std::string_view text)
{
    CAPTURE(text);
    const auto low = lowered(text);
    for (const auto advice : never_advised) {
        CAPTURE(advice);
        CHECK(low.find(advice) == std::string::npos);
    }
}

/// Every judgement that any judge gives on any case.
template <class Visit>
void for_each_judgement(Visit visit)
{
    for (const auto& path : case_paths()) {
        CaseFile file;
        read_case(file, path);
        CAPTURE(file.name);
        const auto facts = read_facts(file.exchange());
        for (const auto* const cause : all_causes()) {
            if (const auto judgement = cause->judge(facts)) {
                CAPTURE(cause->token);
                visit(*cause, *judgement);
            }
        }
    }
}

bool is_permission_cause(std::string_view token) noexcept
{
    return token == "permission-denied" || token == "temporary-key-scope" || token == "copy-source-denied";
}

std::string read_file(const std::filesystem::path& path)
{
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

} // namespace

TEST_SUITE_BEGIN("diagnose/causes");

TEST_CASE("tokens are unique, are tokens of a structured field, and name their files")
{
    std::set<std::string> tokens;
    for (const auto* const cause : all_causes()) {
        CAPTURE(cause->token);
        CHECK(tokens.insert(std::string(cause->token)).second);
        CHECK(cause->token.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") == std::string_view::npos);
        CHECK(find_cause(cause->token) == cause);
    }
    std::set<std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(engine / "causes")) {
        auto name = entry.path().stem().string();
        std::replace(name.begin(), name.end(), '_', '-');
        files.insert(std::move(name));
    }
    CHECK(files == tokens);
    CHECK(all_causes().back()->token == "unexplained");
    CHECK(find_cause("no-such-cause") == nullptr);
}

TEST_CASE("every cause has a title, all sections of its page, and a dated source")
{
    for (const auto* const cause : all_causes()) {
        CAPTURE(cause->token);
        CHECK(!cause->title.empty());
        CHECK(cause->title.size() <= 60);
        CHECK(cause->title.back() != '.');
        const auto& page = cause->explanation;
        for (const auto text : {page.meaning, page.reason, page.evidence, page.change, page.confused}) {
            CAPTURE(text);
            CHECK(text.size() > 20);
            CHECK(text.back() == '.');
            CHECK(text.find("  ") == std::string_view::npos);
        }
        const auto& source = cause->source;
        CHECK(!source.page.empty());
        CHECK(!source.heading.empty());
        CHECK(
            (source.url.starts_with("https://www.tencentcloud.com/document/product/") ||
             source.url.starts_with("https://www.rfc-editor.org/rfc/"))
        );
        CHECK(read_iso_time(join(source.read_on, "T00:00:00Z")));
    }
}

TEST_CASE("a page that names a confidence or another cause names one that exists")
{
    for (const auto* const cause : all_causes()) {
        CAPTURE(cause->token);
        for (std::string_view rest = cause->explanation.confused; !rest.empty();) {
            const auto [word, behind] = split_at(rest, ' ');
            const auto bare = word.substr(0, word.find_first_of(",.:;"));
            const auto hyphen = bare.find('-');
            const bool token = hyphen != std::string_view::npos && !bare.starts_with("x-") &&
                               std::all_of(bare.begin(), bare.end(), [](char c) {
                                   return c == '-' || (c >= 'a' && c <= 'z');
                               });
            if (token && bare != "well-formed") {
                CAPTURE(bare);
                CHECK(find_cause(bare) != nullptr);
            }
            rest = behind;
        }
    }
}

TEST_CASE("no page advises what is never advised")
{
    for (const auto* const cause : all_causes()) {
        CAPTURE(cause->token);
        const auto& page = cause->explanation;
        for (const auto text :
             {cause->title, page.meaning, page.reason, page.evidence, page.change, page.confused}) {
            check_manners(text);
        }
    }
}

TEST_CASE("no judgement on any case advises what is never advised")
{
    for_each_judgement([](const Cause&, const Judgement& judgement) {
        check_manners(judgement.summary);
        check_manners(judgement.fix);
        CHECK(judgement.fix.find('*') == std::string::npos);
        CHECK(judgement.policy.find('*') == std::string::npos);
        for (const auto& remedy : judgement.remedies) {
            check_manners(remedy.step);
            CHECK(remedy.step.find('*') == std::string::npos);
        }
    });
}

TEST_CASE("every judgement on every case has a sentence, a fix, evidence and a remedy")
{
    for_each_judgement([](const Cause& cause, const Judgement& judgement) {
        CHECK(!judgement.summary.empty());
        CHECK(!judgement.fix.empty());
        CHECK(judgement.fix.size() <= 160);
        CHECK(!judgement.remedies.empty());
        CHECK(!judgement.evidence.empty());
        for (const auto& remedy : judgement.remedies) {
            CAPTURE(remedy.step);
            CHECK(!remedy.step.empty());
        }
        for (const auto& evidence : judgement.evidence) {
            CAPTURE(evidence.what);
            CHECK(!evidence.what.empty());
            CHECK(!evidence.value.empty());
        }
        CHECK((judgement.policy.empty() || is_permission_cause(cause.token)));
    });
}

TEST_CASE("a summary on any case fits whole into its 160 characters")
{
    for_each_judgement([](const Cause&, const Judgement& judgement) {
        CAPTURE(judgement.summary);
        CHECK(judgement.summary.size() <= 160);
    });
}

TEST_CASE("permission causes never claim to be certain")
{
    for_each_judgement([](const Cause& cause, const Judgement& judgement) {
        if (is_permission_cause(cause.token) || cause.token == "anonymous-request") {
            CHECK(judgement.confidence != Confidence::certain);
        }
    });
}

TEST_CASE("CAUSES.md is what the causes say; with COSDIAG_BLESS set it is written anew")
{
    for (const auto language : {Language::english, Language::chinese}) {
        const auto path = engine / (language == Language::english ? "CAUSES.md" : "CAUSES.zh.md");
        const auto markdown = catalogue_markdown(language);
        if (std::getenv("COSDIAG_BLESS") != nullptr) {
            std::ofstream(path, std::ios::binary) << markdown;
        }
        CHECK_MESSAGE(
            read_file(path) == markdown, "run this test with COSDIAG_BLESS=1, then look at the difference"
        );
    }
}

TEST_CASE("README.md lists every cause")
{
    std::string table = "| cause | what went wrong |\n|---|---|\n";
    for (const Cause* const cause : all_causes()) {
        table +=
            join("| [`", cause->token, "`](diagnose/CAUSES.md#", cause->token, ") | ", cause->title, " |\n");
    }
    test::check_readme("causes", table);
}

TEST_CASE("every page stands in Chinese too, with the same confidences and causes named")
{
    const auto ideographs = [](std::string_view text) {
        return std::count_if(text.begin(), text.end(), [](char c) {
            return (static_cast<unsigned char>(c) & 0xF0U) == 0xE0U;
        });
    };
    for (const auto* const cause : all_causes()) {
        CAPTURE(cause->token);
        const auto& english = cause->explanation;
        const auto& chinese = cause->chinese.explanation;
        CHECK(ideographs(cause->chinese.title) >= 4);
        CHECK(columns_of(cause->chinese.title) <= 60);
        for (const auto part :
             {&Explanation::meaning,
              &Explanation::reason,
              &Explanation::evidence,
              &Explanation::change,
              &Explanation::confused}) {
            CAPTURE(chinese.*part);
            CHECK(ideographs(chinese.*part) > 8);
            CHECK((chinese.*part).ends_with("。"));
        }
        for (const auto* const word : {"`certain`", "`likely`", "`possible`"}) {
            CAPTURE(word);
            CHECK(
                (chinese.evidence.find(word) != std::string_view::npos) ==
                (english.evidence.find(word) != std::string_view::npos)
            );
        }
        for (const auto* const other : all_causes()) {
            CAPTURE(other->token);
            if (english.confused.starts_with(other->token)) {
                CHECK(chinese.confused.find(other->token) != std::string_view::npos);
            }
        }
        const auto page = explain(cause->token, Language::chinese);
        REQUIRE(page);
        CHECK(page->find("\n含义\n") != std::string::npos);
    }
}

TEST_CASE("the catalogue leaves no angle bracket to be taken for HTML")
{
    bool quoted = false;
    std::size_t bare = 0;
    for (const char c : catalogue_markdown()) {
        quoted = c == '`' ? !quoted : quoted;
        bare += c == '<' && !quoted ? 1U : 0U;
    }
    CHECK(bare == 0);
    CHECK_FALSE(quoted);
}

TEST_CASE("explain shows the page of a token, a line for each cause, and nothing for other words")
{
    const auto all = explain_all();
    for (const auto* const cause : all_causes()) {
        CAPTURE(cause->token);
        CHECK(all.find(cause->title) != std::string::npos);
        const auto page = explain(cause->token);
        REQUIRE(page);
        CHECK(page->starts_with(join(cause->token, "\n", cause->title, "\n")));
        for (const auto heading :
             {"What it means",
              "Why COS answers so",
              "How we know",
              "What to change, and who",
              "Often confused with",
              "Source"}) {
            CHECK(page->find(join("\n", heading, "\n")) != std::string::npos);
        }
        CHECK(page->find(cause->source.url) != std::string::npos);
    }
    CHECK(static_cast<std::size_t>(std::count(all.begin(), all.end(), '\n')) == all_causes().size());
    for (const auto other : {"", "Signature-Expired", "signature-expired ", "signature"}) {
        CHECK_FALSE(explain(other));
    }
}

TEST_SUITE_END();

} // namespace cosdiag

// SPDX-License-Identifier: Apache-2.0
// The cases of tests/cases, each told to the engine as it stands in its file.
#include "diagnose/cause.hpp"
#include "diagnose/causes.hpp"
#include "diagnose/render.hpp"
#include "diagnose/text.hpp"
#include "diagnose/words.hpp"
#include "tests/diagnose/case_file.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>

namespace cosdiag {
namespace {

/// The judge itself is asked: a finding that the engine drops behind better ones counts as spoken.
/// `unexplained` answers always, but is asked only when nobody else did.
bool speaks(const Cause& cause, const Exchange& exchange, const Diagnosis& diagnosis)
{
    if (&cause == all_causes().back()) {
        return diagnosis.findings.front().cause == &cause;
    }
    return cause.judge(read_facts(exchange)).has_value();
}

void check_case(const CaseFile& file)
{
    const auto exchange = file.exchange();
    const auto diagnosis = diagnose(exchange, "00112233aabbccdd");
    const auto& first = diagnosis.findings.front();
    INFO(first.judgement.summary);
    CHECK(first.cause->token == file.token);
    CHECK(word_of(first.judgement.confidence) == file.confidence);
    for (const auto expected : file.also) {
        CAPTURE(expected);
        const auto [token, confidence] = split_at(expected, ' ');
        const auto* const cause = find_cause(token);
        REQUIRE(cause != nullptr);
        const auto judgement = cause->judge(read_facts(exchange));
        REQUIRE(judgement);
        CHECK(word_of(judgement->confidence) == confidence);
    }
    for (const auto token : file.silent) {
        CAPTURE(token);
        const auto* const cause = find_cause(token);
        REQUIRE(cause != nullptr);
        CHECK_FALSE(speaks(*cause, exchange, diagnosis));
    }
    const auto everything =
        join(json_line(diagnosis), "\n", header_value(diagnosis), "\n", block(diagnosis, {}));
    CAPTURE(everything);
    for (const auto text : file.says) {
        CAPTURE(text);
        CHECK(everything.find(text) != std::string::npos);
    }
    for (const auto text : file.conceals) {
        CAPTURE(text);
        CHECK(everything.find(text) == std::string::npos);
    }
}

} // namespace

TEST_SUITE_BEGIN("diagnose/cases");

TEST_CASE("each case gets the finding that its file names, and the judges it names stay silent")
{
    for (const auto& path : case_paths()) {
        CaseFile file;
        read_case(file, path);
        CAPTURE(file.name);
        CAPTURE(file.story);
        check_case(file);
    }
}

TEST_CASE("every cause has a case where it is first and a near miss where it is silent")
{
    std::set<std::string, std::less<>> shown;
    std::set<std::string, std::less<>> missed;
    for (const auto& path : case_paths()) {
        CaseFile file;
        read_case(file, path);
        CAPTURE(file.name);
        const auto folder = path.parent_path().filename().string();
        const bool first = file.token == folder;
        const bool silent = std::find(file.silent.begin(), file.silent.end(), folder) != file.silent.end();
        CHECK(first != silent);
        (first ? shown : missed).insert(folder);
    }
    for (const auto* const cause : all_causes()) {
        CAPTURE(cause->token);
        CHECK(shown.contains(cause->token));
        CHECK(missed.contains(cause->token));
    }
    for (const auto& folder : shown) {
        CAPTURE(folder);
        CHECK(find_cause(folder) != nullptr);
    }
}

TEST_CASE("a body alone leaves open whether the request was signed, and its sentences stay whole")
{
    Exchange exchange;
    exchange.status = 403;
    exchange.response_body = "<Error><Code>AccessDenied</Code><Message>Access Denied.</Message></Error>";
    const auto diagnosis = diagnose(exchange, "00112233aabbccdd");
    REQUIRE(diagnosis.findings.size() == 3);
    for (const auto& finding : diagnosis.findings) {
        const auto& said = finding.judgement;
        CAPTURE(said.summary);
        CHECK(said.confidence == Confidence::possible);
        for (const auto& remedy : said.remedies) {
            CAPTURE(remedy.step);
            CHECK(remedy.step.find("allows .") == std::string::npos);
            CHECK(remedy.step.find("  ") == std::string::npos);
        }
    }
    CHECK(diagnosis.findings[0].judgement.summary == "the access key may not do this call");
    CHECK(
        diagnosis.findings[1].judgement.summary ==
        "whether the request was signed was not seen; perhaps the bucket does not allow that anonymously"
    );
    CHECK(
        diagnosis.findings[2].judgement.summary == "a temporary key, if one signed this, may not do this call"
    );
}

TEST_SUITE_END();

} // namespace cosdiag

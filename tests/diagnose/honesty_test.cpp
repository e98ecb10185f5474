// SPDX-License-Identifier: Apache-2.0
// Whether confidence is earned: verdicts held against causes that are known.
#include "diagnose/cause.hpp"
#include "diagnose/diagnosis.hpp"
#include "diagnose/text.hpp"
#include "tests/diagnose/case_file.hpp"
#include "tests/diagnose/readme.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>

namespace cosdiag {
namespace {

enum class Outcome { right, wrong, undecided };

/// A finding that claims nothing is not wrong, and where nobody knows the cause nothing can be.
Outcome judge(const Finding& first, const std::vector<std::string_view>& truth)
{
    if (std::find(truth.begin(), truth.end(), first.cause->token) != truth.end()) {
        return Outcome::right;
    }
    const bool unknown = truth.empty() || truth.front() == "unknown";
    return unknown || first.judgement.confidence == Confidence::possible ? Outcome::undecided
                                                                         : Outcome::wrong;
}

/// By confidence, possible first, and by outcome.
using Counts = std::array<std::array<int, 3>, 3>;

Counts count(std::string_view folder)
{
    Counts counts{};
    for (const auto& path : case_paths(folder)) {
        CaseFile file;
        read_case(file, path);
        CAPTURE(file.name);
        CAPTURE(file.story);
        const auto truth = file.truth.empty() ? std::vector{file.token} : file.truth;
        const auto diagnosis = diagnose(file.exchange(), "00112233aabbccdd");
        const auto& first = diagnosis.findings.front();
        CAPTURE(first.cause->token);
        CAPTURE(first.judgement.summary);
        const auto outcome = judge(first, truth);
        if (first.judgement.confidence == Confidence::certain) {
            CHECK(outcome != Outcome::wrong);
        }
        if (outcome != Outcome::right && std::getenv("COSDIAG_SHOW") != nullptr) {
            MESSAGE(file.name);
        }
        ++counts[static_cast<std::size_t>(first.judgement.confidence)][static_cast<std::size_t>(outcome)];
    }
    return counts;
}

std::string table_of(const Counts& real, const Counts& made)
{
    constexpr std::string_view words[] = {"possible", "likely", "certain"};
    std::string table = "| confidence of the first finding | real: right | wrong | undecided | made: right | "
                        "wrong | undecided |\n"
                        "|---|--:|--:|--:|--:|--:|--:|\n";
    for (std::size_t confidence = 3; confidence-- > 0;) {
        table += join("| `", words[confidence], "` |");
        for (const auto* const counts : {&real, &made}) {
            for (const auto number : (*counts)[confidence]) {
                table += join(" ", std::to_string(number), " |");
            }
        }
        table += '\n';
    }
    return table;
}

} // namespace

TEST_SUITE("diagnose/honesty")
{
    TEST_CASE("no certain finding is wrong, and README.md's table is what the cases give")
    {
        test::check_readme("honesty", table_of(count("corpus"), count("cases")));
    }

    TEST_CASE("a finding that is likely is wrong in one real case of twenty at most")
    {
        const auto real = count("corpus");
        const auto& [right, wrong, undecided] = real[static_cast<std::size_t>(Confidence::likely)];
        CHECK(wrong * 20 <= right + wrong + undecided);
    }
}

} // namespace cosdiag

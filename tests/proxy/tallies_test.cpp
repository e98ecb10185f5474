// SPDX-License-Identifier: Apache-2.0
#include "diagnose/causes.hpp"
#include "proxy/tallies.hpp"

#include <doctest/doctest.h>

#include <thread>
#include <vector>

using namespace cosdiag;

namespace {

Diagnosis diagnosis_of(const Cause* cause, Confidence confidence)
{
    Diagnosis diagnosis;
    diagnosis.findings.resize(1);
    diagnosis.findings[0].cause = cause;
    diagnosis.findings[0].judgement.confidence = confidence;
    return diagnosis;
}

} // namespace

TEST_SUITE("proxy/tallies")
{
    TEST_CASE("there is room for every cause")
    {
        REQUIRE(all_causes().size() <= Tallies::most_causes);
        Tallies tallies;
        for (const Cause* const each : all_causes())
            tallies.diagnosed(diagnosis_of(each, Confidence::possible));
        for (std::size_t cause = 0; cause < all_causes().size(); ++cause)
            CHECK(tallies.diagnoses(cause, Confidence::possible) == 1);
        CHECK(tallies.all_diagnoses() == all_causes().size());
    }

    TEST_CASE("a diagnosis counts once, for its first finding")
    {
        Tallies tallies;
        Diagnosis diagnosis = diagnosis_of(all_causes()[1], Confidence::certain);
        diagnosis.findings.push_back(diagnosis_of(all_causes()[0], Confidence::likely).findings[0]);
        tallies.diagnosed(diagnosis);
        CHECK(tallies.diagnoses(1, Confidence::certain) == 1);
        CHECK(tallies.diagnoses(0, Confidence::likely) == 0);
        CHECK(tallies.all_diagnoses() == 1);
    }

    TEST_CASE("clients that turn away are no diagnoses of 403s")
    {
        Tallies tallies;
        tallies.distrusted();
        CHECK(tallies.distrusts() == 1);
        CHECK(tallies.all_diagnoses() == 0);
    }

    TEST_CASE("the clock's offset is the latest, and unknown at first")
    {
        Tallies tallies;
        CHECK_FALSE(tallies.clock_offset());
        for (const std::int64_t offset : {std::int64_t{0}, std::int64_t{-3'600'000}, std::int64_t{1500}}) {
            tallies.saw_clock(offset);
            CHECK(tallies.clock_offset() == offset);
        }
    }

    TEST_CASE("nothing is lost when threads count at once")
    {
        Tallies tallies;
        const Diagnosis diagnosis = diagnosis_of(all_causes()[0], Confidence::likely);
        std::vector<std::thread> counting;
        for (int thread = 0; thread < 4; ++thread)
            counting.emplace_back([&] {
                for (int i = 0; i < 10'000; ++i)
                    tallies.diagnosed(diagnosis);
            });
        for (std::thread& each : counting)
            each.join();
        CHECK(tallies.diagnoses(0, Confidence::likely) == 40'000);
    }
}

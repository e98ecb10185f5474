// SPDX-License-Identifier: Apache-2.0
#include "diagnose/causes.hpp"
#include "diagnose/verdicts.hpp"

#include <doctest/doctest.h>

using namespace cosdiag;

namespace {

Diagnosis
found(std::string_view token, Seen from, Seconds at, std::string_view host = "a", std::string_view code = "S")
{
    Diagnosis diagnosis;
    diagnosis.at = {at * 1000};
    diagnosis.exchange.host = host;
    diagnosis.exchange.code = code;
    Judgement judgement{
        .confidence = Confidence::certain,
        .summary = "said",
        .fix = {},
        .evidence = {{from, "what", "value"}},
        .remedies = {},
        .policy = {},
    };
    diagnosis.findings = {{find_cause(token), std::move(judgement)}};
    return diagnosis;
}

} // namespace

TEST_SUITE("diagnose/verdicts")
{
    TEST_CASE("what a secret has shown is reused for the same key, host and Code, for ten seconds")
    {
        struct Row {
            const char* name;
            Diagnosis refused;
            std::string_view key;
            bool reused;
        };

        const Row rows[] = {
            {"the same", found("signature-mismatch", Seen::response, 103), "AKIDa", true},
            {"ten seconds later", found("signature-mismatch", Seen::response, 110), "AKIDa", true},
            {"eleven seconds later", found("signature-mismatch", Seen::response, 111), "AKIDa", false},
            {"another key", found("signature-mismatch", Seen::response, 103), "AKIDb", false},
            {"another host", found("signature-mismatch", Seen::response, 103, "b"), "AKIDa", false},
            {"another Code", found("permission-denied", Seen::response, 103, "a", "A"), "AKIDa", false},
        };
        Verdicts verdicts;
        verdicts.keep(found("wrong-secret-key", Seen::config, 100), "AKIDa");
        for (const auto& row : rows) {
            CAPTURE(row.name);
            auto diagnosis = row.refused;
            verdicts.reuse(diagnosis, row.key);
            const auto& first = diagnosis.findings.front();
            CHECK((first.cause == find_cause("wrong-secret-key")) == row.reused);
            if (row.reused) {
                CHECK(first.judgement.confidence == Confidence::likely);
                CHECK(first.judgement.evidence.front().from == Seen::memory);
            }
        }
    }

    TEST_CASE("only what rests on a secret is kept, and the latest of a key counts")
    {
        Verdicts verdicts;
        verdicts.keep(found("signature-mismatch", Seen::response, 100), "AKIDa");
        auto first = found("unexplained", Seen::response, 101);
        verdicts.reuse(first, "AKIDa");
        CHECK(first.findings.front().cause == find_cause("unexplained"));

        verdicts.keep(found("wrong-secret-key", Seen::config, 101), "AKIDa");
        verdicts.keep(found("signed-path-differs", Seen::config, 102), "AKIDa");
        auto second = found("unexplained", Seen::response, 103);
        verdicts.reuse(second, "AKIDa");
        CHECK(second.findings.front().cause == find_cause("signed-path-differs"));
    }

    TEST_CASE("of more than 64 keys the oldest gives way")
    {
        Verdicts verdicts;
        for (int i = 0; i < 65; ++i) {
            verdicts.keep(found("wrong-secret-key", Seen::config, 100 + i / 16), "AKID" + std::to_string(i));
        }
        auto oldest = found("unexplained", Seen::response, 104);
        verdicts.reuse(oldest, "AKID0");
        CHECK(oldest.findings.front().cause == find_cause("unexplained"));
        auto newest = found("unexplained", Seen::response, 104);
        verdicts.reuse(newest, "AKID64");
        CHECK(newest.findings.front().cause == find_cause("wrong-secret-key"));
    }
}

// SPDX-License-Identifier: Apache-2.0
// What a 403 costs without a secret, for cases of tests/cases.
#include "diagnose/diagnosis.hpp"
#include "diagnose/render.hpp"
#include "tests/bench/engine.hpp"
#include "tests/diagnose/case_file.hpp"

#include <benchmark/benchmark.h>

#include <memory>
#include <string>
#include <vector>

namespace cosdiag::bench {

namespace {

using Cases = std::vector<std::unique_ptr<CaseFile>>;

struct Kind {
    const char* title;
    const char* name; ///< of the case
};

constexpr Kind kinds[] = {
    {"unsigned GET", "anonymous-request/unsigned-get"},
    {"right missing, with a policy", "permission-denied/sub-user-puts"},
    {"presigned URL expired", "signature-expired/presigned-url"},
    {"SignatureDoesNotMatch with FormatString", "signature-mismatch/equal-strings"},
    {"CORS preflight", "cors-denied/preflight"},
    {"HEAD, no body", "permission-denied/head-signed"},
};

std::unique_ptr<CaseFile> read(const std::filesystem::path& path)
{
    auto file = std::make_unique<CaseFile>();
    read_case(*file, path);
    file->identities.clear();
    return file;
}

void diagnose_in_turn(benchmark::State& state, const Cases& cases)
{
    std::string line;
    std::size_t next = 0;
    for (auto _ : state) {
        explain(cases[next]->exchange(), line);
        next = next + 1 == cases.size() ? 0 : next + 1;
    }
}

void add(const std::string& title, Cases cases)
{
    benchmark::RegisterBenchmark(
        ("diagnosis: " + title).c_str(),
        [held = std::make_shared<const Cases>(std::move(cases))](benchmark::State& state) {
            diagnose_in_turn(state, *held);
        }
    )->Unit(benchmark::kMicrosecond);
}

} // namespace

void explain(const Exchange& refused, std::string& line)
{
    const auto diagnosis = diagnose(refused, "91e155a0592f36b8");
    line.clear();
    append_json_line(line, diagnosis);
    benchmark::DoNotOptimize(line.data());
    benchmark::DoNotOptimize(header_value(diagnosis));
}

void register_diagnosis()
{
    const auto root = std::filesystem::path(COSDIAG_SOURCE_DIR) / "tests/cases";
    for (const auto& [title, name] : kinds) {
        Cases one;
        one.push_back(read(root / (std::string(name) + ".http")));
        add(title, std::move(one));
    }
    Cases all;
    for (const auto& path : case_paths())
        all.push_back(read(path));
    const auto title = "mean of all " + std::to_string(all.size()) + " cases";
    add(title, std::move(all));
}

} // namespace cosdiag::bench

// SPDX-License-Identifier: Apache-2.0
// What it costs to remember an allowed call and to recall what bears on a refused one, in time and in room.
#include "diagnose/memory.hpp"
#include "tests/bench/engine.hpp"

#include <benchmark/benchmark.h>
#include <malloc.h>

#include <cstdio>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

namespace cosdiag::bench {

namespace {

constexpr std::size_t calls = 50'000; ///< each leaves two facts: one of its object, one of its folder

Passage get(std::string_view target)
{
    return {
        .at = 1795492800,
        .method = "GET",
        .target = target,
        .host = "examplebucket-1250000000.cos.ap-beijing.myqcloud.com",
        .key_id = "AKIDexampleExampleExampleExample0042",
        .token = {},
        .client = {},
    };
}

std::string target_of(std::size_t number)
{
    char text[40];
    const int size = std::snprintf(text, sizeof text, "/folder-%06zu/object-%06zu", number, number);
    return {text, static_cast<std::size_t>(size)};
}

/// Bytes, as the kernel counts them page by page.
double resident()
{
    std::ifstream file("/proc/self/smaps_rollup");
    for (std::string word; file >> word;) {
        if (word == "Rss:") {
            double kib = 0;
            file >> kib;
            return kib * 1024;
        }
    }
    return 0;
}

void measure_room(benchmark::State& state)
{
    for (auto _ : state) {
        ::malloc_trim(0); // what others freed shall not go away while this is measured
        const double before = resident();
        const auto memory = std::make_unique<Memory>();
        for (std::size_t i = 0; i < calls; ++i)
            memory->remember(get(target_of(i)), {});
        state.counters["MiB"] = (resident() - before) / (1024 * 1024);
    }
}

template <class Call>
void add(const char* title, std::size_t objects, Call call)
{
    benchmark::RegisterBenchmark(title, [objects, call](benchmark::State& state) {
        const auto memory = std::make_unique<Memory>();
        std::vector<std::string> targets;
        for (std::size_t i = 0; i < objects; ++i) {
            targets.push_back(target_of(i));
            memory->remember(get(targets.back()), {});
        }
        std::size_t next = 0;
        for (auto _ : state) {
            call(*memory, get(targets[next]));
            next = next + 1 == objects ? 0 : next + 1;
        }
    });
}

void remember(Memory& memory, const Passage& passage)
{
    memory.remember(passage, {});
    benchmark::ClobberMemory();
}

void recall(Memory& memory, const Passage& passage)
{
    benchmark::DoNotOptimize(memory.recall(passage));
}

} // namespace

void register_memory()
{
    benchmark::RegisterBenchmark("memory: resident with 100,000 facts", measure_room)->Iterations(1);
    add("memory: remember the call before once more", 1, remember);
    add("memory: remember a call, each with another object", calls, remember);
    add("memory: recall, each time for another object", calls, recall);
}

} // namespace cosdiag::bench

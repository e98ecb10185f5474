// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/engine.hpp"

#include <benchmark/benchmark.h>
#include <malloc.h>

#include <cstdio>
#include <exception>

int main(int argc, char** argv)
{
    using namespace cosdiag::bench;
    ::mallopt(
        M_MMAP_THRESHOLD, 128 * 1024
    ); // what is large comes from the system each time, and shows as resident
    try {
        register_diagnosis();
        register_search();
        register_memory();
    } catch (const std::exception& error) {
        std::fprintf(stderr, "bench_engine: %s\n", error.what());
        return 1;
    }
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv))
        return 2;
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
}

// SPDX-License-Identifier: Apache-2.0
// bench_load --target ADDRESS:PORT [--form …] [--tls-ca FILE] [--requests N] … — a load generator of one
// thread. Sends a fixed number of requests over a fixed number of connections, checks every answer, and
// prints one line of JSON. With --tls-ca it speaks TLS and trusts what is in that file.
//
// With --hold the connections then stay open. A line "N" on standard input sends N more requests over them
// and prints the next line of JSON; the end of standard input ends the program.
#include "tests/bench/arguments.hpp"
#include "tests/bench/load_client.hpp"
#include "tests/bench/load_plan.hpp"
#include "tests/bench/payload.hpp"
#include "tests/bench/socket.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

namespace cosdiag::bench {

namespace {

using Microseconds = std::chrono::duration<double, std::micro>;

/// Sends all of `requests` and waits for the last answer.
void run(std::vector<std::unique_ptr<Client>>& clients, Poll& poll, Tally& tally, std::uint64_t requests)
{
    tally.to_start = requests;
    tally.latencies.clear();
    tally.latencies.reserve(requests);
    for (const auto& client : clients)
        client->next();
    while (tally.under_way > 0) {
        for (const auto& event : poll.wait())
            static_cast<Client*>(event.data.ptr)->on_ready(event.events);
    }
}

void report(std::vector<std::chrono::nanoseconds> latencies, std::chrono::duration<double> took)
{
    std::ranges::sort(latencies);
    const auto quantile = [&](std::size_t percent) {
        return Microseconds(latencies[(latencies.size() - 1) * percent / 100]).count();
    };
    std::printf(
        R"({"count": %zu, "seconds": %.6f, "p50_us": %.1f, "p99_us": %.1f})"
        "\n",
        latencies.size(),
        took.count(),
        quantile(50),
        quantile(99)
    );
    std::fflush(stdout);
}

int load(Arguments& arguments)
{
    using Clock = std::chrono::steady_clock;
    const auto plan = read_plan(arguments);
    std::signal(SIGPIPE, SIG_IGN);
    const Payload payload;
    Poll poll;
    Tally tally;
    std::vector<std::unique_ptr<Client>> clients;
    for (std::uint64_t i = 0; i < plan.connections; ++i)
        clients.push_back(std::make_unique<Client>(plan, payload, poll, tally));

    std::string line;
    for (auto requests = plan.requests;; requests = std::stoull(line)) {
        const auto began = Clock::now();
        run(clients, poll, tally, requests);
        report(tally.latencies, Clock::now() - began);
        if (!plan.hold || !std::getline(std::cin, line))
            return 0;
    }
}

} // namespace

} // namespace cosdiag::bench

int main(int argc, char** argv)
{
    return cosdiag::bench::run_guarded("bench_load", cosdiag::bench::load, argc, argv);
}

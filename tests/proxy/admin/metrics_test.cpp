// SPDX-License-Identifier: Apache-2.0
#include "diagnose/causes.hpp"
#include "proxy/admin/metrics.hpp"
#include "tests/proxy/admin/support.hpp"

#include <doctest/doctest.h>

#include <map>
#include <set>

using namespace cosdiag;
using namespace cosdiag::admin;

namespace {

/// Samples by name and labels, as they are written; each family must be introduced, and once.
std::map<std::string, std::string> read(const std::string& text)
{
    std::map<std::string, std::string> samples;
    std::set<std::string> families;
    std::string_view rest = text;
    std::string_view family;
    REQUIRE(rest.ends_with('\n'));
    while (!rest.empty()) {
        const auto [line, more] = split_at(rest, '\n');
        rest = more;
        if (line.starts_with("# HELP ")) {
            family = split_at(line.substr(7), ' ').front;
            CHECK_MESSAGE(
                families.insert(std::string(family)).second, std::string(family), " is there twice"
            );
        } else if (line.starts_with("# TYPE ")) {
            CHECK(split_at(line.substr(7), ' ').front == family);
        } else {
            const std::size_t blank = line.rfind(' ');
            REQUIRE(blank != std::string_view::npos);
            CHECK(line.starts_with(family));
            CHECK_MESSAGE(
                samples.emplace(line.substr(0, blank), line.substr(blank + 1)).second,
                std::string(line),
                " is there twice"
            );
        }
    }
    return samples;
}

std::map<std::string, std::string> samples_of(const test::Program& program)
{
    return read(metrics(program.numbers()));
}

std::string at(const std::map<std::string, std::string>& samples, const std::string& name)
{
    const auto found = samples.find("cosdiag_" + name);
    return found == samples.end() ? "absent" : found->second;
}

Diagnosis diagnosis_of(const Cause* cause, Confidence confidence)
{
    Diagnosis diagnosis;
    Finding finding;
    finding.cause = cause;
    finding.judgement.confidence = confidence;
    diagnosis.findings.push_back(finding);
    return diagnosis;
}

} // namespace

TEST_SUITE("proxy/admin/metrics")
{
    TEST_CASE("before anything has happened every number is there and 0, but for what is not known")
    {
        const auto samples = samples_of({});
        for (const char* name :
             {"refusals_total{error=\"dns_error\"}",
              "refusals_total{error=\"other\"}",
              "tunnels_total{kind=\"blind_cos\"}",
              "tunnels_total{kind=\"blind_other\"}",
              "tunnels_total{kind=\"intercepted\"}",
              "trust_failures_total",
              "log_entries_total{result=\"written\"}",
              "log_entries_total{result=\"lost\"}",
              "client_connections",
              "client_connections_total",
              "upstream_requests_total{connection=\"new\"}",
              "upstream_requests_total{connection=\"reused\"}",
              "upstream_connections_idle",
              "config_reloads_total{result=\"ok\"}",
              "config_reloads_total{result=\"rejected\"}",
              "draining",
              "hold_seconds_count",
              "hold_seconds_sum",
              "request_duration_seconds_bucket{le=\"0.001\"}",
              "upstream_response_seconds_bucket{le=\"+Inf\"}"}) {
            CAPTURE(name);
            CHECK(at(samples, name) == "0");
        }
        CHECK(at(samples, "config_last_reload_successful") == "1");
        CHECK(at(samples, "clock_offset_seconds") == "absent");
        CHECK(samples.at("process_start_time_seconds") == "1795492770.5");
        std::size_t diagnoses = 0;
        for (const auto& [name, value] : samples)
            diagnoses += name.starts_with("cosdiag_diagnoses_total{") ? 1U : 0U;
        CHECK(diagnoses <= 3 * all_causes().size());
    }

    TEST_CASE("what all threads have counted is added up, those included that have ended")
    {
        test::Program program;
        net::Meters& first = program.meters.take();
        net::Meters& second = program.meters.take();
        first.requests[0][0][2].add(3);
        second.requests[0][0][2].add(4);
        second.requests[1][net::index_of_method("PUT")][4].add();
        second.requests[2][net::index_of_method("PROPFIND")][0].add(2);
        first.refusals[net::index_of_error("dns_error")].add(5);
        second.refusals[net::index_of_error("never heard of it")].add(6);
        second.tunnels[2].add(7);
        second.clients.add(8);
        first.dialled.add(9);
        second.reused.add(10);
        first.pooled.set(2);
        second.pooled.set(3);
        program.meters.give_back(second);
        const auto samples = samples_of(program);

        struct Row {
            const char* name;
            const char* value;
        };

        for (const Row& row :
             {Row{"requests_total{mode=\"forward\",method=\"GET\",status_class=\"2xx\"}", "7"},
              {"requests_total{mode=\"reverse\",method=\"PUT\",status_class=\"4xx\"}", "1"},
              {"requests_total{mode=\"transparent\",method=\"other\",status_class=\"none\"}", "2"},
              {"requests_total{mode=\"forward\",method=\"GET\",status_class=\"3xx\"}", "absent"},
              {"refusals_total{error=\"dns_error\"}", "5"},
              {"refusals_total{error=\"other\"}", "6"},
              {"tunnels_total{kind=\"intercepted\"}", "7"},
              {"client_connections_total", "8"},
              {"upstream_requests_total{connection=\"new\"}", "9"},
              {"upstream_requests_total{connection=\"reused\"}", "10"},
              {"upstream_connections_idle", "2"}}) {
            CAPTURE(row.name);
            CHECK(at(samples, row.name) == row.value);
        }
        CHECK(all_requests(program.meters) == 10);
        CHECK(all_tunnels(program.meters, net::TunnelKind::intercepted) == 7);
        CHECK(all_tunnels(program.meters, net::TunnelKind::blind_cos) == 0);
    }

    TEST_CASE("ranges of a histogram hold all below them, and the last all there are")
    {
        test::Program program;
        net::Meters& first = program.meters.take();
        net::Meters& second = program.meters.take();
        for (const int milliseconds : {0, 1, 2, 10, 11})
            first.duration.observe(milliseconds);
        for (const int milliseconds : {11, 400, 300'001})
            second.duration.observe(milliseconds);
        const auto samples = samples_of(program);
        const auto below = [&](const std::string& bound) {
            return at(samples, "request_duration_seconds_bucket{le=\"" + bound + "\"}");
        };

        struct Row {
            const char* bound;
            const char* count;
        };

        for (const Row& row :
             {Row{"0.001", "2"},
              {"0.002", "3"},
              {"0.005", "3"},
              {"0.01", "4"},
              {"0.025", "6"},
              {"0.25", "6"},
              {"0.5", "7"},
              {"1", "7"},
              {"2.5", "7"},
              {"300", "7"},
              {"+Inf", "8"}}) {
            CAPTURE(row.bound);
            CHECK(below(row.bound) == row.count);
        }
        CHECK(at(samples, "request_duration_seconds_count") == "8");
        CHECK(at(samples, "request_duration_seconds_sum") == "300.436");
        CHECK(at(samples, "hold_seconds_count") == "0");
    }

    TEST_CASE("diagnoses are told apart by their best cause and its confidence")
    {
        test::Program program;
        const Cause* const first = all_causes().front();
        const Cause* const last = all_causes().back();
        Diagnosis two = diagnosis_of(first, Confidence::certain);
        two.findings.push_back(diagnosis_of(last, Confidence::possible).findings.front());
        program.tallies.diagnosed(two);
        program.tallies.diagnosed(two);
        program.tallies.diagnosed(diagnosis_of(last, Confidence::likely));
        const auto samples = samples_of(program);
        const auto count = [&](const Cause* cause, const char* confidence) {
            return at(
                samples, join("diagnoses_total{cause=\"", cause->token, "\",confidence=\"", confidence, "\"}")
            );
        };
        CHECK(count(first, "certain") == "2");
        CHECK(count(last, "likely") == "1");
        CHECK((count(last, "possible") == "0" || count(last, "possible") == "absent"));
    }

    TEST_CASE("how the program stands is told")
    {
        test::Program program;
        program.now = {
            .ready = true,
            .draining = true,
            .clients = 3,
            .log_written = 5'000'000'000,
            .log_lost = 2,
            .reloads = 4,
            .rejected_reloads = 1,
            .last_reload_rejected = true};
        program.tallies.saw_clock(-12'345);
        const auto samples = samples_of(program);
        CHECK(at(samples, "draining") == "1");
        CHECK(at(samples, "client_connections") == "3");
        CHECK(at(samples, "log_entries_total{result=\"written\"}") == "5000000000");
        CHECK(at(samples, "log_entries_total{result=\"lost\"}") == "2");
        CHECK(at(samples, "config_reloads_total{result=\"ok\"}") == "4");
        CHECK(at(samples, "config_reloads_total{result=\"rejected\"}") == "1");
        CHECK(at(samples, "config_last_reload_successful") == "0");
        CHECK(at(samples, "clock_offset_seconds") == "-12.345");
    }

    TEST_CASE("what the system says of this process is true")
    {
        const ProcessFacts facts = read_process_facts();
        CHECK(facts.resident > 100'000);
        CHECK(facts.descriptors >= 3);
        CHECK(facts.most_descriptors >= facts.descriptors);
        CHECK(facts.cpu_seconds >= 0);
        const test::Program program;
        const auto samples = read(metrics({program.meters, program.tallies, {}, {1.25, 4096, 7, 1024}, 0}));
        CHECK(samples.at("process_cpu_seconds_total") == "1.25");
        CHECK(samples.at("process_resident_memory_bytes") == "4096");
        CHECK(samples.at("process_open_fds") == "7");
        CHECK(samples.at("process_max_fds") == "1024");
    }
}

// SPDX-License-Identifier: Apache-2.0
#include "proxy/admin/metrics.hpp"

#include "diagnose/causes.hpp"
#include "diagnose/text.hpp"
#include "diagnose/words.hpp"

#include <array>
#include <cstdio>
#include <string_view>

namespace cosdiag::admin {

namespace {

using net::Histogram;
using net::Meters;

constexpr std::array<std::string_view, Meters::modes> modes{"forward", "reverse", "transparent"};
constexpr std::array<std::string_view, Meters::classes> classes{"none", "1xx", "2xx", "3xx", "4xx", "5xx"};
constexpr std::array<std::string_view, Meters::tunnel_kinds> tunnels{
    "blind_cos", "blind_other", "intercepted"};

/// What all threads have counted.
template <class Pick>
std::uint64_t sum(const net::MeterRoom& meters, Pick pick)
{
    std::uint64_t all = 0;
    meters.for_each([&](const Meters& each) { all += pick(each).value(); });
    return all;
}

std::string number(double value)
{
    char text[40];
    const int size = std::snprintf(text, sizeof text, "%.15g", value);
    return {text, static_cast<std::size_t>(size)};
}

class Exposition {
public:
    void family(std::string_view name, std::string_view type, std::string_view help)
    {
        x_name_ = name;
        x_text_ += join("# HELP cosdiag_", name, " ", help, "\n# TYPE cosdiag_", name, " ", type, "\n");
    }

    void sample(std::string_view labels, std::string_view value)
    {
        x_text_ += join("cosdiag_", x_name_, labels.empty() ? "" : "{", labels, labels.empty() ? " " : "} ");
        x_text_ += join(value, "\n");
    }

    void sample(std::string_view labels, std::uint64_t value) { sample(labels, std::to_string(value)); }

    void counter(std::string_view name, std::string_view help, std::uint64_t value)
    {
        family(name, "counter", help);
        sample("", value);
    }

    void gauge(std::string_view name, std::string_view help, double value)
    {
        family(name, "gauge", help);
        sample("", number(value));
    }

    /// Of the process, whose names are the same in all programs.
    void process(std::string_view name, std::string_view type, std::string_view help, double value)
    {
        x_text_ += join("# HELP process_", name, " ", help, "\n# TYPE process_", name, " ", type, "\n");
        x_text_ += join("process_", name, " ", number(value), "\n");
    }

    void histogram(
        std::string_view name, std::string_view help, const net::MeterRoom& meters, Histogram Meters::*of
    )
    {
        constexpr double milli = 1e-3;
        family(name, "histogram", help);
        std::uint64_t count = 0;
        for (std::size_t range = 0; range <= Histogram::bounds.size(); ++range) {
            const bool last = range == Histogram::bounds.size();
            meters.for_each([&](const Meters& each) { count += (each.*of).in_range(range); });
            const std::string bound =
                last ? "+Inf" : number(static_cast<double>(Histogram::bounds[range]) * milli);
            x_text_ += join("cosdiag_", name, "_bucket{le=\"", bound, "\"} ", std::to_string(count), "\n");
        }
        std::uint64_t total = 0;
        meters.for_each([&](const Meters& each) { total += (each.*of).sum(); });
        x_text_ += join("cosdiag_", name, "_sum ", number(static_cast<double>(total) * milli), "\n");
        x_text_ += join("cosdiag_", name, "_count ", std::to_string(count), "\n");
    }

    std::string take() { return std::move(x_text_); }

private:
    std::string x_text_;
    std::string_view x_name_;
};

void add_requests(Exposition& out, const net::MeterRoom& meters)
{
    out.family("requests_total", "counter", "Requests that were forwarded, by what the origin answered.");
    for (std::size_t mode = 0; mode < modes.size(); ++mode)
        for (std::size_t method = 0; method < net::counted_methods.size(); ++method)
            for (std::size_t status = 0; status < classes.size(); ++status) {
                const std::uint64_t count = sum(meters, [&](const Meters& each) -> const net::Count& {
                    return each.requests[mode][method][status];
                });
                if (count != 0)
                    out.sample(
                        join(
                            "mode=\"",
                            modes[mode],
                            "\",method=\"",
                            net::counted_methods[method],
                            "\",status_class=\"",
                            classes[status],
                            "\""
                        ),
                        count
                    );
            }
    out.family(
        "refusals_total", "counter", "Answers of the proxy's own, by their error type in Proxy-Status."
    );
    for (std::size_t error = 0; error < net::counted_errors.size(); ++error)
        out.sample(
            join("error=\"", net::counted_errors[error], "\""),
            sum(meters, [&](const Meters& each) -> const net::Count& { return each.refusals[error]; })
        );
    out.family("tunnels_total", "counter", "Tunnels, by whether they were looked into, and if not, whither.");
    for (std::size_t kind = 0; kind < tunnels.size(); ++kind)
        out.sample(
            join("kind=\"", tunnels[kind], "\""),
            sum(meters, [&](const Meters& each) -> const net::Count& { return each.tunnels[kind]; })
        );
}

void add_diagnoses(Exposition& out, const Numbers& numbers)
{
    const auto causes = all_causes();
    out.family(
        "diagnoses_total", "counter", "Diagnoses, by the cause of the best finding and its confidence."
    );
    for (std::size_t cause = 0; cause < causes.size(); ++cause)
        for (const auto confidence : {Confidence::possible, Confidence::likely, Confidence::certain})
            out.sample(
                join("cause=\"", causes[cause]->token, "\",confidence=\"", word_of(confidence), "\""),
                numbers.tallies.diagnoses(cause, confidence)
            );
    out.counter(
        "trust_failures_total",
        "Clients that turned away from the proxy's certificate.",
        numbers.tallies.distrusts()
    );
    out.family("log_entries_total", "counter", "Entries of the diagnosis log, by what became of them.");
    out.sample("result=\"written\"", numbers.state.log_written);
    out.sample("result=\"lost\"", numbers.state.log_lost);
    if (const auto offset = numbers.tallies.clock_offset())
        out.gauge(
            "clock_offset_seconds",
            "COS's clock minus the proxy's, good to half a second.",
            static_cast<double>(*offset) / 1000
        );
}

void add_connections(Exposition& out, const Numbers& numbers)
{
    const net::MeterRoom& meters = numbers.meters;
    out.gauge(
        "client_connections", "Clients that are connected.", static_cast<double>(numbers.state.clients)
    );
    out.counter(
        "client_connections_total",
        "Clients that were let in.",
        sum(meters, [](const Meters& each) -> const net::Count& { return each.clients; })
    );
    out.family(
        "upstream_requests_total",
        "counter",
        "Requests and tunnels, by the connection that they went on over."
    );
    out.sample("connection=\"new\"", sum(meters, [](const Meters& each) -> const net::Count& {
                   return each.dialled;
               }));
    out.sample("connection=\"reused\"", sum(meters, [](const Meters& each) -> const net::Count& {
                   return each.reused;
               }));
    out.gauge(
        "upstream_connections_idle",
        "Connections to origins that wait for a request.",
        static_cast<double>(sum(meters, [](const Meters& each) -> const net::Count& { return each.pooled; }))
    );
}

void add_program(Exposition& out, const Numbers& numbers)
{
    const State& state = numbers.state;
    out.family("build_info", "gauge", "The program's version.");
    out.sample("version=\"" COSDIAG_VERSION "\"", std::uint64_t{1});
    out.family("config_reloads_total", "counter", "Settings read anew, by what became of them.");
    out.sample("result=\"ok\"", state.reloads);
    out.sample("result=\"rejected\"", state.rejected_reloads);
    out.gauge(
        "config_last_reload_successful",
        "1 unless the settings read last were rejected.",
        state.last_reload_rejected ? 0 : 1
    );
    out.gauge("draining", "1 once the program takes no more clients.", state.draining ? 1 : 0);
    const ProcessFacts& process = numbers.process;
    out.process("cpu_seconds_total", "counter", "CPU time used.", process.cpu_seconds);
    out.process("resident_memory_bytes", "gauge", "Memory in use.", static_cast<double>(process.resident));
    out.process("open_fds", "gauge", "Open descriptors.", static_cast<double>(process.descriptors));
    out.process(
        "max_fds", "gauge", "Descriptors that may be open.", static_cast<double>(process.most_descriptors)
    );
    out.process("start_time_seconds", "gauge", "When the program started.", numbers.started);
}

} // namespace

std::string metrics(const Numbers& numbers)
{
    Exposition out;
    add_program(out, numbers);
    add_requests(out, numbers.meters);
    add_diagnoses(out, numbers);
    out.histogram(
        "request_duration_seconds",
        "From a request's head to the end of its answer.",
        numbers.meters,
        &Meters::duration
    );
    out.histogram(
        "upstream_response_seconds",
        "From a request's head to the head of its answer.",
        numbers.meters,
        &Meters::upstream
    );
    out.histogram(
        "hold_seconds", "How long 403s were kept back for the diagnosis.", numbers.meters, &Meters::hold
    );
    add_connections(out, numbers);
    return out.take();
}

std::uint64_t all_requests(const net::MeterRoom& meters)
{
    std::uint64_t all = 0;
    meters.for_each([&](const Meters& each) {
        for (const auto& of_mode : each.requests)
            for (const auto& of_method : of_mode)
                for (const net::Count& count : of_method)
                    all += count.value();
    });
    return all;
}

std::uint64_t all_tunnels(const net::MeterRoom& meters, net::TunnelKind kind)
{
    return sum(meters, [&](const Meters& each) -> const net::Count& {
        return each.tunnels[static_cast<std::size_t>(kind)];
    });
}

} // namespace cosdiag::admin

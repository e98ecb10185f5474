// SPDX-License-Identifier: Apache-2.0
#include "proxy/admin/answers.hpp"

#include "config/address.hpp"
#include "diagnose/causes.hpp"
#include "diagnose/json.hpp"
#include "diagnose/json_value.hpp"
#include "diagnose/text.hpp"
#include "diagnose/time.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <limits>
#include <utility>

namespace cosdiag::admin {

namespace {

std::string_view name_of(config::ListenerMode mode)
{
    return mode == config::ListenerMode::forward   ? "forward"
           : mode == config::ListenerMode::reverse ? "reverse"
                                                   : "transparent";
}

json::value text_or_null(const std::string& text)
{
    return text.empty() ? json::value(nullptr) : json::value(text);
}

json::object page_json(std::string_view title, const Explanation& explanation)
{
    return {
        {"title", title},
        {"meaning", explanation.meaning},
        {"reason", explanation.reason},
        {"evidence", explanation.evidence},
        {"change", explanation.change},
        {"confused", explanation.confused},
    };
}

/// A line that begins with a name, as clients::trust_lines() has them, taken apart.
json::object setting_json(const std::string& line)
{
    const std::size_t name = std::min(line.find("  "), line.size());
    const std::size_t text = std::min(line.find_first_not_of(' ', name), line.size());
    return {{"name", line.substr(0, name)}, {"lines", json::array{json::value(line.substr(text))}}};
}

} // namespace

std::string diagnoses_json(const log::Journal& journal, const Query& query, std::string_view instance)
{
    const bool all = query.filter == log::EntryFilter{};
    constexpr std::size_t whole = std::numeric_limits<std::size_t>::max();
    const log::Journal::View view = journal.before(query.before, all ? query.limit + 1 : whole);
    std::string text = R"({"schema":"cosdiag.diagnoses/1","entries":[)";
    std::size_t shown = 0;
    std::uint64_t next = 0;
    for (const log::Journal::Entry& each : view.entries) {
        if (!all && !query.filter.matches(parse_json(*each.line)))
            continue;
        if (shown == query.limit)
            break;
        text += (shown++ == 0 ? R"({"seq":)" : R"(,{"seq":)") + std::to_string(each.seq) + R"(,"entry":)";
        text += *each.line + "}";
        next = each.seq;
    }
    const bool more = shown == query.limit && view.entries.back().seq < next;
    text += join(R"(],"next":)", more ? std::to_string(next) : "null");
    text += join(R"(,"latest":)", std::to_string(view.latest), R"(,"kept":)", std::to_string(view.kept));
    text += R"(,"forgotten":)" + std::to_string(view.latest - view.kept);
    text += R"(,"instance":")" + std::string(instance) + "\"}";
    return text;
}

std::string
status_json(const About& about, const Numbers& numbers, const Instance& instance, std::int64_t now)
{
    json::array listeners;
    for (const config::Listener& each : about.listeners)
        listeners.push_back(json::object{
            {"address", to_string(each.address)}, {"mode", name_of(each.mode)}, {"tls", each.tls}});
    const auto offset = numbers.tallies.clock_offset();
    const json::object status{
        {"schema", "cosdiag.status/1"},
        {"version", COSDIAG_VERSION},
        {"instance", instance.id},
        {"started", iso_time_ms(instance.started)},
        {"now", iso_time_ms(now)},
        {"draining", numbers.state.draining},
        {"listeners", std::move(listeners)},
        {"https",
         {{"domains", json::array(about.domains.begin(), about.domains.end())},
          {"ca_made", text_or_null(about.ca_made)}}},
        {"upgrades", about.upgrades},
        {"log", text_or_null(about.log)},
        {"language", about.language},
        {"counts",
         {{"requests", all_requests(numbers.meters)},
          {"diagnoses", numbers.tallies.all_diagnoses()},
          {"blind_tunnels", all_tunnels(numbers.meters, net::TunnelKind::blind_cos)},
          {"trust_failures", numbers.tallies.distrusts()},
          {"log_lost", numbers.state.log_lost},
          {"client_connections", numbers.state.clients}}},
        {"clock_offset_seconds",
         offset ? json::value(static_cast<double>(*offset) / 1000) : json::value(nullptr)},
    };
    return json::serialize(status);
}

std::string causes_json()
{
    json::array causes;
    for (const Cause* const each : all_causes())
        causes.push_back(json::object{
            {"cause", each->token},
            {"docs", each->source.url},
            {"en", page_json(each->title, each->explanation)},
            {"zh", page_json(each->chinese.title, each->chinese.explanation)},
        });
    return json::serialize(json::object{{"schema", "cosdiag.causes/1"}, {"causes", std::move(causes)}});
}

std::string setup_json(const About& about)
{
    json::array clients;
    for (const std::string& line : about.trust)
        clients.push_back(setting_json(line));
    return json::serialize(json::object{
        {"schema", "cosdiag.setup/1"},
        {"proxy", about.proxy.empty() ? json::value(nullptr) : json::value("http://" + about.proxy)},
        {"shell", about.shell_line},
        {"run", about.run_line},
        {"ca",
         about.fingerprint.empty() ? json::value(nullptr)
                                   : json::value(json::object{{"fingerprint", about.fingerprint}})},
        {"clients", std::move(clients)},
    });
}

std::string error_json(std::string_view words)
{
    std::string text = R"({"error":)";
    append_json_string(text, words);
    return text + "}";
}

} // namespace cosdiag::admin

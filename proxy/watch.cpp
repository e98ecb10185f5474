// SPDX-License-Identifier: Apache-2.0
#include "proxy/watch.hpp"

#include "diagnose/diagnosis.hpp"
#include "diagnose/endpoint.hpp"
#include "diagnose/render.hpp"
#include "proxy/log/notices.hpp"
#include "proxy/search_budget.hpp"
#include "proxy/watch_memory.hpp"

#include <algorithm>
#include <random>
#include <vector>

namespace cosdiag {

namespace {

std::uint64_t random_start()
{
    std::random_device device;
    return std::uint64_t{device()} << 32 | device();
}

} // namespace

Watch::Watch(Parts parts)
    : x_config_(parts.config),
      x_identities_(parts.identities),
      x_log_(parts.log),
      x_tunnels_(parts.tunnels),
      x_remembered_(parts.remembered),
      x_trust_(std::move(parts.trust)),
      x_id_(random_start())
{
}

bool Watch::is_cos_host(std::string_view host) const noexcept
{
    const auto& own = x_config_.cos.custom_domains;
    return cosdiag::is_cos_host(host) || std::any_of(own.begin(), own.end(), [&](const std::string& each) {
               return http::equals(each, host);
           });
}

std::string Watch::examine(const net::Refused& refused) noexcept
{
    try {
        return diagnose_and_log(refused);
    } catch (const std::exception& failure) {
        // Told at the first failure and then ever more rarely: a storm of them must not fill the log.
        const std::uint64_t count = x_failures_.fetch_add(1) + 1;
        if ((count & (count - 1)) == 0)
            log::error(
                std::string("a 403 could not be diagnosed and went on as it was: ") + failure.what() + " (" +
                std::to_string(count) + " so far)"
            );
        return {};
    }
}

std::string Watch::diagnose_and_log(const net::Refused& refused)
{
    const auto request_fields = fields_of(refused.request.fields);
    const auto response_fields = fields_of(refused.response.fields);
    const Time wall = wall_clock();
    const net::Ticks ticks = net::now();

    Exchange exchange;
    exchange.method = refused.request.method;
    exchange.target = refused.target;
    exchange.scheme = refused.tls ? "https" : "http";
    exchange.host = refused.host;
    exchange.request_fields = request_fields;
    if (refused.request_body != nullptr) {
        exchange.request_body = refused.request_body->data;
        exchange.request_body_complete = refused.request_body_complete;
    }
    exchange.client = refused.client;
    exchange.status = refused.response.status;
    exchange.response_fields = response_fields;
    exchange.response_body = refused.response_body;
    exchange.response_body_complete = refused.response_body_complete;
    std::optional<Decoded> decoded;
    if (refused.response_body && is_coded(refused.response)) {
        decoded = decoded_body(refused.response, *refused.response_body, x_config_.limits.decoded_body);
        exchange.response_body.reset();
        if (decoded) {
            exchange.response_body = decoded->bytes;
            exchange.response_body_complete = decoded->complete;
        }
    }
    const Passage passage =
        passage_of(refused.request, refused.target, refused.host, wall.ms / 1000, refused.client);
    exchange.memory = x_remembered_.memory.recall(passage);
    exchange.memory.signer_clock = x_remembered_.clocks.recall(refused.client, passage.key_id, passage.at);
    const auto documents = x_remembered_.documents.of_bucket(refused.host, wall.ms / 1000);
    exchange.documents = documents;
    exchange.asked_at = {wall.ms - (ticks - refused.asked_at)};
    exchange.answered_at = {wall.ms - (ticks - refused.answered_at)};

    Diagnosis diagnosis = diagnose_within_budget(exchange, passage.key_id);
    auto attempt = x_remembered_.memory.refuse(passage, diagnosis.id);
    diagnosis.attempts = attempt.number;
    diagnosis.first_id = std::move(attempt.first_id);
    note_clock(request_fields, refused.response, passage);
    x_remembered_.tallies.diagnosed(diagnosis);
    x_log_.add(diagnosis);
    return header_value(diagnosis);
}

/// Without the secrets the diagnosis is as true, only less exact.
Diagnosis Watch::diagnose_within_budget(Exchange& exchange, std::string_view key_id)
{
    thread_local SearchBudget budget;
    if (x_identities_.empty())
        return diagnose(exchange, next_id());
    const auto begin = SearchBudget::Clock::now();
    if (!budget.allows(begin)) {
        auto diagnosis = diagnose(exchange, next_id());
        x_remembered_.verdicts.reuse(diagnosis, key_id);
        return diagnosis;
    }
    exchange.identities = x_identities_;
    auto diagnosis = diagnose(exchange, next_id());
    budget.spend(SearchBudget::Clock::now() - begin);
    x_remembered_.verdicts.keep(diagnosis, key_id);
    return diagnosis;
}

/// 16 hex digits, unique within the process and unlikely to be another's (splitmix64).
std::string Watch::next_id() noexcept
{
    std::uint64_t mixed = x_id_.fetch_add(0x9e3779b97f4a7c15U, std::memory_order_relaxed);
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9U;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebU;
    mixed ^= mixed >> 31;
    constexpr char digits[] = "0123456789abcdef";
    std::string id(16, '0');
    for (std::size_t i = 0; i < id.size(); ++i)
        id[i] = digits[mixed >> (60 - 4 * i) & 15];
    return id;
}

void Watch::blind_tunnel(std::string_view host, std::string_view user_agent) noexcept
{
    try {
        x_tunnels_.opened(host, user_agent);
    } catch (const std::exception&) { // a notice is worth less than the tunnel
    }
}

void Watch::handshake_done(std::string_view host, const net::Address& client) noexcept
{
    try {
        x_remembered_.trust_failures.clear(client.to_string(), host);
    } catch (const std::exception&) { // out of memory: then the next failure counts for more than it should
    }
}

/// Whoever leaves before it has seen our certificate has nothing against it.
void Watch::handshake_failed(const net::FailedHandshake& failed) noexcept
{
    using Kind = net::TlsStream::Failure::Kind;
    if (!failed.failure.certificate_sent ||
        (failed.failure.kind != Kind::alert && failed.failure.kind != Kind::ended))
        return;
    try {
        const clients::Client& client = clients::client_of(failed.user_agent);
        const std::string setting = clients::trust_hint(client, x_trust_);
        BrokenHandshake handshake;
        if (failed.failure.kind == Kind::alert)
            handshake.alert = failed.failure.alert;
        handshake.times = x_remembered_.trust_failures.add(failed.client, failed.host, net::now());
        handshake.client = client.name;
        handshake.setting = setting;
        const Field user_agent{"User-Agent", failed.user_agent};
        Exchange exchange;
        exchange.method = "CONNECT";
        exchange.target = "/";
        exchange.scheme = "https";
        exchange.host = failed.host;
        if (!failed.user_agent.empty())
            exchange.request_fields = {&user_agent, 1};
        exchange.client = failed.client;
        exchange.handshake = handshake;
        exchange.asked_at = exchange.answered_at = wall_clock();
        const Diagnosis diagnosis = diagnose(exchange, next_id());
        x_remembered_.tallies.distrusted();
        x_remembered_.tallies.diagnosed(diagnosis);
        x_log_.add(diagnosis);
    } catch (const std::exception& failure) {
        log::error(std::string("a refused certificate could not be diagnosed: ") + failure.what());
    }
}

} // namespace cosdiag

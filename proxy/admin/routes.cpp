// SPDX-License-Identifier: Apache-2.0
#include "proxy/admin/routes.hpp"

#include "diagnose/text.hpp"
#include "proxy/admin/page.hpp"

#include <chrono>
#include <utility>

namespace cosdiag::admin {

namespace {

constexpr std::string_view plain = "text/plain; charset=utf-8";
constexpr std::string_view exposition = "text/plain; version=0.0.4; charset=utf-8";
constexpr std::string_view html = "text/html; charset=utf-8";

Reply failure(unsigned status, const std::string& words)
{
    return {status, "application/json", error_json(words)};
}

Numbers numbers(const Knowledge& known)
{
    return {
        known.meters,
        known.tallies,
        known.source.state(),
        read_process_facts(),
        static_cast<double>(known.instance.started) / 1000};
}

std::int64_t now_ms()
{
    const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count();
}

/// Requests and diagnoses are shown on this machine, or to users.
std::optional<Reply> barred(const Request& request, net::Users& users)
{
    if (!users.required()) {
        if (request.from.local.is_loopback())
            return std::nullopt;
        return failure(
            403,
            "nobody may see requests here from another machine: admin.users in the settings can name who may"
        );
    }
    if (users.known(request.authorization))
        return std::nullopt;
    Reply reply = failure(401, "name and password of one of admin.users are needed");
    reply.asks_for_user = true;
    return reply;
}

std::variant<Reply, Follow> diagnoses(const Request& request, std::string_view text, const Knowledge& known)
{
    auto query = parse_query(text);
    if (const auto* wrong = std::get_if<std::string>(&query))
        return failure(400, *wrong);
    auto& asked = std::get<Query>(query);
    if (request.accept.find("text/event-stream") == std::string_view::npos)
        return Reply{200, "application/json", diagnoses_json(known.journal, asked, known.instance.id)};
    if (const auto last = whole_number(request.last_event_id))
        asked.after = static_cast<std::uint64_t>(*last);
    return Follow{std::move(asked)};
}

Reply state_of(std::string_view path, const Knowledge& known)
{
    if (path == "/livez")
        return {200, plain, "ok\n"};
    if (path == "/metrics")
        return {200, exposition, metrics(numbers(known))};
    const State state = known.source.state();
    if (state.draining)
        return {503, plain, "draining\n"};
    return {state.ready ? 200U : 503U, plain, state.ready ? "ready\n" : "starting\n"};
}

} // namespace

std::variant<Reply, Follow> answer(const Request& request, const Knowledge& known, net::Users& users)
{
    const auto [path, query] = split_at(request.target, '?');
    const Shows shows = what_shows(path);
    if (const auto words = objection(request.from, shows))
        return failure(403, *words);
    if (request.method != "GET" && request.method != "HEAD")
        return failure(405, "only GET and HEAD are answered here");
    if (shows == Shows::state)
        return state_of(path, known);
    if (auto reply = barred(request, users))
        return *std::move(reply);
    if (path == "/") {
        const Page page = live_page();
        return Reply{200, html, std::string(page.html), page.policy};
    }
    if (path == "/api/diagnoses")
        return diagnoses(request, query, known);
    if (path == "/api/status")
        return Reply{
            200,
            "application/json",
            status_json(*known.source.about(), numbers(known), known.instance, now_ms())};
    if (path == "/api/causes")
        return Reply{200, "application/json", causes_json()};
    if (path == "/api/setup")
        return Reply{200, "application/json", setup_json(*known.source.about())};
    return failure(
        404,
        "there is no such page; there are /, /livez, /readyz, /metrics and /api/diagnoses, status, causes, "
        "setup"
    );
}

} // namespace cosdiag::admin

// SPDX-License-Identifier: Apache-2.0
// The part of a session that becomes a tunnel: CONNECT, or a protocol that took HTTP's place.
#include "proxy/net/fault.hpp"
#include "proxy/net/session.hpp"
#include "proxy/net/tunnel.hpp"

namespace cosdiag::net {

namespace {

std::span<char> bytes_of(std::string& text)
{
    return {text.data(), text.size()};
}

/// Whom a request has come through.
std::string via_of(const http::Fields& fields)
{
    std::string all;
    http::for_each_element(fields, http::FieldId::via, [&](std::string_view element) {
        all.append(all.empty() ? "" : ", ").append(element);
    });
    return all;
}

} // namespace

void Session::name_tunnel(const http::Authority& authority)
{
    Origin& origin = x_work_->origin;
    origin = Origin{};
    origin.host = authority.host;
    origin.port = authority.port_or(443);
    origin.cos = x_context_.examiner.is_cos_host(origin.host);
    x_context_.parents.choose(origin, false);
    origin.write_key(x_work_->key);
}

/// Bytes are about to pass between a client and an origin that was dialled for it.
void Session::count_tunnel()
{
    Meters& meters = x_context_.meters;
    meters.dialled.add();
    const bool cos = x_work_->origin.cos;
    meters.tunnels[static_cast<std::size_t>(cos ? TunnelKind::blind_cos : TunnelKind::blind_other)].add();
}

/// Ends what this session is, and makes it a tunnel.
Task<> Session::join(StreamPtr upstream, std::string to_upstream, std::string to_client)
{
    x_context_.give(std::move(x_work_));
    x_close_ = true;
    upstream->watch(&x_waiter_);
    co_await run_tunnel(
        x_context_, *x_client_, *upstream, {bytes_of(to_upstream), bytes_of(to_client)}, x_waiter_
    );
}

Task<> Session::switched()
{
    StreamPtr upstream = x_work_->exchange.take_upstream();
    std::string to_client = x_work_->exchange.take_switch();
    std::string to_upstream(x_work_->exchange.client_leftover());
    co_await join(std::move(upstream), std::move(to_upstream), std::move(to_client));
}

Task<> Session::tunnel(const http::Tunnel& plan)
{
    Work& work = *x_work_;
    name_tunnel(plan.origin);
    if (!x_context_.access.connect_port_allowed(work.origin.port)) {
        co_await refuse(port_refused(work.origin.port), true);
        co_return;
    }
    if (inspects(work.origin.host)) {
        co_await intercept();
        co_return;
    }
    if (const auto refusal = barred()) {
        co_await refuse(*refusal, true);
        co_return;
    }
    if (work.origin.parent != nullptr)
        work.origin.via = via_of(work.head.fields);
    Dialled dialled = co_await x_context_.dialer.dial(work.origin, x_waiter_);
    if (!dialled.stream) {
        co_await refuse(dialled.failure, true);
        co_return;
    }
    count_tunnel();
    if (work.origin.cos)
        x_context_.examiner.blind_tunnel(work.origin.host, work.head.fields.value(http::FieldId::user_agent));
    std::string early(after_head().data(), after_head().size());
    co_await join(std::move(dialled.stream), std::move(early), std::string(tunnel_open));
}

} // namespace cosdiag::net

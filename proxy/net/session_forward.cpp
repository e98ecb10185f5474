// SPDX-License-Identifier: Apache-2.0
// The part of a session that forwards a request to its origin.
#include "proxy/net/fault.hpp"
#include "proxy/net/session.hpp"

namespace cosdiag::net {

using Outcome = Exchange::Outcome;

Task<> Session::forward(const http::Forward& plan)
{
    name_origin(plan);
    if (x_inside_ && x_entrance_.mode == config::ListenerMode::reverse && !x_work_->origin.cos) {
        co_await refuse(unknown_host(plan.origin.text, own_address()), true);
        co_return;
    }
    if (const auto refusal = barred()) {
        co_await refuse(*refusal, true);
        co_return;
    }
    if (plan.body.kind == http::Framing::Kind::chunked && x_context_.pool.speaks_http10(x_work_->key)) {
        co_await refuse(length_required(plan.origin), true);
        co_return;
    }
    StreamPtr upstream = reuse(plan);
    bool reused = upstream != nullptr;
    for (;;) {
        if (reused)
            x_context_.meters.reused.add();
        else
            upstream = co_await connect(plan);
        if (!upstream)
            co_return;
        const Outcome outcome = co_await exchange(plan, std::move(upstream), reused);
        reused = false;
        if (outcome == Outcome::retry)
            continue;
        if (outcome == Outcome::done)
            finish_well();
        else
            co_await finish_badly(outcome);
        co_return;
    }
}

/// A fresh connection; null, and the client has been told, if there is none to be had.
Task<StreamPtr> Session::connect(const http::Forward& plan)
{
    Origin& origin = x_work_->origin;
    origin.cos = x_context_.examiner.is_cos_host(origin.host);
    Dialled dialled = co_await x_context_.dialer.dial(origin, x_waiter_);
    if (!dialled.stream) {
        const bool close = !plan.client_persists || plan.body != http::Framing{} || x_context_.draining();
        co_await refuse(dialled.failure, close);
        if (!x_close_)
            next_request({after_head().data(), after_head().size()});
    } else {
        x_context_.meters.dialled.add();
    }
    co_return std::move(dialled.stream);
}

Task<Outcome> Session::exchange(const http::Forward& plan, StreamPtr upstream, bool reused)
{
    Exchange& exchange = x_work_->exchange;
    upstream->watch(&x_waiter_);
    exchange.start(
        *x_client_,
        std::move(upstream),
        reused,
        {&x_work_->head,
         &plan,
         after_head(),
         &x_peer_,
         x_work_->asked_at,
         x_work_->origin.tls,
         x_work_->origin.forwarded ? x_work_->origin.parent : nullptr}
    );
    Outcome outcome = exchange.advance();
    while (outcome == Outcome::wait || outcome == Outcome::again) {
        if (outcome == Outcome::again) {
            co_await x_context_.yield();
            outcome = exchange.advance();
            continue;
        }
        exchange.arm();
        x_waiter_.set(exchange.deadline());
        co_await x_waiter_.sleep();
        const bool late = x_waiter_.take_expired();
        outcome = x_waiter_.stopped() ? Outcome::gone : exchange.advance();
        if (outcome == Outcome::wait && late && now() >= exchange.deadline())
            outcome = exchange.expire();
    }
    co_return outcome;
}

/// A connection that is there already, if one may be used for this.
StreamPtr Session::reuse(const http::Forward& plan)
{
    if (x_pinned_) {
        StreamPtr pinned = std::move(x_pinned_);
        if (x_pinned_key_ == x_work_->key && pinned->peek().io == Io::blocked)
            return pinned;
    }
    if (plan.bound)
        return nullptr;
    const std::size_t here = after_head().size();
    const bool whole = plan.body.kind == http::Framing::Kind::none ||
                       (plan.body.kind == http::Framing::Kind::length && here >= plan.body.length);
    const Pool::Use use = !(plan.idempotent && whole) ? Pool::Use::once
                          : x_pipelined_              ? Pool::Use::again
                                                      : Pool::Use::awaited;
    return x_context_.pool.take(x_work_->pool_key(), use);
}

void Session::keep_upstream()
{
    Exchange& exchange = x_work_->exchange;
    x_context_.pool.note_version(x_work_->key, exchange.speaks_http10());
    if (!exchange.upstream_reusable())
        return;
    if (exchange.bound()) {
        x_pinned_ = exchange.take_upstream();
        x_pinned_->watch(nullptr);
        x_pinned_key_ = x_work_->key;
    } else {
        x_context_.pool.give(x_work_->pool_key(), exchange.take_upstream());
    }
}

void Session::finish_well()
{
    const Exchange& exchange = x_work_->exchange;
    count(exchange.status());
    keep_upstream();
    x_close_ = !exchange.client_persists();
    x_drain_ = x_close_ && !exchange.request_read();
    if (!x_close_)
        next_request(exchange.client_leftover());
}

/// A request that was forwarded is over. 0: it got no answer.
void Session::count(unsigned status)
{
    Meters& meters = x_context_.meters;
    auto& of_mode = meters.requests[static_cast<std::size_t>(x_entrance_.mode)];
    auto& of_method = of_mode[index_of_method(x_work_->head.method)];
    of_method[status / 100 < Meters::classes ? status / 100 : 0].add();
    meters.duration.observe(now() - x_work_->asked_at);
}

/// An exchange that has failed, or has become something else.
Task<> Session::finish_badly(Outcome outcome)
{
    Exchange& exchange = x_work_->exchange;
    if (outcome != Outcome::refused)
        count(exchange.status());
    switch (outcome) {
    case Outcome::refused:
        co_await refuse(exchange.refusal(), !exchange.client_persists());
        if (!x_close_)
            next_request(exchange.client_leftover());
        break;
    case Outcome::switched:
        co_await switched();
        break;
    case Outcome::cut:
        x_close_ = true;
        x_drain_ = !exchange.cut_hard() && !exchange.request_read();
        if (exchange.cut_hard())
            x_client_->abort();
        break;
    default: // the client has gone, and not by a half-close: the origin is to know
        x_close_ = true;
        if (const StreamPtr upstream = exchange.take_upstream())
            upstream->abort();
        break;
    }
}

/// Where the request goes, which depends on how its client came in.
void Session::name_origin(const http::Forward& plan)
{
    constexpr std::uint16_t http_port = 80;
    constexpr std::uint16_t https_port = 443;
    Origin& origin = x_work_->origin;
    const bool reverse = x_inside_ && x_entrance_.mode == config::ListenerMode::reverse;
    const bool upgrading = x_context_.config.upstream.tls == config::UpstreamTls::upgrade;
    origin.host = plan.origin.host;
    origin.port = plan.origin.port_or(http_port);
    origin.tls = x_inside_ && x_inside_->tls;
    origin.at = x_inside_ ? x_inside_->at : std::nullopt;
    origin.cos = (reverse || upgrading) && x_context_.examiner.is_cos_host(origin.host);
    if (x_inside_ && !reverse)
        origin.port = x_inside_->port;
    if (reverse || (upgrading && origin.cos && origin.port == http_port)) {
        origin.tls = true;
        origin.port = origin.port == http_port ? https_port : origin.port;
    }
    // What came in a tunnel of the client's goes on in one; and a URL must say no other port than Host does.
    const bool in_tunnel = x_inside_ && x_inside_->by == http::Addressing::By::tunnel;
    const bool same_port = origin.port == plan.origin.port_or(http_port);
    origin.parent = nullptr;
    origin.forwarded = false;
    origin.via.clear();
    x_context_.parents.choose(origin, !in_tunnel && same_port && http::fits_absolute_form(plan));
    origin.write_key(x_work_->key);
}

/// Why the parent is not to be asked for that origin. What is connected to directly is looked at by its
/// address, once that is known.
std::optional<http::Refusal> Session::barred()
{
    Origin& origin = x_work_->origin;
    if (origin.parent == nullptr)
        return std::nullopt;
    origin.cos = x_context_.examiner.is_cos_host(origin.host);
    const auto denial = x_context_.access.check_named(origin.host, origin.port, origin.cos);
    return denial ? std::optional(destination_refused(*denial)) : std::nullopt;
}

} // namespace cosdiag::net

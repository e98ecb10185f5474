// SPDX-License-Identifier: Apache-2.0
// The part of a session that answers by itself: refusals, the hint page, and a close that loses nothing.
#include "proxy/net/fault.hpp"
#include "proxy/net/session.hpp"

namespace cosdiag::net {

using http::FieldId;

namespace {

/// How long a client may go on sending what nobody reads, and how long it may pause (RFC 9112 §9.6).
constexpr Ticks linger_total = 30'000;
constexpr Ticks linger_pause = 5'000;

} // namespace

/// Host and path without the query: what an error names.
std::string Session::resource() const
{
    const auto* plan = std::get_if<http::Forward>(&x_work_->plan);
    if (plan == nullptr)
        return {};
    std::string text(plan->origin.text);
    return text.append(plan->path_and_query.substr(0, plan->path_and_query.find('?')));
}

std::string Session::own_address() const
{
    Address address = x_entrance_.address.address();
    const std::uint16_t port = x_entrance_.address.port();
    const bool v6 = address.is_v6();
    if (address.is_unspecified()) {
        const std::string_view text = x_work_->head.fields.value(FieldId::host);
        const auto host = http::parse_authority(text);
        if (host && (!x_inside_ || host->port_or(80) == port))
            return std::string(text);
        if (x_inside_)
            address = v6 ? Address(asio::ip::address_v6::loopback()) : asio::ip::address_v4::loopback();
    }
    return (v6 ? "[" : "") + address.to_string() + (v6 ? "]:" : ":") + std::to_string(port);
}

Task<> Session::answer_locally(const http::Local& local)
{
    if (x_inside_ && local.kind == http::Local::Kind::hint) {
        co_await refuse(unknown_host({}, own_address()), true);
        co_return;
    }
    const std::string date = Context::date();
    http::AnswerContext context;
    context.head_only = x_work_->head.method == "HEAD";
    context.close = local.close || x_context_.draining();
    context.date = date;
    x_close_ = x_drain_ = context.close;
    switch (local.kind) {
    case http::Local::Kind::hint:
        co_await send(http::hint_page(own_address(), context));
        break;
    case http::Local::Kind::options:
        co_await send(http::options_answer(context));
        break;
    case http::Local::Kind::trace:
        co_await send(http::trace_answer(x_work_->head, context));
        break;
    }
    if (!x_close_)
        next_request({after_head().data(), after_head().size()});
}

Task<> Session::refuse(const http::Refusal& refusal, bool close)
{
    x_context_.meters.refusals[index_of_error(refusal.proxy_error)].add();
    const std::string date = Context::date();
    const std::string about = resource();
    http::AnswerContext context;
    context.head_only = x_work_->head.method == "HEAD";
    context.close = close;
    context.resource = about;
    context.date = date;
    x_close_ = x_drain_ = close;
    co_await send(http::refusal_answer(refusal, context));
}

Task<> Session::send(std::string bytes)
{
    std::string_view rest = bytes;
    const Ticks pause = x_context_.config.timeouts.body_idle.count();
    Ticks deadline = now() + pause;
    while (!rest.empty() && !x_waiter_.stopped()) {
        const iovec part{const_cast<char*>(rest.data()), rest.size()};
        const IoResult result = x_client_->write({&part, 1});
        if (result.io == Io::moved) {
            rest.remove_prefix(result.bytes);
            deadline = now() + pause;
            continue;
        }
        if (result.io != Io::blocked || now() >= deadline) {
            x_close_ = true;
            x_drain_ = false;
            co_return;
        }
        x_client_->want_write();
        x_waiter_.set(deadline);
        co_await x_waiter_.sleep();
        static_cast<void>(x_waiter_.take_expired());
    }
}

/// Closes so that the answer is not lost to a reset: ends the writing half, then reads what still comes.
Task<> Session::linger()
{
    x_client_->end_write();
    const Ticks last = now() + linger_total;
    Ticks deadline = now() + linger_pause;
    Buffer sink = x_context_.stores.take_small();
    while (!x_waiter_.stopped()) {
        const IoResult result = x_client_->read(sink.room());
        if (result.io == Io::ended || result.io == Io::failed || now() >= deadline)
            break;
        if (result.io == Io::moved) {
            deadline = std::min(last, now() + linger_pause);
            co_await x_context_.yield();
            continue;
        }
        x_client_->want_read();
        x_waiter_.set(deadline);
        co_await x_waiter_.sleep();
        static_cast<void>(x_waiter_.take_expired());
    }
    x_context_.stores.give(std::move(sink));
}

} // namespace cosdiag::net

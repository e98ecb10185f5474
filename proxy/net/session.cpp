// SPDX-License-Identifier: Apache-2.0
#include "proxy/net/session.hpp"

#include "proxy/net/fault.hpp"

namespace cosdiag::net {

using http::FieldId;

Detached run_session(Context& context, StreamPtr client, Arrival arrival)
{
    try {
        Session session(context, std::move(client), arrival);
        co_await session.run();
    } catch (const std::bad_alloc&) { // this connection is lost, the others are not
    }
}

Session::Session(Context& context, StreamPtr client, const Arrival& arrival)
    : x_context_(context),
      x_entrance_(arrival.entrance),
      x_original_(arrival.original),
      x_client_(std::move(client)),
      x_waiter_(context.wheel),
      x_head_deadline_(now() + context.config.timeouts.client_head.count()),
      x_peer_(arrival.peer),
      x_peer_port_(arrival.peer_port)
{
    x_client_->watch(&x_waiter_);
    context.sessions.push_back(*this);
}

Session::~Session()
{
    x_context_.give(std::move(x_work_));
    unlink();
    if (x_context_.on_session_end)
        x_context_.on_session_end();
}

Task<> Session::run()
{
    if (x_entrance_.mode != config::ListenerMode::forward)
        co_await enter();
    while (!x_close_) {
        Step step = read_request();
        while (step == Step::wait) {
            if (!x_work_ && x_context_.ending == Context::Ending::now)
                co_return;
            x_client_->want_read();
            x_waiter_.set(x_head_deadline_);
            co_await x_waiter_.sleep();
            if (x_waiter_.stopped())
                co_return;
            const bool late = x_waiter_.take_expired() && now() >= x_head_deadline_;
            step = read_request();
            if (step == Step::wait && late)
                step = head_late();
        }
        if (step == Step::ended)
            co_return;
        co_await act(step);
    }
    x_context_.give(std::move(x_work_));
    if (x_drain_ && !x_waiter_.stopped())
        co_await linger();
}

/// What becomes of the request at hand. No coroutine of its own: that would be one more for each request.
Task<> Session::act(Step step)
{
    if (std::exchange(x_undecided_, false) && is_foreign())
        return pass_through(step == Step::ready);
    if (leads_nowhere() || step == Step::refused)
        return refuse(std::get<http::Refusal>(x_work_->plan), true);
    if (!admitted())
        return ask_for_credentials();
    if (const auto* plan = std::get_if<http::Forward>(&x_work_->plan))
        return forward(*plan);
    return serve();
}

/// Whether requests on this connection have nowhere to go, which they are told then.
bool Session::leads_nowhere()
{
    if (x_returned_)
        x_work_->plan = led_back(x_original_->address().to_string());
    else if (x_stray_)
        x_work_->plan = not_redirected(own_address());
    return x_returned_ || x_stray_;
}

Task<> Session::ask_for_credentials()
{
    co_await refuse(credentials_required(x_work_->head.fields.has(FieldId::proxy_authorization)), true);
}

/// Everything that is not forwarded.
Task<> Session::serve()
{
    if (const auto* plan = std::get_if<http::Tunnel>(&x_work_->plan))
        co_await tunnel(*plan);
    else if (const auto* local = std::get_if<http::Local>(&x_work_->plan))
        co_await answer_locally(*local);
    else
        co_await refuse(std::get<http::Refusal>(x_work_->plan), true);
}

Session::Step Session::read_request()
{
    for (;;) {
        if (x_work_ && !x_work_->input.empty()) {
            const auto found =
                x_work_->scanner.scan(x_work_->input.view(), x_context_.config.limits.request_head);
            if (found.fault) {
                x_work_->plan = http::head_refusal(found.fault);
                return Step::refused;
            }
            if (found.end != 0)
                return take_head(found.begin, found.end);
        }
        if (const IoResult result = read_more(); result.io != Io::moved)
            return no_more(result.io);
    }
}

/// Reads once, behind what is there.
IoResult Session::read_more()
{
    if (!x_client_->may_read())
        return {};
    if (!x_work_)
        x_work_ = x_context_.take_work();
    Buffer& input = x_work_->input;
    if (input.room().empty())
        input.enlarge(input.capacity() * 2);
    const IoResult result = x_client_->read(input.room());
    if (input.empty() && result.io == Io::moved)
        x_head_deadline_ = std::min(x_head_deadline_, now() + x_context_.config.timeouts.client_head.count());
    input.grow(result.bytes);
    return result;
}

/// What reading has come to: nothing for now, or the client's end.
Session::Step Session::no_more(Io io)
{
    const bool nothing = !x_work_ || x_work_->input.empty();
    if (io == Io::blocked) {
        if (nothing)
            x_context_.give(std::move(x_work_));
        return Step::wait;
    }
    if (io == Io::failed || nothing)
        return Step::ended;
    x_work_->plan = http::head_refusal(
        {http::HeadFault::Kind::malformed, "the connection ended in the middle of its head"}
    );
    return Step::refused;
}

Session::Step Session::take_head(std::size_t begin, std::size_t end)
{
    Work& work = *x_work_;
    const auto& limits = x_context_.config.limits;
    const std::string_view bytes = work.input.view().substr(begin, end - begin);
    if (const auto fault = http::parse_request(bytes, {limits.request_head, limits.fields}, work.head)) {
        work.plan = http::head_refusal(fault);
        return Step::refused;
    }
    work.head_size = end;
    work.asked_at = now();
    work.plan = http::plan_request(work.head, x_context_.identity, addressing());
    return Step::ready;
}

/// An idle connection just ends; a head that is late is told so.
Session::Step Session::head_late()
{
    if (!x_work_)
        return Step::ended;
    x_work_->plan = client_head_late(x_context_.config.timeouts);
    return Step::refused;
}

bool Session::admitted()
{
    return !x_context_.users.required() || x_inside_ ||
           x_context_.users.known(x_work_->head.fields.value(FieldId::proxy_authorization));
}

/// What was read behind the head.
std::span<char> Session::after_head()
{
    Buffer& input = x_work_->input;
    return {input.data() + x_work_->head_size, input.size() - x_work_->head_size};
}

/// Makes ready for the next request, whose first bytes may be here already.
void Session::next_request(std::string_view leftover)
{
    const auto& timeouts = x_context_.config.timeouts;
    x_pipelined_ = !leftover.empty();
    if (leftover.empty()) {
        x_context_.give(std::move(x_work_));
        x_head_deadline_ = now() + timeouts.client_keep_alive.count();
        return;
    }
    Buffer input = x_context_.stores.take_small();
    input.append(leftover);
    x_work_->exchange.release();
    x_work_->begin();
    x_work_->input.swap(input);
    x_context_.stores.give(std::move(input));
    x_head_deadline_ = now() + timeouts.client_head.count();
}

} // namespace cosdiag::net

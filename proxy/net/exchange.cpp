// SPDX-License-Identifier: Apache-2.0
#include "proxy/net/exchange.hpp"

#include "proxy/net/fault.hpp"

namespace cosdiag::net {

using State = Flow::State;
using http::FieldId;

void Exchange::start(Stream& client, StreamPtr upstream, bool reused, const Request& request)
{
    x_request_ = request;
    x_client_ = &client;
    x_upstream_ = std::move(upstream);
    x_reused_ = reused;
    x_request_out_.clear();
    http::write_request(*request.head, *request.plan, x_context_.identity, x_request_out_);
    x_up_.start(client, *x_upstream_, request.plan->body, x_request_out_, request.body);
    tap_request();
    x_scanner_.reset();
    x_progress_ = 0;
    x_moved_at_ = request.asked_at;
    x_sent_at_ = x_answered_at_ = 0;
    x_phase_ = Phase::head;
    x_heard_ = x_client_truncated_ = x_up_failed_ = x_hold_expired_ = false;
    x_watching_ = true;
    x_close_ = x_cut_hard_ = false;
    x_bound_ = request.plan->bound;
}

void Exchange::release()
{
    x_up_.release();
    x_down_.release();
    x_context_.stores.give(std::move(x_answer_));
    x_answer_ = Buffer();
    x_upstream_.reset();
    x_request_tap_.reset();
    x_reply_tap_.reset();
    x_phase_ = Phase::done;
}

Exchange::Outcome Exchange::advance()
{
    if (const auto outcome = upload())
        return *outcome;
    const Outcome outcome = download();
    if (outcome != Outcome::wait)
        return outcome;
    note_progress();
    if (!watch_client())
        return Outcome::gone;
    return x_up_.again() || x_down_.again() ? Outcome::again : Outcome::wait;
}

/// Passes the request on. Empty unless that ends the exchange.
std::optional<Exchange::Outcome> Exchange::upload()
{
    if (x_up_.state() != State::moving)
        return {};
    State state = x_up_.pump();
    if (state == State::sink_failed) {
        // The origin takes no more, but may have answered before: the rest is read and dropped.
        x_up_failed_ = true;
        x_up_.discard();
        state = x_up_.pump();
    }
    switch (state) {
    case State::moving:
        return {};
    case State::source_failed:
        x_upstream_->abort();
        return Outcome::gone;
    case State::malformed:
        x_upstream_->abort();
        return refuse(http::framing_refusal(400, x_up_.fault()));
    case State::source_ended:
        // A half-close in the middle of the body: the origin sees the same.
        x_client_truncated_ = true;
        if (!x_up_failed_)
            x_upstream_->end_write();
        break;
    default:
        break;
    }
    x_sent_at_ = now();
    return {};
}

Exchange::Outcome Exchange::download()
{
    for (;;) {
        switch (x_phase_) {
        case Phase::head:
            if (const auto outcome = read_head())
                return *outcome;
            break;
        case Phase::interim:
            switch (x_down_.pump()) {
            case State::finished:
                x_phase_ = Phase::head;
                break;
            case State::moving:
                return Outcome::wait;
            default:
                return Outcome::gone;
            }
            break;
        case Phase::hold:
            if (x_down_.pump() == State::malformed)
                return refuse(http::bad_answer(x_down_.fault()));
            if (!x_down_.held_enough() && !x_hold_expired_)
                return Outcome::wait;
            end_hold();
            break;
        case Phase::body:
            if (const Outcome outcome = relay(); outcome != Outcome::done)
                return outcome;
            x_phase_ = Phase::done;
            break;
        case Phase::done:
            return x_up_.state() == State::moving && !x_close_ ? Outcome::wait : Outcome::done;
        }
    }
}

/// Reads up to the end of the next head and acts on it. Empty once it has.
std::optional<Exchange::Outcome> Exchange::read_head()
{
    for (;;) {
        if (!x_answer_.empty()) {
            const auto found = x_scanner_.scan(x_answer_.view(), x_context_.config.limits.response_head);
            if (found.fault)
                return refuse(http::bad_answer(found.fault.what));
            if (found.end != 0)
                return take_head(found.end);
        }
        if (!x_upstream_->may_read())
            return Outcome::wait;
        if (!x_answer_)
            x_answer_ = x_context_.stores.take_large();
        if (x_answer_.room().empty())
            x_answer_.enlarge(x_answer_.size() * 2);
        const IoResult result = x_upstream_->read(x_answer_.room());
        if (result.io == Io::moved) {
            x_answer_.grow(result.bytes);
            x_heard_ = true;
            continue;
        }
        if (result.io != Io::blocked)
            return no_answer(result);
        if (x_answer_.empty()) {
            x_context_.stores.give(std::move(x_answer_));
            x_answer_ = Buffer();
        }
        return Outcome::wait;
    }
}

std::optional<Exchange::Outcome> Exchange::take_head(std::size_t size)
{
    const auto& config = x_context_.config;
    const http::HeadLimits limits{config.limits.response_head, config.limits.fields};
    if (const auto fault = http::parse_response(x_answer_.view().substr(0, size), limits, x_head_))
        return refuse(http::bad_answer(fault.what));
    const auto plan = http::plan_reply(
        x_head_, {x_request_.head->method, x_request_.head->minor_version, x_request_.plan->websocket}
    );
    if (const auto* refusal = std::get_if<http::Refusal>(&plan))
        return refuse(*refusal);
    x_reply_ = std::get<http::Reply>(plan);

    if (x_reply_.interim) {
        x_reply_out_.clear();
        if (x_request_.head->minor_version != 0) // RFC 9110 §15.2
            http::write_reply(x_head_, x_reply_, x_context_.identity, {}, x_reply_out_);
        x_answer_.consume(size);
        x_scanner_.reset();
        x_down_.start(*x_upstream_, *x_client_, {}, x_reply_out_, {});
        x_phase_ = Phase::interim;
        return {};
    }
    if (x_reply_.switches) {
        x_reply_out_.clear();
        http::write_reply(x_head_, x_reply_, x_context_.identity, {}, x_reply_out_);
        x_answer_.skip(size);
        return Outcome::switched;
    }
    x_answered_at_ = now();
    x_bound_ = x_bound_ || x_reply_.bound;
    begin_final({x_answer_.data() + size, x_answer_.size() - size});
    return {};
}

void Exchange::begin_final(std::span<char> body)
{
    if (!wants_hold()) {
        write_final({});
        x_down_.start(*x_upstream_, *x_client_, x_reply_.body, x_reply_out_, body);
        x_phase_ = Phase::body;
    } else {
        x_down_.start(*x_upstream_, *x_client_, x_reply_.body, {}, body);
        x_down_.hold(x_context_.config.limits.held_body);
        x_reply_tap_.emplace().limit = x_context_.config.limits.held_body;
        x_down_.tap(&*x_reply_tap_);
        x_phase_ = Phase::hold;
    }
    if (x_reply_.decode_chunks)
        x_down_.decode_chunks();
}

Exchange::Outcome Exchange::relay()
{
    switch (x_down_.pump()) {
    case State::moving:
        // While we wait, only what a Flow needs is kept: the head has left, and its buffer with it.
        if (x_answer_ && x_down_.blocked_on_source() && x_down_.leftover().empty()) {
            x_context_.stores.give(std::move(x_answer_));
            x_answer_ = Buffer();
        }
        return Outcome::wait;
    case State::finished:
        // Where our own write met the reset, what reads like an end is none.
        if (x_up_failed_ && x_reply_.body.kind == http::Framing::Kind::until_close) {
            x_cut_hard_ = true;
            return Outcome::cut;
        }
        return Outcome::done;
    case State::malformed:
        if (x_down_.pristine())
            return refuse(http::bad_answer(x_down_.fault()));
        x_cut_hard_ = x_reply_.decode_chunks;
        return Outcome::cut;
    case State::source_ended:
        x_cut_hard_ = x_reply_.decode_chunks;
        return Outcome::cut;
    case State::source_failed:
        x_cut_hard_ = true;
        return Outcome::cut;
    default:
        return Outcome::gone;
    }
}

Exchange::Outcome Exchange::no_answer(const IoResult& result)
{
    const bool repeatable = x_request_.plan->idempotent && x_up_.repeatable() && !x_client_truncated_;
    if (!x_heard_ && x_reused_ && repeatable)
        return Outcome::retry;
    if (x_client_truncated_)
        return refuse(client_ended_early());
    return refuse(origin_ended_early(x_request_.plan->origin, x_heard_, result.error));
}

/// While an answer is awaited the client may leave: a reset ends the exchange. False if it has.
bool Exchange::watch_client()
{
    if (!x_watching_ || x_phase_ == Phase::done || x_up_.state() == State::moving || !x_client_->may_read())
        return true;
    const IoResult seen = x_client_->peek();
    // Bytes are the next request, an end is a half-close: neither is news any more.
    x_watching_ = seen.io == Io::blocked;
    return seen.io != Io::failed;
}

void Exchange::arm()
{
    x_up_.arm();
    if (x_phase_ == Phase::head)
        x_upstream_->want_read();
    else
        x_down_.arm();
    if (x_watching_ && x_up_.state() != State::moving)
        x_client_->want_read();
}

Ticks Exchange::deadline() const noexcept
{
    const auto& timeouts = x_context_.config.timeouts;
    if (x_phase_ == Phase::hold)
        return x_answered_at_ + x_context_.config.limits.hold.count();
    if (x_phase_ == Phase::head && x_up_.state() != State::moving)
        return x_sent_at_ + timeouts.upstream_head.count();
    return x_moved_at_ + timeouts.body_idle.count();
}

Exchange::Outcome Exchange::expire()
{
    switch (x_phase_) {
    case Phase::hold:
        x_hold_expired_ = true;
        return Outcome::again;
    case Phase::head:
        x_upstream_->abort();
        if (x_up_.state() != State::moving)
            return refuse(no_answer_in_time(x_request_.plan->origin, x_context_.config.timeouts));
        return refuse(
            x_up_.blocked_on_sink()
                ? origin_takes_nothing(x_request_.plan->origin, x_context_.config.timeouts)
                : client_sends_nothing(x_context_.config.timeouts)
        );
    case Phase::done:
        x_close_ = true;
        return Outcome::done;
    default:
        x_cut_hard_ = x_reply_.body.kind == http::Framing::Kind::until_close || x_reply_.decode_chunks;
        return Outcome::cut;
    }
}

bool Exchange::upstream_reusable() const noexcept
{
    return x_phase_ == Phase::done && x_reply_.origin_persists && !x_reply_.switches && !x_up_failed_ &&
           !x_client_truncated_ && x_up_.state() == State::finished && x_down_.state() == State::finished &&
           x_down_.leftover().empty();
}

std::string Exchange::take_switch()
{
    std::string bytes = std::move(x_reply_out_);
    bytes += x_answer_.view();
    return bytes;
}

/// Whether the client's connection must end after this answer, so that nobody can mistake what follows.
bool Exchange::must_close() const noexcept
{
    const bool uploading = x_up_.state() == State::moving;
    const bool body_withheld = uploading && x_up_.waits_for_first_byte() &&
                               http::has_token(x_request_.head->fields, FieldId::expect, "100-continue");
    return !x_request_.plan->client_persists || x_context_.draining || x_client_truncated_ || x_up_failed_ ||
           x_reply_.decode_chunks || x_reply_.body.kind == http::Framing::Kind::until_close ||
           (uploading && !x_reply_.origin_persists) || body_withheld;
}

void Exchange::write_final(std::string_view diagnosis)
{
    x_close_ = must_close();
    x_reply_out_.clear();
    http::write_reply(
        x_head_,
        x_reply_,
        x_context_.identity,
        {x_close_, diagnosis, x_context_.config.diagnosis.expose_to_browsers},
        x_reply_out_
    );
}

Exchange::Outcome Exchange::refuse(http::Refusal refusal)
{
    const bool head_left = x_phase_ == Phase::body && !x_down_.pristine();
    if (head_left || x_phase_ == Phase::done) {
        x_cut_hard_ = head_left && x_reply_.body.kind == http::Framing::Kind::until_close;
        return Outcome::cut;
    }
    x_refusal_ = std::move(refusal);
    x_close_ = !x_request_.plan->client_persists || x_context_.draining || x_client_truncated_ ||
               x_up_.state() != State::finished;
    return Outcome::refused;
}

void Exchange::note_progress() noexcept
{
    const std::uint64_t progress = x_up_.progress() + x_down_.progress() + x_answer_.size();
    if (progress == x_progress_)
        return;
    x_progress_ = progress;
    x_moved_at_ = now();
}

} // namespace cosdiag::net

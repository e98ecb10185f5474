// SPDX-License-Identifier: Apache-2.0
// The part of an exchange that deals with the answer: its heads, its body, and what is said instead of it.
#include "proxy/net/exchange.hpp"
#include "proxy/net/fault.hpp"
#include "proxy/net/parent_fault.hpp"

namespace cosdiag::net {

using State = Flow::State;
using http::FieldId;

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
    if (x_head_.status == 407 && x_request_.parent != nullptr) {
        const std::string wanted = "a request for " + std::string(x_request_.plan->origin.text);
        return refuse(parent_refused(*x_request_.parent, wanted, x_head_.status, x_head_.reason));
    }
    x_answered_at_ = now();
    x_context_.meters.upstream.observe(x_answered_at_ - x_request_.asked_at);
    x_bound_ = x_bound_ || x_reply_.bound;
    begin_final({x_answer_.data() + size, x_answer_.size() - size});
    return {};
}

void Exchange::begin_final(std::span<char> body)
{
    x_reply_tap_.reset();
    if (x_head_.status / 100 == 2)
        note_allowed();
    if (!wants_hold()) {
        write_final({});
        x_down_.start(*x_upstream_, *x_client_, x_reply_.body, x_reply_out_, body);
        if (x_reply_tap_)
            x_down_.tap(&*x_reply_tap_);
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
        note_told();
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
    return refuse(origin_ended_early(peer(), x_heard_, result.error));
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
    return !x_request_.plan->client_persists || x_context_.draining() || x_client_truncated_ ||
           x_up_failed_ || x_reply_.decode_chunks || x_reply_.body.kind == http::Framing::Kind::until_close ||
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
    x_close_ = !x_request_.plan->client_persists || x_context_.draining() || x_client_truncated_ ||
               x_up_.state() != State::finished;
    return Outcome::refused;
}

} // namespace cosdiag::net

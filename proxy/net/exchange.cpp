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
    const auto proxy = request.parent ? request.parent->spoken_to() : http::NextProxy{};
    http::write_request(
        *request.head, *request.plan, x_context_.identity, x_request_out_, request.parent ? &proxy : nullptr
    );
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

/// Whom we asked, in words.
std::string Exchange::peer() const
{
    std::string origin(x_request_.plan->origin.text);
    if (x_request_.parent == nullptr)
        return origin;
    return "the parent proxy " + x_request_.parent->name() + ", asked for " + origin + ",";
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
            return refuse(no_answer_in_time(peer(), x_context_.config.timeouts));
        return refuse(
            x_up_.blocked_on_sink() ? origin_takes_nothing(peer(), x_context_.config.timeouts)
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

void Exchange::note_progress() noexcept
{
    const std::uint64_t progress = x_up_.progress() + x_down_.progress() + x_answer_.size();
    if (progress == x_progress_)
        return;
    x_progress_ = progress;
    x_moved_at_ = now();
}

} // namespace cosdiag::net

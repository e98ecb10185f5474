// SPDX-License-Identifier: Apache-2.0
// The part of an exchange that exists for the diagnosis: what is copied aside, and a 403 that is held back.
#include "proxy/net/exchange.hpp"

namespace cosdiag::net {

using http::FieldId;

namespace {

constexpr std::size_t most_body = 64 * 1024; ///< bytes copied aside

} // namespace

void Exchange::tap_request()
{
    x_request_tap_.reset();
    const http::Forward& plan = *x_request_.plan;
    if (plan.body == http::Framing{} ||
        !x_context_.examiner.wants_body(*x_request_.head, plan.path_and_query) ||
        !x_context_.examiner.is_cos_host(plan.origin.host))
        return;
    x_request_tap_.emplace().limit = most_body;
    x_up_.tap(&*x_request_tap_);
}

/// Only COS's own refusals are explained: a host of its kind, or an answer with its marks.
bool Exchange::wants_hold() const
{
    return x_head_.status == 403 && (x_context_.examiner.is_cos_host(x_request_.plan->origin.host) ||
                                     x_head_.fields.has(FieldId::x_cos_request_id) ||
                                     http::equals(x_head_.fields.value(FieldId::server), "tencent-cos"));
}

std::string_view Exchange::sent_host() const noexcept
{
    return http::host_sent(*x_request_.head, *x_request_.plan);
}

Allowed Exchange::as_allowed() const noexcept
{
    return {
        *x_request_.head,
        x_request_.plan->path_and_query,
        sent_host(),
        x_head_,
        x_request_tap_ ? &*x_request_tap_ : nullptr,
        x_request_tap_ && x_up_.whole() && !x_request_tap_->cut,
        *x_request_.client,
    };
}

/// Called with the head of an answer of 2xx.
void Exchange::note_allowed()
{
    if (x_context_.examiner.allowed(as_allowed()) && x_reply_.body.kind != http::Framing::Kind::none)
        x_reply_tap_.emplace().limit = most_body;
}

/// Called at the end of an answer.
void Exchange::note_told()
{
    if (x_reply_tap_ && x_head_.status / 100 == 2)
        x_context_.examiner.told(as_allowed(), x_reply_tap_->data, x_down_.whole() && !x_reply_tap_->cut);
}

void Exchange::end_hold()
{
    std::optional<std::string_view> body;
    if (x_reply_.body.kind != http::Framing::Kind::none)
        body = x_reply_tap_->data;
    const std::string path =
        (x_request_.plan->add_slash ? "/" : "") + std::string(x_request_.plan->path_and_query);
    const Refused refused{
        *x_request_.head,
        path,
        sent_host(),
        x_request_tap_ ? &*x_request_tap_ : nullptr,
        x_request_tap_ && x_up_.whole() && !x_request_tap_->cut,
        x_head_,
        body,
        x_down_.whole() && !x_reply_tap_->cut,
        x_request_.client->to_string(),
        x_request_.tls,
        x_request_.asked_at,
        x_answered_at_,
    };
    write_final(x_context_.examiner.examine(refused));
    x_context_.meters.hold.observe(now() - x_answered_at_);
    x_down_.tap(nullptr);
    x_down_.release_hold(x_reply_out_);
    x_phase_ = Phase::body;
}

} // namespace cosdiag::net

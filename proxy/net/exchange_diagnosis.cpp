// SPDX-License-Identifier: Apache-2.0
// The part of an exchange that exists for the diagnosis: what is copied aside, and a 403 that is held back.
#include "proxy/net/exchange.hpp"

namespace cosdiag::net {

using http::FieldId;

namespace {

constexpr std::size_t most_request_body = 64 * 1024; ///< bytes copied aside

bool starts_with(std::string_view text, std::string_view lower_case) noexcept
{
    return http::equals(text.substr(0, lower_case.size()), lower_case);
}

/// A form upload carries its credentials, and a multi-delete its keys, in the body.
bool body_tells(const http::RequestHead& head, std::string_view path_and_query) noexcept
{
    if (head.method != "POST")
        return false;
    const auto question = path_and_query.find('?');
    const std::string_view query =
        question == std::string_view::npos ? std::string_view{} : path_and_query.substr(question + 1);
    return starts_with(head.fields.value(FieldId::content_type), "multipart/form-data") ||
           query == "delete" || query.starts_with("delete&") || query.starts_with("delete=");
}

} // namespace

void Exchange::tap_request()
{
    x_request_tap_.reset();
    const http::Forward& plan = *x_request_.plan;
    if (plan.body == http::Framing{} || !body_tells(*x_request_.head, plan.path_and_query) ||
        !x_context_.examiner.is_cos_host(plan.origin.host))
        return;
    x_request_tap_.emplace().limit = most_request_body;
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
    const http::Forward& plan = *x_request_.plan;
    const auto& fields = x_request_.head->fields;
    return plan.replace_host || !fields.has(FieldId::host) ? plan.origin.text : fields.value(FieldId::host);
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
        x_request_.asked_at,
        x_answered_at_,
    };
    write_final(x_context_.examiner.examine(refused));
    x_down_.tap(nullptr);
    x_down_.release_hold(x_reply_out_);
    x_phase_ = Phase::body;
}

} // namespace cosdiag::net

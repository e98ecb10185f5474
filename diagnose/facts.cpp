// SPDX-License-Identifier: Apache-2.0
#include "diagnose/facts.hpp"

#include "diagnose/facts_signature.hpp"
#include "diagnose/family.hpp"
#include "diagnose/text.hpp"

#include <algorithm>

namespace cosdiag {
namespace {

/// Fields that name a maker other than COS when COS's own marks are missing, the most telling first.
constexpr std::string_view foreign_fields[] = {
    "x-nws-log-uuid",
    "eo-log-uuid",
    "cf-ray",
    "x-squid-error",
    "x-amz-cf-id",
    "x-cache",
    "x-cache-lookup",
    "proxy-status",
    "via",
    "server",
};

std::optional<ForeignMark> find_foreign(const Exchange& exchange, const Secrets& secrets)
{
    constexpr std::size_t looked_at = 4096;
    constexpr std::size_t shown = 80;
    for (const auto name : foreign_fields) {
        if (const auto value = find_field(exchange.response_fields, name); value && !value->empty()) {
            return ForeignMark{name, shortened(secrets.hidden_in(value->substr(0, looked_at)), shown)};
        }
    }
    const auto body = trimmed(exchange.response_body.value_or(std::string_view{}));
    if (!body.empty()) {
        const auto line = body.substr(0, std::min(body.find('\n'), looked_at));
        return ForeignMark{"body", shortened(secrets.hidden_in(line), shown)};
    }
    return std::nullopt;
}

/// Another cosdiag's refusal has COS's shape, so that SDKs show it, and a code that COS does not use.
bool is_of_a_proxy(const CosError& error)
{
    return error.code && error.code->starts_with("Cosdiag");
}

/// A POST to a bucket itself is a form upload, whose signature stands in its body, unless its Content-Type
/// says otherwise.
bool may_be_form(const Facts& facts, const Exchange& exchange)
{
    return exchange.method == "POST" && facts.target.path == "/" && facts.target.parameters.empty() &&
           !find_field(exchange.request_fields, "content-type");
}

void read_form_facts(Facts& facts, const Exchange& exchange)
{
    facts.form_upload =
        is_form_upload(exchange.method, exchange.request_fields) || may_be_form(facts, exchange);
    if (facts.form_upload && exchange.request_body) {
        const auto type = find_field(exchange.request_fields, "content-type").value_or(std::string_view{});
        auto form = read_form(*exchange.request_body, form_boundary(type).value_or(std::string_view{}));
        if (!form.fields.empty() || form.complete) {
            facts.form = std::move(form);
        }
    }
}

void read_secrets(Facts& facts, const Form* form)
{
    auto& secrets = facts.secrets;
    for (const auto fields : {facts.request_fields, facts.response_fields}) {
        for (const auto& field : fields) {
            secrets.add_value(field.name, field.value);
        }
    }
    for (const auto& parameter : facts.target.parameters) {
        secrets.add_value(parameter.name, parameter.value);
    }
    if (form != nullptr) {
        for (const auto& field : form->fields) {
            secrets.add_value(field.name, field.value);
        }
    }
    secrets.add_odd_words(facts.asked("user-agent").value_or(std::string_view{}));
    if (facts.authorization.key_id) {
        secrets.add_around_key(*facts.authorization.key_id);
    }
}

void read_request(Facts& facts, const Exchange& exchange)
{
    facts.target = read_target(exchange.target);
    facts.endpoint = read_endpoint(exchange.host);
    read_form_facts(facts, exchange);
    const Form* const form = facts.form ? &*facts.form : nullptr;
    facts.authorization = read_authorization(exchange.request_fields, facts.target, facts.form_upload, form);
    if (facts.authorization.presence == Presence::absent && !exchange.credentials_shown) {
        facts.authorization.presence = Presence::unseen;
    }
    facts.call = read_call({
        .method = exchange.method,
        .target = facts.target,
        .endpoint = facts.endpoint,
        .fields = exchange.request_fields,
        .form = form,
        .body = exchange.request_body,
        .body_complete = exchange.request_body_complete,
    });
    facts.endpoint.path_style = facts.call.path_style;
    if (facts.authorization.key_id) {
        facts.key_shape = key_shape(*facts.authorization.key_id);
        facts.shown_key = shown_key_id(*facts.authorization.key_id);
        if (const auto* const identity = find_identity(exchange.identities, *facts.authorization.key_id)) {
            facts.key_appid = identity->appid;
        }
    }
    read_secrets(facts, form);
}

/// Vector buckets put the code into a field of its own and the message into a body that is no XML.
std::optional<CosError> read_error(const Exchange& exchange)
{
    if (exchange.response_body) {
        if (auto error = read_cos_error(*exchange.response_body)) {
            return error;
        }
    }
    if (const auto code = find_field(exchange.response_fields, "x-cos-error-code")) {
        CosError error;
        error.code = std::string(*code);
        return error;
    }
    return std::nullopt;
}

std::string read_request_id(const Exchange& exchange, const std::optional<CosError>& error)
{
    for (const auto* const name : {"x-cos-request-id", "x-amz-request-id"}) {
        if (const auto value = find_field(exchange.response_fields, name); value && !value->empty()) {
            return std::string(*value);
        }
    }
    return error ? error->request_id.value_or("") : std::string();
}

/// The texts that are shown; the strings that were signed are compared.
void hide_secrets(CosError& error, const Secrets& secrets)
{
    for (auto* const text :
         {&error.code, &error.message, &error.resource, &error.request_id, &error.trace_id}) {
        if (*text) {
            secrets.hide_in(**text);
        }
    }
}

void read_response(Facts& facts, const Exchange& exchange)
{
    facts.error = read_error(exchange);
    if (facts.error) {
        hide_secrets(*facts.error, facts.secrets);
        const auto naming = read_family(facts.error->code, facts.error->message);
        facts.family = naming.family;
        facts.family_text = naming.text;
        facts.key_complaint = read_key_complaint(facts.family_text);
    }
    facts.request_id = read_request_id(exchange, facts.error);
    const auto date = find_field(exchange.response_fields, "date").value_or(std::string_view{});
    const std::string_view told = facts.error && facts.error->server_time
                                      ? std::string_view(*facts.error->server_time)
                                      : std::string_view{};
    facts.clock = read_cos_clock(date, told, facts.request_id);
    const auto server = find_field(exchange.response_fields, "server").value_or(std::string_view{});
    const bool own_error = facts.error && !is_of_a_proxy(*facts.error);
    facts.from_cos = own_error || !facts.request_id.empty() || server.starts_with("tencent-cos");
    if (!facts.from_cos) {
        facts.foreign = find_foreign(exchange, facts.secrets);
    }
    facts.our_clock = exchange.answered_at.ms / 1000;
    if (facts.clock && facts.our_clock > 0) {
        const auto took = std::max<std::int64_t>(exchange.answered_at.ms - exchange.asked_at.ms, 0);
        facts.our_offset = facts.our_clock - facts.clock->now;
        facts.our_slack += (took + 999) / 1000;
    }
}

/// A token makes a key a temporary one, whatever its shape, unless COS refuses the key itself: then a
/// permanent one may have met a token that is not its own.
bool is_temporary(const Facts& facts) noexcept
{
    const bool mixed = facts.key_shape == KeyShape::permanent && facts.family == Family::access_key;
    return facts.key_shape == KeyShape::temporary || (facts.authorization.token && !mixed);
}

} // namespace

std::optional<std::string_view> Facts::asked(std::string_view name) const noexcept
{
    return find_field(request_fields, name);
}

std::optional<std::string_view> Facts::answered(std::string_view name) const noexcept
{
    return find_field(response_fields, name);
}

std::string_view Facts::code() const noexcept
{
    return error && error->code ? std::string_view(*error->code) : std::string_view{};
}

std::string_view Facts::message() const noexcept
{
    return error && error->message ? std::string_view(*error->message) : std::string_view{};
}

Facts read_facts(const Exchange& exchange)
{
    Facts facts;
    facts.method = exchange.method;
    facts.scheme = exchange.scheme;
    facts.host = exchange.host;
    facts.request_fields = exchange.request_fields;
    facts.response_fields = exchange.response_fields;
    facts.status = exchange.status;
    facts.handshake = exchange.handshake;
    facts.memory = exchange.memory;
    facts.documents = exchange.documents;
    read_request(facts, exchange);
    read_response(facts, exchange);
    facts.temporary_key = is_temporary(facts);
    read_signature(facts, exchange);
    return facts;
}

} // namespace cosdiag

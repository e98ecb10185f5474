// SPDX-License-Identifier: Apache-2.0
#include "diagnose/authorization.hpp"

#include "diagnose/text.hpp"

#include <algorithm>

namespace cosdiag {
namespace {

std::optional<std::string> owned(std::optional<std::string_view> text)
{
    return text ? std::optional<std::string>(*text) : std::nullopt;
}

/// One pair of a COS signature, from whichever carrier it came.
void take_cos_pair(Authorization& out, std::string_view name, std::string_view value)
{
    if (name == "q-ak") {
        out.key_id = std::string(value);
    } else if (name == "q-sign-time") {
        out.sign_time = std::string(value);
    } else if (name == "q-key-time") {
        out.key_time = std::string(value);
    } else if (name == "q-header-list") {
        out.header_list = std::string(value);
    } else if (name == "q-url-param-list") {
        out.param_list = std::string(value);
    } else if (name == "q-signature") {
        out.signature = Secret(value);
    }
}

void read_cos_text(Authorization& out, std::string_view text)
{
    while (!text.empty()) {
        const auto end = std::min(text.find('&'), text.size());
        const auto pair = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        const auto equals = pair.find('=');
        if (equals == std::string_view::npos) {
            continue;
        }
        const auto name = trimmed(pair.substr(0, equals));
        const auto value = pair.substr(equals + 1);
        // The names in a list are encoded each by itself, so that a list is taken apart before they are
        // decoded.
        const bool list = name == "q-header-list" || name == "q-url-param-list";
        const bool escaped = !list && value.find('%') != std::string_view::npos;
        take_cos_pair(out, name, escaped ? percent_decoded(value) : std::string(value));
    }
}

bool is_cos_text(std::string_view text) noexcept
{
    return text.starts_with("q-sign-algorithm=") || text.find("q-ak=") != std::string_view::npos;
}

std::optional<std::string> scope_key(std::string_view text)
{
    constexpr std::string_view name = "Credential=";
    const auto at = text.find(name);
    if (at == std::string_view::npos) {
        return std::nullopt;
    }
    text.remove_prefix(at + name.size());
    return std::string(text.substr(0, text.find_first_of("/, ")));
}

std::optional<Seconds> stamp_of(std::span<const Field> fields)
{
    for (const auto* const name : {"x-amz-date", "x-cos-date", "date"}) {
        if (const auto value = find_field(fields, name)) {
            const auto iso = read_iso_time(*value);
            return iso ? iso : read_http_date(*value);
        }
    }
    return std::nullopt;
}

void read_header(Authorization& out, std::string_view text, std::span<const Field> fields)
{
    out.presence = Presence::present;
    out.carrier = Carrier::header;
    if (is_cos_text(text)) {
        out.scheme = SignatureScheme::cos;
        read_cos_text(out, text);
    } else if (text.starts_with("AWS4-HMAC-")) {
        out.scheme = SignatureScheme::aws_v4;
        out.key_id = scope_key(text);
        out.stamped_at = stamp_of(fields);
    } else if (text.starts_with("AWS ")) {
        out.scheme = SignatureScheme::aws_v2;
        const auto [id, signature] = split_at(trimmed(text.substr(4)), ':');
        out.key_id = std::string(id);
        out.signature = Secret(signature);
        out.stamped_at = stamp_of(fields);
    } else {
        out.scheme = SignatureScheme::other;
    }
}

std::string_view value_of(const Target& target, std::string_view name) noexcept
{
    const auto* parameter = target.find(name);
    return parameter == nullptr ? std::string_view{} : std::string_view(parameter->value);
}

void read_amazon_query(Authorization& out, const Target& target)
{
    if (target.has("X-Amz-Credential") || target.has("X-Amz-Signature")) {
        out.scheme = SignatureScheme::aws_v4;
        const auto credential = value_of(target, "X-Amz-Credential");
        out.key_id = std::string(credential.substr(0, credential.find('/')));
        out.stamped_at = read_iso_time(value_of(target, "X-Amz-Date"));
        const auto life = value_of(target, "X-Amz-Expires");
        if (out.stamped_at && !is_too_fine(life)) {
            if (const auto seconds = whole_number(life)) {
                out.ends_at = *out.stamped_at + *seconds;
            }
        }
    } else {
        out.scheme = SignatureScheme::aws_v2;
        out.key_id = std::string(value_of(target, "AWSAccessKeyId"));
        out.signature = Secret(value_of(target, "Signature"));
        const auto ends = value_of(target, "Expires");
        if (is_too_fine(ends)) {
            out.window_fault = WindowFault::too_fine;
        } else {
            out.ends_at = whole_number(ends);
        }
    }
}

bool read_query(Authorization& out, const Target& target)
{
    const auto sign = value_of(target, "sign");
    if (target.has("q-ak") || target.has("q-signature") || target.has("q-sign-algorithm")) {
        out.scheme = SignatureScheme::cos;
        for (const auto& parameter : target.parameters) {
            take_cos_pair(out, parameter.name, parameter.value);
        }
    } else if (is_cos_text(sign)) {
        out.scheme = SignatureScheme::cos;
        read_cos_text(out, sign);
    } else if (target.has("X-Amz-Signature") || target.has("X-Amz-Credential") || target.has("AWSAccessKeyId")) {
        read_amazon_query(out, target);
    } else {
        return false;
    }
    out.presence = Presence::present;
    out.carrier = Carrier::query;
    return true;
}

bool read_form_fields(Authorization& out, const Form& form)
{
    if (form.find("q-ak") || form.find("q-signature")) {
        out.scheme = SignatureScheme::cos;
        for (const auto& field : form.fields) {
            take_cos_pair(out, field.name, field.value);
        }
    } else if (const auto signature = form.find("Signature"); signature && is_cos_text(*signature)) {
        out.scheme = SignatureScheme::cos;
        read_cos_text(out, *signature);
    } else if (const auto id = form.find("AWSAccessKeyId")) {
        out.scheme = SignatureScheme::aws_v2;
        out.key_id = owned(id);
    } else if (const auto credential = form.find("x-amz-credential")) {
        out.scheme = SignatureScheme::aws_v4;
        out.key_id = std::string(credential->substr(0, credential->find('/')));
    } else {
        return false;
    }
    out.presence = Presence::present;
    out.carrier = Carrier::form;
    return true;
}

std::optional<Secret> read_token(std::span<const Field> fields, const Target& target, const Form* form)
{
    for (const auto* const name : {"x-cos-security-token", "x-amz-security-token", "x-ci-security-token"}) {
        std::optional<std::string_view> value = find_field(fields, name);
        if (const auto* parameter = target.find(name); !value && parameter != nullptr) {
            value = parameter->value;
        }
        if (!value && form != nullptr) {
            value = form->find(name);
        }
        if (value && !value->empty()) {
            return Secret(*value);
        }
    }
    return std::nullopt;
}

void find_window(Authorization& out)
{
    for (const auto* text : {&out.sign_time, &out.key_time}) {
        if (!*text) {
            continue;
        }
        const auto [window, fault] = read_window(**text);
        if (fault != WindowFault::none) {
            out.window.reset();
            out.window_fault = fault;
            return;
        }
        out.window =
            out.window
                ? Window{std::max(out.window->begin, window->begin), std::min(out.window->end, window->end)}
                : *window;
    }
    if (out.window && out.window->begin > out.window->end) {
        out.window.reset();
        out.window_fault = WindowFault::disjoint;
    }
}

} // namespace

std::string_view find_key_id(std::string_view authorization, std::string_view target) noexcept
{
    struct Mark {
        std::string_view text;
        char ends[3];
    };

    constexpr Mark in_field[] = {
        {"q-ak=", {'&', '&', '&'}}, {"Credential=", {'/', '%', ','}}, {"AWS ", {':', ':', ':'}}};
    constexpr Mark in_query[] = {
        {"q-ak=", {'&', '&', '&'}},
        {"X-Amz-Credential=", {'/', '%', '&'}},
        {"AWSAccessKeyId=", {'&', '&', '&'}}};
    const auto question = target.find('?');
    const bool field = !authorization.empty();
    const auto text = field                                ? authorization
                      : question == std::string_view::npos ? std::string_view{}
                                                           : target.substr(question + 1);
    for (const auto& mark : field ? in_field : in_query) {
        const auto at = text.find(mark.text);
        if (at != std::string_view::npos) {
            const auto rest = text.substr(at + mark.text.size());
            const auto& ends = mark.ends; // find_first_of asks the C library about each character
            return rest.substr(0, first_without(rest, [&ends](char c) {
                                   return c != ends[0] && c != ends[1] && c != ends[2];
                               }));
        }
    }
    return {};
}

Authorization
read_authorization(std::span<const Field> fields, const Target& target, bool form_upload, const Form* form)
{
    Authorization out;
    out.token = read_token(fields, target, form);
    const auto header = trimmed(find_field(fields, "authorization").value_or(std::string_view{}));
    if (!header.empty()) {
        read_header(out, header, fields);
    }
    const bool no_use = header.empty() || out.scheme == SignatureScheme::other;
    if (no_use && (read_query(out, target) || (form != nullptr && read_form_fields(out, *form)))) {
        out.beside_other = !header.empty();
    } else if (header.empty()) {
        const bool looked = form_upload ? form != nullptr && form->complete : !fields.empty();
        out.presence = looked ? Presence::absent : Presence::unseen;
    }
    find_window(out);
    return out;
}

} // namespace cosdiag

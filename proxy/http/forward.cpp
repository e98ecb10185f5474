// SPDX-License-Identifier: Apache-2.0
#include "proxy/http/forward.hpp"

#include "proxy/http/connection.hpp"

#include <algorithm>
#include <array>

namespace cosdiag::http {

namespace {

Refusal bad_request(std::string_view what)
{
    return {
        400,
        "CosdiagBadRequest",
        "http_request_error",
        "the request was refused because " + std::string(what)};
}

bool is_idempotent(std::string_view method) noexcept
{
    constexpr std::array<std::string_view, 6> methods = {"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"};
    return std::find(methods.begin(), methods.end(), method) != methods.end();
}

/// A scheme that authenticates the connection, not the request (RFC 4559 §6).
bool is_connection_bound(std::string_view credentials) noexcept
{
    const std::string_view scheme = credentials.substr(0, credentials.find(' '));
    return equals(scheme, "Negotiate") || equals(scheme, "NTLM");
}

/// RFC 9110 §7.2, RFC 9112 §3.2: one Host, valid; HTTP/1.0 may go without.
std::string_view host_fault(const RequestHead& head, std::optional<Authority>& host)
{
    const unsigned hosts = head.fields.count(FieldId::host);
    if (hosts > 1)
        return "it has more than one Host";
    if (hosts == 0)
        return head.minor_version == 0 ? std::string_view{} : "it has no Host";
    const std::string_view value = head.fields.value(FieldId::host);
    if (value.empty())
        return {};
    host = parse_authority(value);
    return host ? std::string_view{} : "its Host is not HOST or HOST:PORT";
}

bool persists(const RequestHead& head)
{
    // RFC 9112 §9.3: a proxy keeps no persistent connection with an HTTP/1.0 client.
    return head.minor_version == 1 && !has_token(head.fields, FieldId::connection, "close") &&
           !has_token(head.fields, FieldId::proxy_connection, "close");
}

bool visited_before(const Fields& fields, const Identity& identity)
{
    bool found = false;
    for_each_element(fields, FieldId::via, [&](std::string_view element) {
        const auto space = element.find(' ');
        if (space == std::string_view::npos)
            return;
        const std::string_view by = trim(element.substr(space + 1));
        found = found || by.substr(0, by.find_first_of(" \t")) == identity.pseudonym;
    });
    return found;
}

/// RFC 9110 §7.6.2, for OPTIONS and TRACE. Empty when the field is no number.
std::optional<int> read_max_forwards(std::string_view value) noexcept
{
    if (value.empty() || value.size() > 9)
        return std::nullopt;
    int number = 0;
    for (const char c : value) {
        if (c < '0' || c > '9')
            return std::nullopt;
        number = number * 10 + (c - '0');
    }
    return number;
}

Plan plan_connect(const RequestHead& head, const Authority& origin)
{
    const auto framing = request_framing(head);
    const auto* body = std::get_if<Framing>(&framing);
    // RFC 9110 §9.3.6: what follows a CONNECT is the tunnel's, so a body can only confuse somebody.
    if (body == nullptr || body->kind == Framing::Kind::chunked || body->length != 0)
        return bad_request("a CONNECT has no body, yet its fields announce one (RFC 9110 section 9.3.6)");
    return Tunnel{origin};
}

/// RFC 9110 §7.6.2: who has nothing left to forward with answers himself. Empty when it goes on.
std::optional<Plan> count_hop(const RequestHead& head, Forward& plan)
{
    if ((head.method != "OPTIONS" && head.method != "TRACE") || !head.fields.has(FieldId::max_forwards))
        return std::nullopt;
    const auto left = read_max_forwards(head.fields.value(FieldId::max_forwards));
    if (!left || head.fields.count(FieldId::max_forwards) != 1)
        return bad_request("its Max-Forwards is not one plain number (RFC 9110 section 7.6.2)");
    if (*left == 0)
        return Local{
            head.method == "TRACE" ? Local::Kind::trace : Local::Kind::options,
            !plan.client_persists || plan.body != Framing{}};
    plan.max_forwards = *left - 1;
    return std::nullopt;
}

/// What holds for a forwarded request however its origin was named.
Plan plan_common(const RequestHead& head, Forward plan)
{
    if (plan.origin.port && *plan.origin.port == 0)
        return bad_request("port 0 cannot be connected to");
    const auto framing = request_framing(head);
    if (const auto* fault = std::get_if<FramingFault>(&framing))
        return framing_refusal(fault->status, fault->what);
    plan.body = std::get<Framing>(framing);
    plan.client_persists = persists(head);
    plan.idempotent = is_idempotent(head.method);
    plan.bound = is_connection_bound(head.fields.value(FieldId::authorization));
    plan.websocket = head.minor_version == 1 && head.method == "GET" &&
                     has_token(head.fields, FieldId::connection, "upgrade") &&
                     has_token(head.fields, FieldId::upgrade, "websocket");
    if (auto answered = count_hop(head, plan))
        return *std::move(answered);
    return plan;
}

Plan plan_forward(const RequestHead& head, const AbsoluteForm& target, const std::optional<Authority>& host)
{
    if (!equals(target.scheme, "http"))
        return Refusal{
            501,
            "CosdiagSchemeNotSupported",
            "http_request_error",
            "only http:// URLs are forwarded, this one is " + std::string(target.scheme.substr(0, 16)) +
                "://. For https let the client open a tunnel (CONNECT), as clients do with HTTPS_PROXY set"};
    Forward plan;
    plan.origin = target.authority;
    plan.path_and_query = target.path_and_query;
    plan.add_slash = !target.path_and_query.starts_with('/');
    if (target.path_and_query.empty() && head.method == "OPTIONS") { // RFC 9112 §3.2.4
        plan.path_and_query = "*";
        plan.add_slash = false;
    }
    plan.replace_host = !host || !same_authority(*host, target.authority, 80);
    return plan_common(head, plan);
}

/// A client that takes this for its proxy, though it was to be told that it is the origin: served if its
/// target and its Host, which stays, name the same.
Plan plan_absolute(const RequestHead& head, const AbsoluteForm& target, const std::optional<Authority>& host)
{
    if (host && !same_authority(*host, target.authority, equals(target.scheme, "https") ? 443 : 80))
        return bad_request(
            "its target names " + std::string(target.authority.text) + " and its Host " +
            std::string(host->text)
        );
    Forward plan;
    plan.origin = host ? *host : target.authority;
    plan.path_and_query = target.path_and_query;
    plan.add_slash = !target.path_and_query.starts_with('/');
    return plan_common(head, plan);
}

/// A request spoken as to an origin server: its target and its Host go on as they are, whatever their form.
Plan plan_transparent(
    const RequestHead& head, const Addressing& addressing, const std::optional<Authority>& host
)
{
    Forward plan;
    if (host && addressing.by != Addressing::By::tunnel)
        plan.origin = *host;
    else if (!addressing.tunnel.text.empty())
        plan.origin = addressing.tunnel;
    else
        return Local{Local::Kind::hint, true};
    plan.path_and_query = head.target;
    return plan_common(head, plan);
}

} // namespace

Refusal head_refusal(const HeadFault& fault)
{
    Refusal refusal = bad_request(fault.what);
    switch (fault.kind) {
    case HeadFault::Kind::target_too_long:
        refusal.status = 414;
        refusal.code = "CosdiagTargetTooLong";
        break;
    case HeadFault::Kind::too_large:
        refusal.status = 431;
        refusal.code = "CosdiagHeadTooLarge";
        break;
    case HeadFault::Kind::version:
        refusal.status = 505;
        refusal.code = "CosdiagVersionNotSupported";
        break;
    default:
        break;
    }
    return refusal;
}

Refusal framing_refusal(unsigned status, std::string_view what)
{
    Refusal refusal = bad_request(what);
    if (status == 501) {
        refusal.status = 501;
        refusal.code = "CosdiagTransferCodingNotSupported";
    }
    return refusal;
}

Plan plan_request(const RequestHead& head, const Identity& identity, const Addressing& addressing)
{
    const Target target = parse_target(head.method, head.target);
    if (const auto* bad = std::get_if<BadTarget>(&target))
        return bad_request(bad->what);

    std::optional<Authority> host;
    if (const std::string_view fault = host_fault(head, host); !fault.empty())
        return bad_request(fault);
    if (const std::string_view fault = connection_fault(head.fields); !fault.empty())
        return bad_request(fault);
    if (visited_before(head.fields, identity))
        return Refusal{
            502,
            "CosdiagLoop",
            "proxy_loop_detected",
            "this request has come through this proxy before: the address it asks for, or a proxy behind "
            "this one, "
            "leads back here. Check connect-to rules and hosts files"};

    const auto* authority = std::get_if<AuthorityForm>(&target);
    if (addressing.by != Addressing::By::target) {
        if (authority != nullptr)
            return bad_request(
                "it is a CONNECT, and here clients speak as if to the origin itself. What HTTPS_PROXY is to "
                "name is an address of --listen"
            );
        const auto* absolute = std::get_if<AbsoluteForm>(&target);
        if (absolute != nullptr && addressing.by == Addressing::By::host)
            return plan_absolute(head, *absolute, host);
        return plan_transparent(head, addressing, host);
    }
    if (authority != nullptr)
        return plan_connect(head, authority->authority);
    if (const auto* absolute = std::get_if<AbsoluteForm>(&target))
        return plan_forward(head, *absolute, host);

    const auto framing = request_framing(head);
    const bool bodiless = std::holds_alternative<Framing>(framing) && std::get<Framing>(framing) == Framing{};
    const bool close = !persists(head) || !bodiless;
    return Local{
        std::holds_alternative<AsteriskForm>(target) ? Local::Kind::options : Local::Kind::hint, close};
}

} // namespace cosdiag::http

// SPDX-License-Identifier: Apache-2.0
// How the head of a forwarded request leaves.
#include "proxy/http/connection.hpp"
#include "proxy/http/forward.hpp"
#include "proxy/http/line_writer.hpp"

namespace cosdiag::http {

namespace {

void append(std::string& out, std::string_view a, std::string_view b, std::string_view c = {})
{
    out.append(a).append(b).append(c);
}

} // namespace

std::string_view host_sent(const RequestHead& head, const Forward& plan) noexcept
{
    return plan.replace_host || !head.fields.has(FieldId::host) ? plan.origin.text
                                                                : head.fields.value(FieldId::host);
}

bool fits_absolute_form(const Forward& plan) noexcept
{
    return plan.add_slash || plan.path_and_query.starts_with('/') || plan.path_and_query == "*";
}

void write_request(
    const RequestHead& head,
    const Forward& plan,
    const Identity& identity,
    std::string& out,
    const NextProxy* proxy
)
{
    append(out, head.method, " ");
    if (proxy != nullptr)
        append(out, "http://", host_sent(head, plan));
    if (proxy == nullptr || plan.path_and_query != "*") // RFC 9112 §3.2.4
        append(out, plan.add_slash ? "/" : "", plan.path_and_query);
    out += " HTTP/1.1\r\n";
    if (!head.fields.has(FieldId::host))
        append(out, "Host: ", plan.origin.text, "\r\n");
    LineWriter lines(out);
    for (const FieldLine& field : head.fields.lines()) {
        if (field.id == FieldId::host && plan.replace_host) {
            lines.finish();
            append(out, "Host: ", plan.origin.text, "\r\n");
        } else if (field.id == FieldId::max_forwards && plan.max_forwards >= 0) {
            lines.finish();
            append(out, "Max-Forwards: ", std::to_string(plan.max_forwards), "\r\n");
        } else if (!is_hop_by_hop(field, head.fields)) {
            lines.add(field.line);
        }
    }
    lines.finish();
    if (plan.body.kind == Framing::Kind::chunked)
        out += "Transfer-Encoding: chunked\r\n";
    if (plan.websocket)
        out += "Connection: Upgrade\r\nUpgrade: websocket\r\n";
    if (identity.via)
        append(out, head.minor_version == 0 ? "Via: 1.0 " : "Via: 1.1 ", identity.pseudonym, "\r\n");
    if (proxy != nullptr && !proxy->credentials.empty())
        append(out, "Proxy-Authorization: ", proxy->credentials, "\r\n");
    out += "\r\n";
}

} // namespace cosdiag::http

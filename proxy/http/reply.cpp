// SPDX-License-Identifier: Apache-2.0
#include "proxy/http/reply.hpp"

#include "proxy/http/connection.hpp"
#include "proxy/http/line_writer.hpp"

namespace cosdiag::http {

namespace {

/// RFC 9112 §9.3. An HTTP/1.0 origin's connection is not reused: its keep-alive cannot be told from a proxy's
/// echo.
bool persists(const ResponseHead& head)
{
    return head.minor_version == 1 && !has_token(head.fields, FieldId::connection, "close");
}

bool asks_for_bound_credentials(const Fields& fields)
{
    bool bound = false;
    for_each_element(fields, FieldId::www_authenticate, [&](std::string_view challenge) {
        const std::string_view scheme = challenge.substr(0, challenge.find(' '));
        bound = bound || equals(scheme, "Negotiate") || equals(scheme, "NTLM");
    });
    return bound;
}

void append_status_line(std::string& out, const ResponseHead& head)
{
    out += "HTTP/1.1 ";
    out += static_cast<char>('0' + head.status / 100);
    out += static_cast<char>('0' + head.status / 10 % 10);
    out += static_cast<char>('0' + head.status % 10);
    out += ' ';
    out += head.reason;
    out += "\r\n";
}

} // namespace

Refusal bad_answer(std::string_view what)
{
    return {
        502,
        "CosdiagBadAnswer",
        "http_protocol_error",
        "the origin's answer could not be relayed because " + std::string(what)};
}

ReplyResult plan_reply(const ResponseHead& head, const Asked& asked)
{
    const auto framing = response_framing(head, asked.method);
    if (const auto* fault = std::get_if<FramingFault>(&framing))
        return bad_answer(fault->what);
    Reply plan;
    plan.body = std::get<Framing>(framing);
    if (head.status == 101) {
        if (!asked.websocket || !has_token(head.fields, FieldId::upgrade, "websocket"))
            return bad_answer("it switches to a protocol that was not asked for");
        plan.switches = true;
        return plan;
    }
    plan.interim = head.status < 200;
    plan.drop_length = head.status < 200 || head.status == 204;
    plan.decode_chunks = plan.body.kind == Framing::Kind::chunked && asked.client_minor_version == 0;
    plan.origin_persists = persists(head) && plan.body.kind != Framing::Kind::until_close;
    plan.bound = head.status == 401 && asks_for_bound_credentials(head.fields);
    return plan;
}

void write_reply(
    const ResponseHead& head,
    const Reply& plan,
    const Identity& identity,
    const ReplyAdditions& additions,
    std::string& out
)
{
    append_status_line(out, head);
    const bool diagnosed = !additions.diagnosis.empty();
    LineWriter lines(out);
    for (const FieldLine& field : head.fields.lines()) {
        if (is_hop_by_hop(field, head.fields) || (diagnosed && field.id == FieldId::x_cos_diagnosis))
            continue;
        if (plan.drop_length && field.id == FieldId::content_length && field.value != "0")
            continue;
        if (diagnosed && additions.expose_to_browsers && field.id == FieldId::access_control_expose_headers)
            lines.add(field.line, field.value.empty() ? "X-Cos-Diagnosis" : ", X-Cos-Diagnosis");
        else
            lines.add(field.line);
    }
    lines.finish();
    // An answer to HEAD may say how its body would be sent (RFC 9112 §6.1); so may a 304, but there are
    // readers that wait for chunks then.
    if (!plan.drop_length && !plan.decode_chunks && head.status != 304 &&
        head.fields.has(FieldId::transfer_encoding))
        out += "Transfer-Encoding: chunked\r\n";
    if (diagnosed)
        out.append("X-Cos-Diagnosis: ").append(additions.diagnosis).append("\r\n");
    if (identity.via)
        out.append(head.minor_version == 0 ? "Via: 1.0 " : "Via: 1.1 ")
            .append(identity.pseudonym)
            .append("\r\n");
    if (plan.switches)
        out += "Connection: Upgrade\r\nUpgrade: websocket\r\n";
    else if (additions.close && !plan.interim)
        out += "Connection: close\r\n";
    out += "\r\n";
}

} // namespace cosdiag::http

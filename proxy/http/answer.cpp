// SPDX-License-Identifier: Apache-2.0
#include "proxy/http/answer.hpp"

#include <boost/beast/http/status.hpp>

#include <ostream> // status.hpp needs it and does not say so

namespace cosdiag::http {

namespace {

/// Quoted-string content for Proxy-Status' details (RFC 9651 §3.3.3): printable ASCII, quotes and backslashes
/// escaped.
std::string sf_string(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        if (c == '"' || c == '\\')
            out += '\\';
        out += c >= 0x20 && c < 0x7f ? c : '?';
    }
    return out;
}

std::string
finish(unsigned status, std::string_view fields, std::string_view body, const AnswerContext& context)
{
    std::string out = "HTTP/1.1 " + std::to_string(status) + " ";
    out += reason_phrase(status);
    out += "\r\n";
    if (!context.date.empty())
        out.append("Date: ").append(context.date).append("\r\n");
    out += fields;
    out += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    if (context.close)
        out += "Connection: close\r\n";
    out += "\r\n";
    if (!context.head_only)
        out += body;
    return out;
}

/// Fields whose values are secrets; RFC 9110 §9.3.8 leaves them out of what TRACE shows.
bool is_sensitive(const FieldLine& field) noexcept
{
    return field.id == FieldId::authorization || field.id == FieldId::proxy_authorization ||
           equals(field.name, "cookie") || equals(field.name, "x-cos-security-token") ||
           equals(field.name, "x-amz-security-token");
}

} // namespace

std::string_view reason_phrase(unsigned status) noexcept
{
    const auto text = boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(status));
    return text == "<unknown-status>" ? std::string_view{} : std::string_view(text.data(), text.size());
}

std::string xml_text(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        switch (c) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        default:
            out += c >= 0x20 && c < 0x7f ? c : '?';
        }
    }
    return out;
}

std::string refusal_answer(const Refusal& refusal, const AnswerContext& context)
{
    std::string fields = "Content-Type: application/xml\r\nProxy-Status: cosdiag; error=";
    fields += refusal.proxy_error;
    fields += "; details=\"" + sf_string(refusal.message) + "\"\r\n";
    if (!refusal.extra_field.empty())
        fields.append(refusal.extra_field).append("\r\n");

    std::string body = "<?xml version='1.0' encoding='utf-8' ?>\n<Error>\n\t<Code>";
    body += refusal.code;
    body += "</Code>\n\t<Message>" + xml_text(refusal.message) + "</Message>\n";
    if (!context.resource.empty())
        body += "\t<Resource>" + xml_text(context.resource) + "</Resource>\n";
    body += "</Error>\n";
    return finish(refusal.status, fields, body, context);
}

std::string hint_page(std::string_view own_address, const AnswerContext& context)
{
    const std::string url = "http://" + std::string(own_address);
    std::string body = "This is cosdiag, a forward proxy that explains the 403s of Tencent Cloud COS.\n"
                       "It is not a web server: your client has to use it as its proxy. In a shell:\n\n"
                       "  export HTTP_PROXY=" +
                       url + "\n  export http_proxy=" + url +
                       "\n\nThen run the client with http:// addresses of COS, for example:\n\n"
                       "  curl http://examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com/\n";
    return finish(
        400,
        "Content-Type: text/plain; charset=utf-8\r\nProxy-Status: cosdiag; error=http_request_error; "
        "details=\"the request names no absolute URL\"\r\n",
        body,
        context
    );
}

std::string options_answer(const AnswerContext& context)
{
    return finish(200, "Allow: GET, HEAD, POST, PUT, DELETE, OPTIONS, TRACE, CONNECT\r\n", "", context);
}

std::string trace_answer(const RequestHead& head, const AnswerContext& context)
{
    std::string body(head.method);
    body.append(" ").append(head.target.substr(0, head.target.find('?'))).append(" HTTP/1.");
    body += head.minor_version == 0 ? '0' : '1';
    body += "\r\n";
    for (const FieldLine& field : head.fields.lines()) {
        if (!is_sensitive(field))
            body.append(field.line).append("\r\n");
    }
    body += "\r\n";
    return finish(200, "Content-Type: message/http\r\n", body, context);
}

} // namespace cosdiag::http

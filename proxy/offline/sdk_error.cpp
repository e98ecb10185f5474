// SPDX-License-Identifier: Apache-2.0
// Errors as SDKs print them.
#include "diagnose/json_value.hpp"
#include "diagnose/text.hpp"
#include "proxy/offline/readers.hpp"

#include <array>

namespace cosdiag::offline {

namespace {

constexpr unsigned forbidden = 403;

/// What stands behind the first of these marks, up to one of `ends`.
std::string_view between(std::string_view text, std::string_view mark, std::string_view ends) noexcept
{
    const auto at = text.find(mark);
    if (at == std::string_view::npos)
        return {};
    text.remove_prefix(at + mark.size());
    return trimmed(text.substr(0, text.find_first_of(ends)));
}

/// Parts of COS's error, by the name of their element.
using Parts = std::vector<NamedValue>;

void add(Parts& parts, const char* name, std::string_view value)
{
    if (!value.empty())
        parts.emplace_back(name, value);
}

/// The body that an SDK had read, near enough.
std::string body_of(const Parts& parts)
{
    std::string body = "<Error>\n";
    for (const auto& [name, value] : parts) {
        body += "<" + name + ">";
        for (const char c : value)
            body += c == '&' ? "&amp;" : c == '<' ? "&lt;" : std::string(1, c);
        body += "</" + name + ">\n";
    }
    return body + "</Error>\n";
}

/// Host and key as COS tells them in Resource: `<host>/<key>`.
void take_resource(Recording& out, std::string_view resource)
{
    const auto slash = resource.find('/');
    if (out.host.empty() && slash != std::string_view::npos &&
        resource.substr(0, slash).find('.') != std::string_view::npos)
        out.host = resource.substr(0, slash);
}

/// `err` of the Node, browser and mini-program SDKs, whole or its `error` alone.
std::vector<Recording> from_json(const json::value& root)
{
    const auto* error = &value_in(root, "error");
    if (!error->is_object())
        error = &root;
    Parts parts;
    for (const char* name :
         {"Code",
          "Message",
          "StringToSign",
          "FormatString",
          "Resource",
          "ServerTime",
          "RequestId",
          "TraceId"})
        add(parts, name, text_in(*error, name));
    if (parts.empty()) { // Python's and others' dictionaries
        constexpr std::array<std::pair<const char*, const char*>, 5> names{
            {{"code", "Code"},
             {"message", "Message"},
             {"resource", "Resource"},
             {"requestid", "RequestId"},
             {"traceid", "TraceId"}}};
        for (const auto& [theirs, ours] : names)
            add(parts, ours, text_in(*error, theirs));
    }
    Recording out;
    const auto status = number_in(root, "statusCode");
    out.status = status == 0 ? forbidden : static_cast<unsigned>(status);
    out.method = text_in(root, "method");
    if (const auto url = text_in(root, "url"); !url.empty())
        out.set_url(url);
    if (const auto& headers = value_in(root, "headers"); headers.is_object()) {
        out.response_fields.emplace();
        for (const auto& [name, value] : headers.get_object()) {
            if (value.is_string())
                out.response_fields->emplace_back(name, value.get_string());
        }
    }
    take_resource(out, text_in(*error, "Resource"));
    if (parts.empty() && !out.response_fields)
        return {};
    if (!parts.empty())
        out.response_body = body_of(parts);
    return {std::move(out)};
}

/// `GET https://…: 403 AccessDenied(Message: …, RequestId: …, TraceId: …)` of the Go SDK.
bool take_go(Recording& out, Parts& parts, std::string_view text)
{
    const auto status = text.find(": 403 ");
    if (status == std::string_view::npos || text.find("(Message:") == std::string_view::npos)
        return false;
    auto request = text.substr(0, status);
    request.remove_prefix(std::min(request.rfind('\n') + 1, request.size()));
    const auto url = request.find("http");
    if (url != std::string_view::npos) {
        out.set_url(request.substr(url));
        const auto before = trimmed(request.substr(0, url));
        const auto blank = before.rfind(' ');
        out.method = before.substr(blank == std::string_view::npos ? 0 : blank + 1);
    }
    const auto error = text.substr(status + 6);
    add(parts, "Code", error.substr(0, error.find('(')));
    const auto message = error.find("(Message:");
    const auto end = error.find(", RequestId:");
    if (message != std::string_view::npos && end != std::string_view::npos && end > message)
        add(parts, "Message", trimmed(error.substr(message + 9, end - message - 9)));
    add(parts, "RequestId", between(error, "RequestId:", ",)\n"));
    add(parts, "TraceId", between(error, "TraceId:", ",)\n"));
    return true;
}

/// `… (Status Code: 403; Error Code: AccessDenied; Request ID: …); Trace ID: …` of the Java SDK.
bool take_java(Parts& parts, std::string_view text)
{
    if (text.find("Error Code:") == std::string_view::npos)
        return false;
    add(parts, "Code", between(text, "Error Code:", ";)\n"));
    const auto status = text.find("(Status Code");
    auto message = trimmed(text.substr(0, std::min(status, text.size())));
    message.remove_prefix(std::min(message.rfind('\n') + 1, message.size()));
    const auto exception = message.find("Exception:");
    add(parts,
        "Message",
        trimmed(exception == std::string_view::npos ? message : message.substr(exception + 10)));
    add(parts, "RequestId", between(text, "Request ID:", ";)\n"));
    add(parts, "TraceId", between(text, "Trace ID:", ";)\n"));
    return true;
}

/// `{'code': 'AccessDenied', 'message': …}` of the Python SDK, and `code: AccessDenied, message: …` of
/// scripts.
bool take_words(Parts& parts, std::string_view text)
{
    constexpr std::array<std::pair<const char*, const char*>, 8> names{
        {{"'code': '", "Code"},
         {"'message': '", "Message"},
         {"'resource': '", "Resource"},
         {"'requestid': '", "RequestId"},
         {"Cos Error Code: ", "Code"},
         {"Message: ", "Message"},
         {"RequestId: ", "RequestId"},
         {"ErrorCode: ", "Code"}}};
    for (const auto& [mark, name] : names)
        add(parts, name, between(text, mark, mark[0] == '\'' ? "'" : ",;\n"));
    return !parts.empty() && parts.front().first == "Code";
}

} // namespace

std::vector<Recording> read_sdk_error(std::string_view text)
{
    if (auto root = parse_json(text); root.is_object())
        return from_json(root);
    Recording out;
    out.status = forbidden;
    if (const auto begin = text.find("<Error>"); begin != std::string_view::npos) {
        const auto end = text.find("</Error>", begin);
        if (end == std::string_view::npos)
            return {};
        out.response_body = std::string(text.substr(begin, end + 8 - begin));
        take_resource(out, between(*out.response_body, "<Resource>", "<"));
        return {std::move(out)};
    }
    Parts parts;
    if (!take_go(out, parts, text) && !take_java(parts, text) && !take_words(parts, text))
        return {};
    out.response_body = body_of(parts);
    return {std::move(out)};
}

std::vector<Recording> read_any(std::string_view text)
{
    for (const auto read : {read_har, read_curl_trace, read_messages, read_sdk_error}) {
        if (auto recordings = read(text); !recordings.empty())
            return recordings;
    }
    return {};
}

} // namespace cosdiag::offline

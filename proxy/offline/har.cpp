// SPDX-License-Identifier: Apache-2.0
// HTTP archives, and other JSON that tools write down: HAR 1.2
// (http://www.softwareishard.com/blog/har-12-spec/).
#include "diagnose/json_value.hpp"
#include "diagnose/text.hpp"
#include "diagnose/time.hpp"
#include "proxy/offline/readers.hpp"

#include <algorithm>

namespace cosdiag::offline {

namespace {

std::vector<NamedValue> fields_of(const json::value& list)
{
    std::vector<NamedValue> fields;
    for (const auto& item : list_in(list)) {
        const auto name = text_in(item, "name");
        if (!name.empty() && !name.starts_with(':')) // of HTTP/2
            fields.emplace_back(name, text_in(item, "value"));
    }
    return fields;
}

bool has(const std::vector<NamedValue>& fields, std::string_view name)
{
    return std::ranges::any_of(fields, [name](const NamedValue& field) {
        return same_name(field.first, name);
    });
}

std::string body_in(const json::value& content)
{
    const auto text = text_in(content, "text");
    if (text_in(content, "encoding") == "base64") {
        if (auto decoded = base64_decoded(text))
            return std::move(*decoded);
    }
    return std::string(text);
}

Recording recording_of(const json::value& entry)
{
    Recording out;
    const auto& request = value_in(entry, "request");
    const auto& response = value_in(entry, "response");
    out.method = text_in(request, "method");
    out.set_url(text_in(request, "url"));
    out.request_fields = fields_of(value_in(request, "headers"));
    out.credentials_shown = has(*out.request_fields, "authorization");
    for (const auto& [name, value] : *out.request_fields) {
        if (same_name(name, "host"))
            out.host = value;
    }
    if (const auto body = body_in(value_in(request, "postData")); !body.empty())
        out.request_body = body;
    out.status = static_cast<unsigned>(number_in(response, "status"));
    out.response_fields = fields_of(value_in(response, "headers"));
    if (auto body = body_in(value_in(response, "content")); !body.empty())
        out.response_body = std::move(body);
    if (const auto at = read_iso_time(text_in(entry, "startedDateTime")))
        out.at = Time{*at * 1000 + number_in(entry, "time")};
    return out;
}

} // namespace

std::vector<Recording> read_har(std::string_view text)
{
    std::vector<Recording> recordings;
    const auto root = parse_json(text);
    for (const auto& entry : list_in(value_in(value_in(root, "log"), "entries")))
        recordings.push_back(recording_of(entry));
    return recordings;
}

} // namespace cosdiag::offline

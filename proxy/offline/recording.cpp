// SPDX-License-Identifier: Apache-2.0
#include "proxy/offline/recording.hpp"

#include "diagnose/text.hpp"

namespace cosdiag::offline {

namespace {

std::vector<Field> views_of(const std::optional<std::vector<NamedValue>>& fields)
{
    std::vector<Field> views;
    if (fields) {
        for (const auto& [name, value] : *fields)
            views.push_back({name, value});
    }
    return views;
}

} // namespace

void Recording::set_url(std::string_view url)
{
    const auto colon = url.find("://");
    if (colon == std::string_view::npos) {
        target = url;
        return;
    }
    scheme = lowered(url.substr(0, colon));
    url.remove_prefix(colon + 3);
    url = url.substr(0, url.find('#'));
    const auto end = std::min(url.find_first_of("/?"), url.size());
    host = url.substr(0, end);
    target = url.substr(end);
    if (!target.starts_with('/'))
        target.insert(0, "/");
}

std::vector<std::string_view> Recording::missing() const
{
    std::vector<std::string_view> parts;
    if (method.empty())
        parts.emplace_back("the request's method");
    if (host.empty())
        parts.emplace_back("the host that was asked");
    if (target.empty())
        parts.emplace_back("the path that was asked for");
    if (!request_fields)
        parts.emplace_back("the request's fields, with its signature");
    if (request_fields && !credentials_shown)
        parts.emplace_back("Authorization, which browsers leave out of a HAR unless asked for sensitive data"
        );
    if (!response_fields)
        parts.emplace_back("the answer's fields, with Date and x-cos-request-id");
    if (!response_body && method != "HEAD")
        parts.emplace_back("the answer's body, with Code and Message");
    return parts;
}

Replay::Replay(const Recording& recording)
    : x_request_fields_(views_of(recording.request_fields)),
      x_response_fields_(views_of(recording.response_fields))
{
    x_exchange_.method = recording.method;
    x_exchange_.target = recording.target;
    x_exchange_.scheme = recording.scheme;
    x_exchange_.host = recording.host;
    x_exchange_.request_fields = x_request_fields_;
    x_exchange_.credentials_shown = recording.credentials_shown && recording.request_fields.has_value();
    if (recording.request_body) {
        x_exchange_.request_body = *recording.request_body;
        x_exchange_.request_body_complete = true;
    }
    x_exchange_.status = recording.status;
    x_exchange_.response_fields = x_response_fields_;
    if (recording.response_body) {
        x_exchange_.response_body = *recording.response_body;
        x_exchange_.response_body_complete = true;
    }
    if (recording.at)
        x_exchange_.asked_at = x_exchange_.answered_at = *recording.at;
}

} // namespace cosdiag::offline

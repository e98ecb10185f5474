// SPDX-License-Identifier: Apache-2.0
#include "tests/diagnose/story.hpp"

#include "diagnose/text.hpp"

#include <algorithm>

namespace cosdiag {
namespace {

std::vector<Field> views_of(const std::vector<std::pair<std::string, std::string>>& fields)
{
    std::vector<Field> out;
    for (const auto& [name, value] : fields) {
        out.push_back({name, value});
    }
    return out;
}

} // namespace

void Story::put(
    std::vector<std::pair<std::string, std::string>>& fields, std::string_view name, std::string_view value
)
{
    const auto at = std::find_if(fields.begin(), fields.end(), [name](const auto& field) {
        return same_name(field.first, name);
    });
    if (at == fields.end()) {
        fields.emplace_back(name, value);
    } else {
        at->second = std::string(value);
    }
}

void Story::remember(DocumentKind kind, std::string_view text, Seconds ago)
{
    documents.push_back({kind, std::make_shared<const std::string>(text), ago});
}

void Story::fail_with(std::string_view code, std::string_view message)
{
    response_body = join("<Error><Code>", code, "</Code><Message>", message, "</Message></Error>");
}

Diagnosis Story::diagnosed() const
{
    const auto request_fields = views_of(asked);
    const auto response_fields = views_of(answered);
    Exchange exchange;
    exchange.method = method;
    exchange.target = target;
    exchange.scheme = scheme;
    exchange.host = host;
    exchange.request_fields = request_fields;
    exchange.request_body = request_body;
    exchange.request_body_complete = request_body.has_value();
    exchange.client = "192.0.2.7";
    exchange.status = 403;
    exchange.response_fields = response_fields;
    exchange.response_body = response_body;
    exchange.response_body_complete = response_body.has_value();
    exchange.documents = documents;
    exchange.asked_at = clock;
    exchange.answered_at = clock;
    return diagnose(exchange, "00112233aabbccdd");
}

} // namespace cosdiag

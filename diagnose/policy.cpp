// SPDX-License-Identifier: Apache-2.0
#include "diagnose/policy.hpp"

#include "diagnose/json.hpp"
#include "diagnose/text.hpp"

#include <algorithm>
#include <vector>

namespace cosdiag {
namespace {

bool is_utf8(std::string_view text) noexcept
{
    while (!text.empty()) {
        const auto size = utf8_length(text);
        if (size == 0) {
            return false;
        }
        text.remove_prefix(size);
    }
    return true;
}

Unnameable unnameable(std::string_view key) noexcept
{
    if (key.find_first_of("*?") != std::string_view::npos || key.find("${") != std::string_view::npos) {
        return Unnameable::pattern;
    }
    return is_utf8(key) ? Unnameable::no : Unnameable::not_utf8;
}

void append_list(std::string& out, const std::vector<std::string>& items)
{
    char separator = '[';
    for (const auto& item : items) {
        out += separator;
        separator = ',';
        append_json_string(out, item);
    }
    out += ']';
}

struct Statement {
    std::vector<std::string> actions, resources;
};

/// Rights that share their resource, or their action, share a statement. Others do not: that would allow
/// more.
std::vector<Statement> statements_of(std::span<const Right> rights)
{
    std::vector<Statement> statements;
    for (const auto& right : rights) {
        if (!statements.empty()) {
            auto& last = statements.back();
            if (last.resources.size() == 1 && last.resources.front() == right.resource) {
                last.actions.push_back(right.action);
                continue;
            }
            if (last.actions.size() == 1 && last.actions.front() == right.action) {
                last.resources.push_back(right.resource);
                continue;
            }
        }
        statements.push_back({{right.action}, {right.resource}});
    }
    return statements;
}

} // namespace

Right right_on(std::string_view action, const Place& place)
{
    Right right{join("name/cos:", action), {}, unnameable(place.key)};
    if (!place.bucket.empty() && right.unnameable == Unnameable::no) {
        right.resource =
            join("qcs::cos:", place.region, ":uid/", place.appid, ":", place.bucket, "/", place.key);
    }
    return right;
}

std::string policy_allowing(std::span<const Right> rights)
{
    const auto has_no_resource = [](const Right& right) { return right.resource.empty(); };
    if (rights.empty() || std::any_of(rights.begin(), rights.end(), has_no_resource)) {
        return {};
    }
    std::string out = R"({"version":"2.0","statement":)";
    char separator = '[';
    for (const auto& statement : statements_of(rights)) {
        out += separator;
        separator = ',';
        out += R"({"effect":"allow","action":)";
        append_list(out, statement.actions);
        out += R"(,"resource":)";
        append_list(out, statement.resources);
        out += '}';
    }
    out += "]}";
    return out;
}

} // namespace cosdiag

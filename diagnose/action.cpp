// SPDX-License-Identifier: Apache-2.0
#include "diagnose/action.hpp"

#include "diagnose/action_table.hpp"
#include "diagnose/json.hpp"
#include "diagnose/text.hpp"

#include <algorithm>

namespace cosdiag {
namespace {

/// A multi-delete is authorised key by key; more keys than this make no statement that anybody would read.
constexpr std::size_t max_deleted_keys = 20;

std::string
resource_of(std::string_view region, std::string_view appid, std::string_view bucket, std::string_view key)
{
    if (bucket.empty()) {
        return {};
    }
    return join("qcs::cos:", region, ":uid/", appid, ":", bucket, "/", key);
}

/// `/<bucket>-<appid>/rest` on a service host: the older addressing that new buckets refuse.
bool take_path_style(Call& call, std::string_view& path)
{
    const auto rest = path.substr(std::min<std::size_t>(1, path.size()));
    const auto slash = std::min(rest.find('/'), rest.size());
    const auto bucket = rest.substr(0, slash);
    const auto hyphen = bucket.rfind('-');
    if (hyphen == std::string_view::npos || hyphen == 0 || !whole_number(bucket.substr(hyphen + 1))) {
        return false;
    }
    call.bucket = std::string(bucket);
    call.appid = std::string(bucket.substr(hyphen + 1));
    call.path_style = true;
    path = rest.substr(slash);
    return true;
}

std::string form_key(const Form& form)
{
    constexpr std::string_view variable = "${filename}";
    std::string key(form.find("key").value_or(std::string_view{}));
    if (const auto at = key.find(variable); at != std::string::npos && !form.file_name.empty()) {
        key.replace(at, variable.size(), form.file_name);
    }
    return key.starts_with('/') ? key.substr(1) : key;
}

std::string_view unescaped(std::string_view text, std::string& room)
{
    if (text.find('&') == std::string_view::npos) {
        return text;
    }
    constexpr std::pair<std::string_view, char> entities[] = {
        {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}};
    room.clear();
    while (!text.empty()) {
        const auto* const known =
            std::find_if(std::begin(entities), std::end(entities), [text](const auto& entity) {
                return text.starts_with(entity.first);
            });
        const bool found = known != std::end(entities);
        room += found ? known->second : text.front();
        text.remove_prefix(found ? known->first.size() : 1);
    }
    return room;
}

/// The keys of a multi-delete, or none when there are too many or the body was cut.
std::vector<std::string> deleted_keys(const CallParts& parts)
{
    std::vector<std::string> keys;
    if (!parts.body || !parts.body_complete) {
        return keys;
    }
    constexpr std::string_view open = "<Key>";
    auto rest = *parts.body;
    std::string room;
    for (auto at = rest.find(open); at != std::string_view::npos; at = rest.find(open)) {
        rest.remove_prefix(at + open.size());
        const auto end = rest.find("</Key>");
        if (end == std::string_view::npos || keys.size() == max_deleted_keys) {
            return {};
        }
        keys.emplace_back(unescaped(rest.substr(0, end), room));
    }
    return keys;
}

void list_rights(Call& call, const CallParts& parts)
{
    const auto right = [&call](std::string_view action, std::string_view key) {
        return Right{join("name/cos:", action), resource_of(call.region, call.appid, call.bucket, key)};
    };
    if (call.action == "GetService") {
        call.rights.push_back({"name/cos:GetService", {}});
        return;
    }
    if (call.action == "DeleteObject" && parts.method == "POST") {
        for (const auto& key : deleted_keys(parts)) {
            call.rights.push_back(right(call.action, key));
        }
        if (call.rights.empty()) {
            call.rights.push_back({"name/cos:DeleteObject", {}});
        }
        return;
    }
    const bool key_unknown = call.key.empty() && (call.action == "PostObject" || call.action == "GetObject");
    call.rights.push_back(
        key_unknown ? Right{join("name/cos:", call.action), {}} : right(call.action, call.key)
    );
    if (call.source) {
        if (call.action == "UploadPart") {
            call.rights.push_back(right("PutObject", call.key)
            ); // 436/30580 lists this one for Upload Part - Copy
        }
        const auto& source = *call.source;
        call.rights.push_back(
            {"name/cos:GetObject", resource_of(source.region, source.appid, source.bucket, source.key)}
        );
    }
}

void read_place(Call& call, const CallParts& parts, Level& level)
{
    std::string_view path = parts.target.path;
    call.bucket = parts.endpoint.bucket;
    call.appid = parts.endpoint.appid;
    call.region = parts.endpoint.region;
    if (parts.endpoint.kind == EndpointKind::service && !take_path_style(call, path)) {
        level = Level::service;
        return;
    }
    call.key = std::string(path.substr(std::min<std::size_t>(1, path.size())));
    const bool website = parts.endpoint.kind == EndpointKind::website;
    level = call.key.empty() && !website ? Level::bucket : Level::object;
}

bool has_actions(EndpointKind kind) noexcept
{
    return kind != EndpointKind::ci && kind != EndpointKind::control && kind != EndpointKind::other;
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

bool is_form_upload(std::string_view method, std::span<const Field> fields) noexcept
{
    const auto type = find_field(fields, "content-type");
    return method == "POST" && type && form_boundary(*type);
}

std::optional<CopySource> read_copy_source(std::string_view value)
{
    auto text = percent_decoded(value);
    std::string_view rest = text;
    for (const std::string_view scheme : {"https://", "http://"}) {
        if (rest.starts_with(scheme)) {
            rest.remove_prefix(scheme.size());
        }
    }
    if (const auto query = rest.find("?versionId="); query != std::string_view::npos) {
        rest = rest.substr(0, query);
    }
    if (rest.starts_with('/')) {
        rest.remove_prefix(1);
    }
    const auto slash = rest.find('/');
    if (slash == std::string_view::npos || slash == 0) {
        return std::nullopt;
    }
    const auto place = rest.substr(0, slash);
    const auto key = std::string(rest.substr(slash + 1));
    if (place.find('.') != std::string_view::npos) {
        auto endpoint = read_endpoint(place);
        return CopySource{
            std::move(endpoint.bucket), std::move(endpoint.appid), std::move(endpoint.region), key};
    }
    const auto hyphen = place.rfind('-');
    const bool told = hyphen != std::string_view::npos && whole_number(place.substr(hyphen + 1));
    return CopySource{
        std::string(place), told ? std::string(place.substr(hyphen + 1)) : std::string(), {}, key};
}

Call read_call(const CallParts& parts)
{
    Call call;
    Level level = Level::service;
    read_place(call, parts, level);
    if (!has_actions(parts.endpoint.kind)) {
        return call;
    }
    auto copied = find_field(parts.fields, "x-cos-copy-source");
    if (!copied) {
        copied = find_field(parts.fields, "x-amz-copy-source");
    }
    if (copied && parts.method == "PUT") {
        call.source = read_copy_source(*copied);
    }
    if (is_form_upload(parts.method, parts.fields)) {
        call.action = "PostObject";
        call.key = parts.form != nullptr ? form_key(*parts.form) : std::string();
    } else {
        call.action = std::string(action_of(parts.method, level, parts.target));
    }
    if (!call.action.empty()) {
        list_rights(call, parts);
    }
    return call;
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

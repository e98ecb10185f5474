// SPDX-License-Identifier: Apache-2.0
#include "diagnose/action.hpp"

#include "diagnose/action_table.hpp"
#include "diagnose/redaction.hpp"
#include "diagnose/text.hpp"

#include <algorithm>

namespace cosdiag {
namespace {

/// A multi-delete is authorised key by key; more keys than this make no statement that anybody would read.
constexpr std::size_t max_deleted_keys = 20;

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

void list_deletions(Call& call, const CallParts& parts)
{
    for (const auto& key : deleted_keys(parts)) {
        auto right = right_on(call.action, {call.bucket, call.appid, call.region, key});
        if (std::find(call.rights.begin(), call.rights.end(), right) == call.rights.end()) {
            call.rights.push_back(std::move(right));
        }
    }
    if (call.rights.empty()) {
        call.rights.push_back({"name/cos:DeleteObject", {}});
    }
}

/// A key that was cut names another object.
void drop_cut(Right& right)
{
    right.resource.clear();
    right.unnameable = Unnameable::credentials;
}

void list_rights(Call& call, const CallParts& parts)
{
    const Place place{call.bucket, call.appid, call.region, call.key};
    if (call.action == "GetService") {
        call.rights.push_back({"name/cos:GetService", {}});
        return;
    }
    if (call.action == "DeleteObject" && parts.method == "POST") {
        list_deletions(call, parts);
        return;
    }
    const bool key_unknown = call.key.empty() && (call.action == "PostObject" || call.action == "GetObject");
    call.rights.push_back(
        key_unknown ? Right{join("name/cos:", call.action), {}} : right_on(call.action, place)
    );
    if (parts.target.credentials == Misplaced::in_path) {
        drop_cut(call.rights.back());
    }
    if (call.source) {
        if (call.action == "UploadPart") {
            call.rights.push_back(right_on("PutObject", place)
            ); // 436/30580 lists this one for Upload Part - Copy
        }
        const auto& source = *call.source;
        call.rights.push_back(right_on("GetObject", {source.bucket, source.appid, source.region, source.key})
        );
        if (source.cut) {
            drop_cut(call.rights.back());
        }
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

void read_source_place(CopySource& source, std::string_view place)
{
    if (place.find('.') != std::string_view::npos) {
        auto endpoint = read_endpoint(place);
        source.bucket = std::move(endpoint.bucket);
        source.appid = std::move(endpoint.appid);
        source.region = std::move(endpoint.region);
        return;
    }
    source.bucket = std::string(place);
    const auto hyphen = place.rfind('-');
    if (hyphen != std::string_view::npos && whole_number(place.substr(hyphen + 1))) {
        source.appid = std::string(place.substr(hyphen + 1));
    }
}

} // namespace

bool is_form_upload(std::string_view method, std::span<const Field> fields) noexcept
{
    const auto type = find_field(fields, "content-type");
    return method == "POST" && type && form_boundary(*type);
}

std::optional<CopySource> read_copy_source(std::string_view value)
{
    const auto [sent, query] = split_at(value, '?');
    const auto named = before_credentials(sent);
    CopySource source;
    source.cut = named.size() != sent.size();
    source.shown = percent_decoded(named);
    constexpr std::string_view version = "versionId=";
    if (query.starts_with(version)) {
        source.version = percent_decoded(split_at(query.substr(version.size()), '&').front);
    }
    std::string_view rest = source.shown;
    for (const std::string_view scheme : {"https://", "http://", "/"}) {
        if (rest.starts_with(scheme)) {
            rest.remove_prefix(scheme.size());
        }
    }
    if (rest.empty()) {
        return std::nullopt;
    }
    const auto slash = rest.find('/');
    source.without_bucket = slash == std::string_view::npos || slash == 0;
    source.key = std::string(rest.substr(source.without_bucket ? 0 : slash + 1));
    if (!source.without_bucket) {
        read_source_place(source, rest.substr(0, slash));
    }
    return source;
}

Call read_call(const CallParts& parts)
{
    Call call;
    Level level = Level::service;
    read_place(call, parts, level);
    auto copied = find_field(parts.fields, "x-cos-copy-source");
    if (!copied) {
        copied = find_field(parts.fields, "x-amz-copy-source");
    }
    if (copied && parts.method == "PUT") {
        call.source = read_copy_source(*copied);
    }
    if (!has_actions(parts.endpoint.kind)) {
        return call;
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

} // namespace cosdiag

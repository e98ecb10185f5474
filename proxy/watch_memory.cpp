// SPDX-License-Identifier: Apache-2.0
// The part of Watch that remembers: what was allowed, and what bodies told on their way.
#include "proxy/watch_memory.hpp"

#include "diagnose/authorization.hpp"
#include "diagnose/bucket/listing.hpp"
#include "diagnose/cos_clock.hpp"
#include "proxy/watch.hpp"

#include <array>
#include <chrono>
#include <ctime>
#include <functional>

namespace cosdiag {
namespace {

using http::FieldId;

constexpr std::int64_t half_a_second = 500;              ///< ms; COS tells whole ones
constexpr std::size_t most_decoded = Documents::largest; ///< bytes

bool is_form(const http::RequestHead& request) noexcept
{
    constexpr std::string_view form = "multipart/form-data";
    return http::equals(request.fields.value(FieldId::content_type).substr(0, form.size()), form);
}

bool is_multi_delete(std::string_view target) noexcept
{
    const std::string_view query = target.substr(std::min(target.find('?'), target.size()));
    return query == "?delete" || query.starts_with("?delete&") || query.starts_with("?delete=");
}

bool is_change(std::string_view method) noexcept
{
    return method == "PUT" || method == "POST" || method == "DELETE";
}

/// A bucket's list of objects tells their storage classes.
bool is_listing(const net::Allowed& allowed) noexcept
{
    return allowed.request.method == "GET" && (allowed.target == "/" || allowed.target.starts_with("/?")) &&
           http::equals(
               allowed.response.fields.value(FieldId::content_type).substr(0, 15), "application/xml"
           );
}

/// Clocks are looked at once a second at most: for a thread, and for the keys that share a place here.
bool clock_is_due(const Passage& passage) noexcept
{
    thread_local std::array<Seconds, 64> looked_at{};
    auto& latest = looked_at[std::hash<std::string_view>{}(passage.key_id) % looked_at.size()];
    if (latest == passage.at)
        return false;
    latest = passage.at;
    return true;
}

} // namespace

std::vector<Field> fields_of(const http::Fields& fields)
{
    std::vector<Field> out;
    out.reserve(fields.lines().size());
    for (const http::FieldLine& line : fields.lines())
        out.push_back({line.name, line.value});
    return out;
}

Passage passage_of(
    const http::RequestHead& request,
    std::string_view target,
    std::string_view host,
    Seconds at,
    std::string_view client
)
{
    constexpr std::size_t permanent = 36; // characters of a key id that has no token
    const auto key = find_key_id(request.fields.value(http::FieldId::authorization), target);
    return {
        .at = at,
        .method = request.method,
        .target = target,
        .host = host,
        .key_id = key,
        .token = key.size() > permanent || !client.empty() ? request.fields.value("x-cos-security-token")
                                                           : std::string_view{},
        .client = client,
        .retry = !client.empty() && request.fields.value("x-cos-sdk-retry") == "true",
    };
}

Time wall_clock()
{
    const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
    return {std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count()};
}

bool is_coded(const http::ResponseHead& response) noexcept
{
    const std::string_view coding = response.fields.value(FieldId::content_encoding);
    return !coding.empty() && !http::equals(coding, "identity");
}

std::optional<Decoded>
decoded_body(const http::ResponseHead& response, std::string_view body, std::size_t limit)
{
    return decode_content(response.fields.value(FieldId::content_encoding), body, limit);
}

/// A form upload carries its credentials, and a multi-delete its keys, in the body; a bucket's document is
/// one.
bool Watch::wants_body(const http::RequestHead& request, std::string_view target) const noexcept
{
    return request.method == "POST"  ? is_form(request) || is_multi_delete(target)
           : request.method == "PUT" ? document_of(target).has_value()
                                     : false;
}

bool Watch::allowed(const net::Allowed& allowed) noexcept
{
    // Most requests go where the one before went.
    thread_local std::string host;
    thread_local bool is_cos = false;
    if (host != allowed.host) {
        if (allowed.host.size() > 255)
            return false;
        is_cos = is_cos_host(allowed.host);
        host = allowed.host;
    }
    if (!is_cos)
        return false;
    auto passage = passage_of(allowed.request, allowed.target, allowed.host, std::time(nullptr), {});
    x_remembered_.memory.remember(passage, allowed.response.fields.value("x-cos-storage-class"));
    if (clock_is_due(passage))
        note_clock(allowed, passage);
    if (!allowed.target.starts_with('/') || allowed.target.size() == 1 || allowed.target[1] != '?')
        return is_listing(allowed);
    const auto kind = document_of(allowed.target);
    if (!kind)
        return is_listing(allowed);
    if (is_change(allowed.request.method))
        note_change(allowed, *kind);
    return allowed.request.method == "GET";
}

void Watch::note_clock(const net::Allowed& allowed, Passage& passage) noexcept
{
    try {
        const auto client = allowed.client.to_string();
        passage.client = client;
        note_clock(fields_of(allowed.request.fields), allowed.response, passage);
    } catch (const std::exception&) { // an estimate is worth less than the answer
    }
}

void Watch::note_clock(
    std::span<const Field> request_fields, const http::ResponseHead& response, const Passage& passage
)
{
    const auto clock =
        read_cos_clock(response.fields.value("date"), {}, response.fields.value(FieldId::x_cos_request_id));
    if (!clock || clock->disputed)
        return;
    x_remembered_.tallies.saw_clock(clock->now * 1000 + half_a_second - wall_clock().ms);
    if (passage.key_id.empty())
        return;
    if (const auto sample = read_clock_sample(request_fields, clock->now))
        x_remembered_.clocks.observe(passage.client, passage.key_id, *sample, passage.at);
}

/// The bucket's owner wrote or deleted one of its documents. An ACL may be in the head, with no body at all.
void Watch::note_change(const net::Allowed& allowed, DocumentKind kind) noexcept
{
    x_remembered_.documents.forget(allowed.host, kind);
    if (allowed.request.method == "DELETE")
        keep(allowed.host, kind, {});
    else if (allowed.request.method == "PUT" && allowed.request_body_complete &&
             !allowed.request_body->data.empty() && !allowed.request.fields.has(FieldId::content_encoding))
        keep(allowed.host, kind, allowed.request_body->data);
}

void Watch::keep(std::string_view host, DocumentKind kind, std::string_view text) noexcept
{
    try {
        x_remembered_.documents.keep(host, kind, text, std::time(nullptr));
    } catch (const std::bad_alloc&) { // what is not remembered costs a hint, no more
    }
}

void Watch::told(const net::Allowed& allowed, std::string_view body, bool complete) noexcept
{
    std::optional<Decoded> decoded;
    try {
        if (is_coded(allowed.response)) {
            decoded = decoded_body(allowed.response, body, most_decoded);
            if (!decoded)
                return;
            body = decoded->bytes;
            complete = complete && decoded->complete;
        }
        if (const auto kind = document_of(allowed.target)) {
            if (complete && !body.empty())
                keep(allowed.host, *kind, body);
            return;
        }
        each_archived(body, [this, &allowed](const Archived& object) {
            x_remembered_.memory.remember_class(
                allowed.host, object.path, object.storage_class, std::time(nullptr)
            );
        });
    } catch (const std::exception&) { // as above
    }
}

} // namespace cosdiag

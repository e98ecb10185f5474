// SPDX-License-Identifier: Apache-2.0
#include "proxy/http/connection.hpp"

#include <algorithm>
#include <iterator>

namespace cosdiag::http {

namespace {

/// Fields that are for the origin whatever Connection says; taking one away could change who is let in or
/// what is done.
bool is_end_to_end(std::string_view name) noexcept
{
    constexpr std::string_view names[] = {
        "accept",
        "authorization",
        "cache-control",
        "content-disposition",
        "content-encoding",
        "content-length",
        "content-md5",
        "content-range",
        "content-type",
        "cookie",
        "date",
        "expect",
        "expires",
        "host",
        "if-match",
        "if-modified-since",
        "if-none-match",
        "if-range",
        "last-modified",
        "etag",
        "location",
        "max-forwards",
        "origin",
        "pragma",
        "range",
        "referer",
        "set-cookie",
        "trailer",
        "transfer-encoding",
        "via",
        "www-authenticate",
        "if-unmodified-since",
    };
    const auto starts = [&](std::string_view prefix) {
        return equals(name.substr(0, prefix.size()), prefix);
    };
    return starts("x-cos-") || starts("x-amz-") || starts("x-ci-") ||
           std::any_of(std::begin(names), std::end(names), [&](std::string_view e) {
               return equals(e, name);
           });
}

} // namespace

std::string_view connection_fault(const Fields& fields)
{
    std::string_view fault;
    for_each_element(fields, FieldId::connection, [&](std::string_view option) {
        if (!is_token(option))
            fault = "its Connection field is not a list of tokens";
        else if (is_end_to_end(option))
            fault = "its Connection field nominates a field that is meant for the origin";
    });
    return fault;
}

bool is_hop_by_hop(const FieldLine& field, const Fields& fields) noexcept
{
    switch (field.id) {
    case FieldId::connection:
    case FieldId::keep_alive:
    case FieldId::proxy_connection:
    case FieldId::proxy_authenticate:
    case FieldId::proxy_authorization:
    case FieldId::te:
    case FieldId::transfer_encoding:
    case FieldId::upgrade:
        return true;
    default:
        return fields.has(FieldId::connection) && has_token(fields, FieldId::connection, field.name) &&
               !is_end_to_end(field.name);
    }
}

} // namespace cosdiag::http

// SPDX-License-Identifier: Apache-2.0
// "Signing and Authenticating REST Requests" (RESTAuthentication), Amazon S3 User Guide; COS takes it from S3
// libraries (436/37421).
#include "diagnose/signature/aws_v2_request.hpp"

#include "diagnose/text.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace cosdiag::aws_v2 {
namespace {

/// Those that the documentation names.
constexpr std::string_view sub_resources[] = {
    "acl",
    "delete",
    "lifecycle",
    "location",
    "logging",
    "notification",
    "partNumber",
    "policy",
    "requestPayment",
    "response-cache-control",
    "response-content-disposition",
    "response-content-encoding",
    "response-content-language",
    "response-content-type",
    "response-expires",
    "uploadId",
    "uploads",
    "versionId",
    "versioning",
    "versions",
    "website",
};

/// Those that came later: libraries sign them, the documentation does not name them.
constexpr std::string_view later_sub_resources[] = {
    "accelerate",
    "analytics",
    "cors",
    "defaultObjectAcl",
    "inventory",
    "metrics",
    "object-lock",
    "replication",
    "restore",
    "select",
    "select-type",
    "storageClass",
    "tagging",
    "torrent",
};

bool is_later(std::string_view sub_resource) noexcept
{
    const auto name = split_at(sub_resource, '=').front;
    return std::find(std::begin(later_sub_resources), std::end(later_sub_resources), name) !=
           std::end(later_sub_resources);
}

bool is_sub_resource(std::string_view name) noexcept
{
    return std::find(std::begin(sub_resources), std::end(sub_resources), name) != std::end(sub_resources) ||
           is_later(name);
}

std::vector<std::string> sub_resources_of(std::string_view query)
{
    std::vector<std::string> found;
    while (!query.empty()) {
        const auto [pair, rest] = split_at(query, '&');
        query = rest;
        if (is_sub_resource(split_at(pair, '=').front)) {
            found.push_back(percent_decoded(pair));
        }
    }
    std::sort(found.begin(), found.end(), [](const std::string& a, const std::string& b) {
        return split_at(a, '=').front < split_at(b, '=').front;
    });
    return found;
}

void add_field(std::vector<SignedPair>& fields, std::string_view name, std::string_view value)
{
    auto small = lowered(name);
    const auto at = std::find_if(fields.begin(), fields.end(), [&small](const SignedPair& one) {
        return one.name == small;
    });
    if (at != fields.end()) {
        at->value += join(",", trimmed(value));
    } else {
        fields.push_back({std::move(small), std::string(trimmed(value))});
    }
}

/// "Constructing the CanonicalizedAmzHeaders Element". A presigned URL bears them as parameters.
std::vector<SignedPair> amazon_fields(const SignedParts& parts, bool presigned)
{
    constexpr std::string_view prefix = "x-amz-";
    std::vector<SignedPair> fields;
    for (const auto& field : parts.fields) {
        if (same_name(field.name.substr(0, prefix.size()), prefix)) {
            add_field(fields, field.name, field.value);
        }
    }
    for (const auto& parameter : parts.target.parameters) {
        if (presigned && same_name(parameter.name.substr(0, prefix.size()), prefix) &&
            !find_field(parts.fields, parameter.name)) {
            add_field(fields, parameter.name, parameter.value);
        }
    }
    std::sort(fields.begin(), fields.end(), [](const SignedPair& a, const SignedPair& b) {
        return a.name < b.name;
    });
    return fields;
}

/// A field, or the parameter that stands for it in a presigned URL.
std::string value_of(const SignedParts& parts, std::string_view name, bool presigned)
{
    if (const auto field = find_field(parts.fields, name)) {
        return std::string(trimmed(*field));
    }
    const auto* const parameter = presigned ? parts.target.find(name) : nullptr;
    return parameter == nullptr ? std::string() : parameter->value;
}

/// "Time Stamp Requirement", and Expires in "Query String Request Authentication Alternative".
std::string date_of(const SignedParts& parts, bool presigned)
{
    if (presigned) {
        const auto* const expires = parts.target.find("Expires");
        return expires == nullptr ? std::string() : expires->value;
    }
    return find_field(parts.fields, "x-amz-date") ? std::string() : value_of(parts, "date", false);
}

/// `?acl` and `?acl=`: the documentation has only the first.
bool with_other_empties(StringToSign& string)
{
    bool changed = false;
    for (auto& one : string.sub_resources) {
        if (one.ends_with('=')) {
            one.pop_back();
            changed = true;
        } else if (one.find('=') == std::string::npos) {
            one += '=';
            changed = true;
        }
    }
    return changed;
}

bool without_later(StringToSign& string)
{
    return std::erase_if(string.sub_resources, is_later) > 0;
}

/// Whether a + in a query is a blank is left to forms (HTML) and to RFC 3986, which do not agree.
bool with_blanks(StringToSign& string)
{
    bool changed = false;
    for (auto& one : string.sub_resources) {
        changed = changed || one.find('+') != std::string::npos;
        std::replace(one.begin(), one.end(), '+', ' ');
    }
    return changed;
}

} // namespace

std::string StringToSign::field_lines() const
{
    std::string lines;
    lines.reserve(64 * fields.size());
    for (const auto& [name, value] : fields) {
        lines.append(name).append(1, ':').append(value).append(1, '\n');
    }
    return lines;
}

std::string StringToSign::target() const
{
    std::string out = resource;
    char mark = '?';
    for (const auto& one : sub_resources) {
        out.append(1, mark).append(one);
        mark = '&';
    }
    return out;
}

std::string StringToSign::text() const
{
    return join(method, "\n", md5, "\n", type, "\n", date, "\n", field_lines(), target());
}

std::vector<StringToSign> documented(const Request& request)
{
    const auto& [parts, bucket, in_path, presigned] = request;
    const auto path = parts.target.raw_path.empty() ? std::string_view("/") : parts.target.raw_path;
    std::vector<StringToSign> all = {
        {.method = std::string(parts.method),
         .md5 = value_of(parts, "content-md5", presigned),
         .type = value_of(parts, "content-type", presigned),
         .date = date_of(parts, presigned),
         .fields = amazon_fields(parts, presigned),
         .resource = bucket.empty() || in_path ? std::string(path) : join("/", bucket, path),
         .sub_resources = sub_resources_of(parts.target.raw_query)}};
    for (const auto change : {with_other_empties, without_later, with_blanks}) {
        for (std::size_t i = 0, count = all.size(); i < count; ++i) {
            auto other = all[i];
            if (change(other)) {
                all.push_back(std::move(other));
            }
        }
    }
    return all;
}

} // namespace cosdiag::aws_v2

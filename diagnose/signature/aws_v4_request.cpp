// SPDX-License-Identifier: Apache-2.0
// "Authenticating Requests (AWS Signature Version 4)", Amazon S3 API Reference; COS takes it from S3
// libraries (436/37421).
#include "diagnose/signature/aws_v4_request.hpp"

#include "diagnose/digest.hpp"
#include "diagnose/text.hpp"

#include <algorithm>
#include <tuple>

namespace cosdiag::aws_v4 {
namespace {

std::string_view part_of(std::string_view text, std::string_view mark) noexcept
{
    const auto at = text.find(mark);
    return at == std::string_view::npos
               ? std::string_view{}
               : trimmed(text.substr(at + mark.size(), text.find(',', at) - at - mark.size()));
}

std::string scope_of(std::string_view credential)
{
    return std::string(split_at(credential, '/').back);
}

std::string single_blanks(std::string_view value)
{
    std::string out;
    for (const char c : trimmed(value)) {
        if (c != ' ' || !out.ends_with(' ')) {
            out += c;
        }
    }
    return out;
}

} // namespace

std::string Canonical::text() const
{
    std::string lines;
    for (const auto& header : headers) {
        lines += join(header.name, ":", header.value, "\n");
    }
    return join(method, "\n", path, "\n", query, "\n", lines, "\n", names, "\n", payload);
}

std::vector<SignedPair> query_pairs(const Target& target)
{
    std::vector<SignedPair> pairs;
    for (const auto& parameter : target.parameters) {
        if (parameter.name != "X-Amz-Signature") {
            pairs.push_back({percent_encoded(parameter.name), percent_encoded(parameter.value)});
        }
    }
    std::sort(pairs.begin(), pairs.end(), [](const SignedPair& a, const SignedPair& b) {
        return std::tie(a.name, a.value) < std::tie(b.name, b.value);
    });
    return pairs;
}

std::optional<Signed> read_signed(const SignedParts& parts)
{
    Signed out;
    if (const auto field = find_field(parts.fields, "authorization");
        field && field->starts_with(algorithm)) {
        const auto end = field->size();
        const auto signature = field->find("Signature=");
        out.scope = scope_of(part_of(*field, "Credential="));
        out.names = part_of(*field, "SignedHeaders=");
        out.signature =
            trimmed(field->substr(std::min(signature == std::string_view::npos ? end : signature + 10, end)));
        out.stamp = trimmed(find_field(parts.fields, "x-amz-date").value_or(std::string_view{}));
    } else {
        const auto value = [&parts](std::string_view name) {
            const auto* const parameter = parts.target.find(name);
            return parameter == nullptr ? std::string() : parameter->value;
        };
        out.presigned = true;
        out.scope = scope_of(value("X-Amz-Credential"));
        out.names = value("X-Amz-SignedHeaders");
        out.signature = value("X-Amz-Signature");
        out.stamp = value("X-Amz-Date");
    }
    if (out.scope.empty() || out.names.empty() || out.signature.empty() || out.stamp.empty()) {
        return std::nullopt;
    }
    return out;
}

Canonical canonical_of(const SignedParts& parts, const Signed& found)
{
    Canonical out;
    out.method = parts.method;
    out.path = path_encoded(parts.target.path.empty() ? "/" : parts.target.path);
    out.query = line_of(query_pairs(parts.target));
    out.names = found.names;
    for (std::string_view list = found.names; !list.empty();) {
        const auto [name, rest] = split_at(list, ';');
        list = rest;
        std::string value;
        for (const auto& field : parts.fields) {
            if (name != "host" && same_name(field.name, name)) {
                value += value.empty() ? "" : ",";
                value += single_blanks(field.value);
            }
        }
        out.headers.push_back({std::string(name), name == "host" ? std::string(parts.host) : value});
    }
    const auto payload = find_field(parts.fields, "x-amz-content-sha256");
    const auto* const in_query = parts.target.find("X-Amz-Content-Sha256");
    out.payload = payload           ? std::string(trimmed(*payload))
                  : in_query        ? in_query->value
                  : found.presigned ? std::string(unsigned_payload)
                                    : sha256_hex("");
    return out;
}

} // namespace cosdiag::aws_v4

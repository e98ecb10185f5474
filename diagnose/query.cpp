// SPDX-License-Identifier: Apache-2.0
#include "diagnose/query.hpp"

#include "diagnose/redaction.hpp"
#include "diagnose/text.hpp"

#include <algorithm>

namespace cosdiag {
namespace {

constexpr std::size_t max_parameters = 256;

void read_parameters(std::string_view query, Target& out)
{
    while (!query.empty() && out.parameters.size() < max_parameters) {
        const auto [pair, rest] = split_at(query, '&');
        query = rest;
        if (pair.empty()) {
            continue;
        }
        const auto [name, value] = split_at(pair, '=');
        if (before_credentials(name).size() != name.size()) {
            out.credentials = Misplaced::in_name;
            continue;
        }
        out.parameters.push_back({percent_decoded(name), percent_decoded(value)});
    }
}

/// Parameters whose values say what was asked for and open nothing.
bool is_harmless(std::string_view name) noexcept
{
    constexpr std::string_view names[] = {
        "prefix",
        "delimiter",
        "marker",
        "max-keys",
        "encoding-type",
        "list-type",
        "start-after",
        "key-marker",
        "upload-id-marker",
        "version-id-marker",
        "max-uploads",
        "max-parts",
        "part-number-marker",
        "partNumber",
        "uploadId",
        "versionId",
        "position",
        "id",
        "select-type",
        "domainname",
    };
    return std::any_of(std::begin(names), std::end(names), [name](std::string_view one) {
        return same_name(one, name);
    });
}

} // namespace

const Parameter* Target::find(std::string_view name) const noexcept
{
    const auto at = std::find_if(parameters.begin(), parameters.end(), [name](const Parameter& parameter) {
        return same_name(parameter.name, name);
    });
    return at == parameters.end() ? nullptr : &*at;
}

Target read_target(std::string_view target)
{
    Target out;
    const auto mark = target.find('?');
    const auto path = target.substr(0, mark);
    out.raw_path = before_credentials(path);
    out.path = percent_decoded(out.raw_path);
    if (mark != std::string_view::npos) {
        out.raw_query = target.substr(mark + 1);
        read_parameters(out.raw_query, out);
    }
    if (out.raw_path.size() != path.size()) {
        out.credentials = Misplaced::in_path;
    }
    return out;
}

std::string redacted(const Target& target)
{
    std::string out(target.raw_path);
    char separator = '?';
    for (const auto& parameter : target.parameters) {
        out += separator;
        separator = '&';
        out += percent_encoded(parameter.name);
        if (!parameter.value.empty()) {
            out += '=';
            const bool shown =
                is_harmless(parameter.name) && without_secret_values(parameter.value) == parameter.value;
            out += shown ? percent_encoded(parameter.value) : "...";
        }
    }
    if (target.credentials == Misplaced::in_name) {
        out += separator;
        out += "...";
    }
    return out;
}

} // namespace cosdiag

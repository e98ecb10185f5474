// SPDX-License-Identifier: Apache-2.0
#include "proxy/log/entry_filter.hpp"

#include "diagnose/json_value.hpp"
#include "diagnose/secret.hpp"
#include "diagnose/text.hpp"

#include <algorithm>
#include <string_view>

namespace cosdiag::log {

namespace {

bool contains(std::string_view text, std::string_view part)
{
    const auto same = [](char a, char b) { return lower(a) == lower(b); };
    return part.empty() ||
           std::search(text.begin(), text.end(), part.begin(), part.end(), same) != text.end();
}

bool is_or_unset(std::string_view wanted, std::string_view value)
{
    return wanted.empty() || wanted == value;
}

bool fits_finding(const EntryFilter& filter, const json::value& entry)
{
    for (const auto& finding : list_in(value_in(entry, "causes"))) {
        if (is_or_unset(filter.cause, text_in(finding, "cause")))
            return is_or_unset(filter.confidence, text_in(finding, "confidence"));
    }
    return filter.cause.empty() && filter.confidence.empty();
}

bool fits_access_key(std::string_view wanted, std::string_view shown)
{
    const KeyShape shape = key_shape(wanted);
    const bool whole = shape == KeyShape::permanent || shape == KeyShape::temporary;
    return is_or_unset(wanted, shown) || (whole && masked_key(wanted) == shown);
}

bool fits_action(std::string_view wanted, std::string_view action)
{
    const std::string_view bare = action.substr(action.find(':') + 1);
    return is_or_unset(wanted, action) || wanted == bare;
}

/// Bounds: as deep as parse_json() reads.
bool says(const json::value& value, std::string_view part) // NOLINT(misc-no-recursion)
{
    if (value.is_string())
        return contains(value.get_string(), part);
    if (value.is_int64())
        return contains(std::to_string(value.get_int64()), part);
    const auto in = [part](const json::value& each) { return says(each, part); };
    if (value.is_array())
        return std::ranges::any_of(value.get_array(), in);
    return value.is_object() &&
           std::ranges::any_of(value.get_object(), [&](const auto& each) { return in(each.value()); });
}

} // namespace

bool EntryFilter::matches(const json::value& entry) const
{
    const json::value& request = value_in(entry, "request");
    return fits_finding(*this, entry) && is_or_unset(bucket, text_in(request, "bucket")) &&
           contains(text_in(request, "key"), key) &&
           fits_access_key(access_key, text_in(request, "access_key")) &&
           fits_action(action, text_in(request, "action")) &&
           (host.empty() || same_name(host, text_in(request, "host"))) && (text.empty() || says(entry, text));
}

} // namespace cosdiag::log

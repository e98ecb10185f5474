// SPDX-License-Identifier: Apache-2.0
#include "proxy/admin/query.hpp"

#include "diagnose/text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace cosdiag::admin {

namespace {

struct Part {
    std::string_view name;
    std::string log::EntryFilter::*value;
};

constexpr std::array parts{
    Part{"cause", &log::EntryFilter::cause},
    Part{"confidence", &log::EntryFilter::confidence},
    Part{"bucket", &log::EntryFilter::bucket},
    Part{"key", &log::EntryFilter::key},
    Part{"access_key", &log::EntryFilter::access_key},
    Part{"action", &log::EntryFilter::action},
    Part{"host", &log::EntryFilter::host},
    Part{"text", &log::EntryFilter::text},
};

constexpr std::size_t most_shown = 40; ///< bytes of a name

std::string form_decoded(std::string_view text)
{
    std::string plain(text);
    std::replace(plain.begin(), plain.end(), '+', ' ');
    return percent_decoded(plain);
}

/// What is wrong with it; empty: nothing.
std::string take(Query& query, std::string_view name, std::string value)
{
    const auto part =
        std::find_if(parts.begin(), parts.end(), [&](const Part& each) { return each.name == name; });
    if (part != parts.end()) {
        query.filter.*part->value = std::move(value);
        return {};
    }
    const auto count = whole_number(value);
    if (name != "limit" && name != "before" && name != "after")
        return "there is no parameter " + shortened(name, most_shown) +
               "; there are limit, before, after, cause, confidence, bucket, key, access_key, action, host "
               "and text";
    if (!count || (name == "limit" && (*count < 1 || *count > std::int64_t{Query::most})))
        return std::string(name) +
               (name == "limit" ? " is no number from 1 to 1000" : " is no number of an entry");
    if (name == "limit")
        query.limit = static_cast<std::size_t>(*count);
    else if (name == "before")
        query.before = static_cast<std::uint64_t>(*count);
    else
        query.after = static_cast<std::uint64_t>(*count);
    return {};
}

} // namespace

std::variant<Query, std::string> parse_query(std::string_view text)
{
    Query query;
    while (!text.empty()) {
        const auto [pair, rest] = split_at(text, '&');
        const auto [name, value] = split_at(pair, '=');
        if (!pair.empty())
            if (std::string wrong = take(query, form_decoded(name), form_decoded(value)); !wrong.empty())
                return wrong;
        text = rest;
    }
    return query;
}

} // namespace cosdiag::admin

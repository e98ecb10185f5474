// SPDX-License-Identifier: Apache-2.0
// The storage classes that a list of objects shows (GET Bucket, 436/7734), read from as much of it as is
// there.
#pragma once

#include "diagnose/text.hpp"

#include <string>
#include <string_view>

namespace cosdiag {

/// Text between an element's tags without its entities (XML 1.0 §4.6).
std::string without_entities(std::string_view text);

/// Calls `told(path, storage_class)` for each object whose class must be restored before it can be read; the
/// path is percent-encoded, as most clients ask for it. A list without such objects costs one search.
template <class Told>
void each_archived(std::string_view list, Told told)
{
    constexpr std::string_view mark = "ARCHIVE</StorageClass>";
    for (auto at = list.find(mark); at != std::string_view::npos; at = list.find(mark, at + mark.size())) {
        const auto open = list.rfind('>', at);
        const auto entry = list.rfind("<Contents>", at);
        const auto key = entry == std::string_view::npos ? entry : list.find("<Key>", entry);
        const auto end = key == std::string_view::npos ? key : list.find("</Key>", key);
        if (open == std::string_view::npos || end == std::string_view::npos || end > at) {
            continue;
        }
        const auto name = without_entities(list.substr(key + 5, end - key - 5));
        std::string path;
        for (std::string_view rest = name; !rest.empty();) {
            const auto [part, more] = split_at(rest, '/');
            path += join("/", percent_encoded(part));
            if (more.empty() && part.size() < rest.size()) {
                path += '/';
            }
            rest = more;
        }
        told(std::string_view(path), list.substr(open + 1, at + 7 - open - 1));
    }
}

} // namespace cosdiag

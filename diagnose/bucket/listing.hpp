// SPDX-License-Identifier: Apache-2.0
// The storage classes that a list of objects shows (GET Bucket, 436/7734), read from as much of it as is
// there.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cosdiag {

/// Text between an element's tags without its entities (XML 1.0 §4.6).
std::string without_entities(std::string_view text);

/// An object whose class must be restored before it can be read.
struct Archived {
    std::string path;               ///< percent-encoded, as most clients ask for it
    std::string_view storage_class; ///< a part of the list
};

/// Whether the keys of a list are percent-encoded (`encoding-type=url`).
bool has_coded_keys(std::string_view list) noexcept;

/// The last entry of a piece of a list, which ends with the name of its class.
std::optional<Archived> read_entry(std::string_view piece, bool coded_keys);

/// Calls `told(const Archived&)` for each of them. A list without such objects costs one search.
template <class Told>
void each_archived(std::string_view list, Told told)
{
    constexpr std::string_view name = "ARCHIVE";
    constexpr std::string_view mark = "ARCHIVE</StorageClass>";
    auto at = list.find(mark);
    const bool coded_keys = at != std::string_view::npos && has_coded_keys(list);
    for (std::size_t from = 0; at != std::string_view::npos; at = list.find(mark, from)) {
        const auto piece = list.substr(from, at + name.size() - from);
        from = at + mark.size();
        if (const auto found = read_entry(piece, coded_keys)) {
            told(*found);
        }
    }
}

} // namespace cosdiag

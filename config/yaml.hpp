// SPDX-License-Identifier: Apache-2.0
// Reads a YAML tree against tables of known keys and gathers every fault instead of stopping at the first.
// Only for the loader: the rest of the program sees no type of yaml-cpp.
#pragma once

#include "config/fault.hpp"
#include "config/value.hpp"

#include <yaml-cpp/yaml.h>

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace cosdiag::config {

/// A node, how people call it, and where it stands.
struct Place {
    YAML::Node node;
    std::string path;
    Position at;
};

using Read = std::function<void(const Place& place)>;

struct Key {
    std::string_view name;
    Read read;
};

class TreeReader {
public:
    /// Reads a mapping by its table. An empty node is a mapping without keys, so that a section whose
    /// settings are all commented out is fine. Returns the names that were there.
    std::vector<std::string_view> section(const Place& place, const std::vector<Key>& keys);

    /// Reads every element of a sequence.
    void list(const Place& place, const Read& each);

    void fault(const Place& place, Complaint complaint);

    /// What reads one scalar into `target`, which stays as it is when the text is refused.
    template <class T>
    Read value(T& target, Parse<T> parse)
    {
        return [this, &target, parse = std::move(parse)](const Place& place) {
            const auto* text = scalar(place);
            if (text == nullptr)
                return;
            auto parsed = parse(*text);
            if (auto* complaint = std::get_if<Complaint>(&parsed)) {
                fault(place, std::move(*complaint));
            } else {
                target = std::get<T>(std::move(parsed));
            }
        };
    }

    /// What reads a list of scalars, replacing `target`.
    template <class T>
    Read values(std::vector<T>& target, Parse<T> parse)
    {
        return [this, &target, parse = std::move(parse)](const Place& place) {
            target.clear();
            list(place, [&](const Place& element) {
                T item{};
                value<T>(item, parse)(element);
                target.push_back(std::move(item));
            });
        };
    }

    Faults faults;
    std::map<std::string, Position, std::less<>> positions; ///< of every setting met, by its path

private:
    const std::string* scalar(const Place& place);
};

} // namespace cosdiag::config

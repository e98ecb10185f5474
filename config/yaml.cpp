// SPDX-License-Identifier: Apache-2.0
#include "config/yaml.hpp"

#include <algorithm>

namespace cosdiag::config {

namespace {

std::string_view kind(const YAML::Node& node)
{
    if (node.IsMap())
        return "a section";
    if (node.IsSequence())
        return "a list";
    if (node.IsScalar())
        return "a single value";
    return "nothing";
}

std::string join(std::string_view path, std::string_view name)
{
    std::string joined(path);
    if (!joined.empty())
        joined += '.';
    return joined.append(name);
}

/// What stands where a key was wanted. A URL may have come there with a password in it.
std::string shown_key(const std::string& name)
{
    return name.find('@') == std::string::npos ? quoted(name) : "a text with @ in it";
}

/// yaml-cpp counts from 0, and places the absent value of `key:` wherever the next token stands.
Position position(const YAML::Node& node, Position otherwise)
{
    const auto mark = node.Mark();
    return node.IsNull() || mark.is_null() ? otherwise : Position{mark.line + 1, mark.column + 1};
}

} // namespace

std::vector<std::string_view> TreeReader::section(const Place& place, const std::vector<Key>& keys)
{
    std::vector<std::string_view> names;
    std::ranges::transform(keys, std::back_inserter(names), &Key::name);
    std::vector<std::string_view> met;
    if (place.node.IsNull())
        return met;
    if (!place.node.IsMap()) {
        fault(place, {"holds " + std::string(kind(place.node)), suggest("", names)});
        return met;
    }
    for (const auto& entry : place.node) {
        const Position at = position(entry.first, place.at);
        const std::string name = entry.first.IsScalar() ? entry.first.Scalar() : "?";
        const auto key = std::ranges::find(keys, name, &Key::name);
        if (key == keys.end()) {
            fault({{}, place.path, at}, {shown_key(name) + " is no known key", suggest(name, names)});
            continue;
        }
        const Place child{entry.second, join(place.path, name), position(entry.second, at)};
        if (std::ranges::find(met, key->name) != met.end()) {
            const auto first = positions[child.path];
            fault(
                {{}, child.path, at},
                {"is given twice, first in line " + std::to_string(first.line), "Keep one."}
            );
            continue;
        }
        met.push_back(key->name);
        positions[child.path] = child.at;
        key->read(child);
    }
    return met;
}

void TreeReader::list(const Place& place, const Read& each)
{
    if (!place.node.IsSequence()) {
        fault(
            place,
            {"holds " + std::string(kind(place.node)),
             "A list is wanted here: lines beginning with -, or []."}
        );
        return;
    }
    for (std::size_t i = 0; i < place.node.size(); ++i) {
        const YAML::Node element = place.node[i];
        const Place child{element, place.path + "[" + std::to_string(i) + "]", position(element, place.at)};
        positions[child.path] = child.at;
        each(child);
    }
}

void TreeReader::fault(const Place& place, Complaint complaint)
{
    faults.push_back({place.path, place.at, std::move(complaint)});
}

const std::string* TreeReader::scalar(const Place& place)
{
    if (place.node.IsScalar())
        return &place.node.Scalar();
    fault(place, {"holds " + std::string(kind(place.node)), "A single value is wanted here."});
    return nullptr;
}

} // namespace cosdiag::config

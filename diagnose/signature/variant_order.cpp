// SPDX-License-Identifier: Apache-2.0
#include "diagnose/signature/variant_order.hpp"

#include "diagnose/text.hpp"

#include <algorithm>
#include <utility>

namespace cosdiag {

std::vector<std::string> names_as_sent(const SignedParts& parts)
{
    std::vector<std::string> names{"Host"};
    for (const auto& field : parts.fields) {
        if (!same_name(field.name, "host")) {
            names.emplace_back(field.name);
        }
    }
    return names;
}

std::vector<std::string> parameter_names_as_sent(const SignedParts& parts)
{
    std::vector<std::string> names;
    for (const auto& parameter : parts.target.parameters) {
        names.push_back(parameter.name);
    }
    return names;
}

std::vector<std::string> listed(std::string_view list)
{
    std::vector<std::string> names;
    while (!list.empty()) {
        const auto [name, rest] = split_at(list, ';');
        names.push_back(percent_decoded(name));
        list = rest;
    }
    return names;
}

/// What the order does not name comes last.
Pairs in_order_of(const Pairs& pairs, const std::vector<std::string>& order)
{
    const auto place = [&order](const SignedPair& pair) {
        const auto name = percent_decoded(pair.name);
        return std::find_if(order.begin(), order.end(), [&name](const std::string& one) {
            return same_name(one, name);
        });
    };
    Pairs sorted = pairs;
    std::stable_sort(sorted.begin(), sorted.end(), [&place](const SignedPair& a, const SignedPair& b) {
        return place(a) < place(b);
    });
    return sorted;
}

void insert_sorted(Pairs& pairs, SignedPair pair)
{
    const auto at = std::upper_bound(pairs.begin(), pairs.end(), pair, [](const auto& a, const auto& b) {
        return a.name < b.name;
    });
    pairs.insert(at, std::move(pair));
}

} // namespace cosdiag

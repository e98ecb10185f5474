// SPDX-License-Identifier: Apache-2.0
// Fields and parameters that are signed although the list does not name them.
#include "diagnose/signature/variant_offer.hpp"
#include "diagnose/signature/variant_order.hpp"
#include "diagnose/text.hpp"

#include <utility>

namespace cosdiag {
namespace {

constexpr std::size_t most_added = 16;

class UnlistedSearch : private VariantOffer {
public:
    using VariantOffer::VariantOffer;

    bool run() { return unlisted_fields() || unlisted_parameters(); }

private:
    bool unlisted_fields()
    {
        std::size_t tried = 0;
        for (const auto& field : parts_.fields) {
            const auto name = lowered(field.name);
            if (find_pair(right_.headers, lowered(percent_encoded(name))) == nullptr &&
                ++tried <= most_added &&
                one_added(right_.headers, Piece::header, name, percent_encoded(trimmed(field.value)))) {
                return true;
            }
        }
        return (find_pair(right_.headers, "host") == nullptr &&
                one_added(right_.headers, Piece::header, "host", percent_encoded(parts_.host))) ||
               two_unlisted_fields();
    }

    bool two_unlisted_fields()
    {
        constexpr std::size_t most = 8;
        Pairs unlisted;
        for (const auto& field : parts_.fields) {
            auto name = lowered(percent_encoded(field.name));
            if (find_pair(right_.headers, name) == nullptr && name != "host" && unlisted.size() < most) {
                unlisted.push_back({std::move(name), percent_encoded(trimmed(field.value))});
            }
        }
        for (auto first = unlisted.begin(); first != unlisted.end(); ++first) {
            for (auto second = first + 1; second != unlisted.end(); ++second) {
                Pairs changed = right_.headers;
                insert_sorted(changed, *first);
                insert_sorted(changed, *second);
                if (offer_line(
                        changed,
                        Piece::header,
                        join(first->name, " and ", second->name, " too, which its list does not name"),
                        "name every signed field in q-header-list"
                    )) {
                    return true;
                }
            }
        }
        return false;
    }

    bool unlisted_parameters()
    {
        std::size_t tried = 0;
        Pairs all = right_.parameters;
        bool several = false;
        for (const auto& parameter : parts_.target.parameters) {
            const auto name = lowered(percent_encoded(parameter.name));
            if (find_pair(right_.parameters, name) != nullptr || name.starts_with("q-") ||
                ++tried > most_added) {
                continue;
            }
            const auto value = percent_encoded(parameter.value);
            if (one_added(right_.parameters, Piece::parameter, lowered(parameter.name), value)) {
                return true;
            }
            several = all.size() > right_.parameters.size();
            insert_sorted(all, {name, value});
        }
        return several && offer_pairs(
                              all,
                              Piece::parameter,
                              {},
                              "parameters that its list does not name",
                              {},
                              {},
                              "name every signed parameter in q-url-param-list"
                          );
    }

    bool one_added(const Pairs& right, Piece piece, const std::string& name, const std::string& value)
    {
        Pairs changed = right;
        insert_sorted(changed, {lowered(percent_encoded(name)), value});
        return offer_pairs(
            changed,
            piece_of(piece, name),
            name,
            join(name, " too, which its list does not name"),
            percent_decoded(value),
            {},
            piece == Piece::parameter ? "name every signed parameter in q-url-param-list"
                                      : "name every signed field in q-header-list"
        );
    }
};

} // namespace

bool each_unlisted_variant(const SignedParts& parts, const HttpString& right, const TryVariant& attempt)
{
    return UnlistedSearch(parts, right, attempt).run();
}

} // namespace cosdiag

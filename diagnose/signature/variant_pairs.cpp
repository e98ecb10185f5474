// SPDX-License-Identifier: Apache-2.0
// What goes wrong in the lines of signed fields and parameters.
#include "diagnose/signature/variant_order.hpp"
#include "diagnose/signature/variant_spelling.hpp"
#include "diagnose/text.hpp"

#include <algorithm>

namespace cosdiag {
namespace {

constexpr std::size_t max_pairs = 32;
constexpr std::size_t max_of_many = 8; ///< of each line where both are long: a search has a millisecond

class PairSearch : private VariantOffer {
public:
    using VariantOffer::VariantOffer;

    bool run() { return pairs(right_.headers, Piece::header) || pairs(right_.parameters, Piece::parameter); }

private:
    /// Every mistake that can be made with one line of names and values.
    bool pairs(const Pairs& right, Piece piece)
    {
        const bool many = right_.headers.size() + right_.parameters.size() > max_pairs;
        const auto count = std::min(right.size(), many ? max_of_many : max_pairs);
        for (std::size_t at = 0; at < count; ++at) {
            if (one_left_out(right, at, piece) || one_changed(right, at, piece)) {
                return true;
            }
        }
        for (const auto& [change, what, fix] : value_spellings()) {
            Pairs changed = right;
            for (auto& pair : changed) {
                pair.value = change(pair.value);
            }
            if (offer_pairs(changed, piece, {}, join("the values ", what), {}, {}, fix)) {
                return true;
            }
        }
        return whole_line(right, piece);
    }

    bool one_left_out(const Pairs& right, std::size_t at, Piece piece)
    {
        Pairs changed = right;
        const auto name = percent_decoded(right[at].name);
        const auto value = percent_decoded(right[at].value);
        changed[at].value.clear();
        if (offer_pairs(
                changed,
                piece_of(piece, name),
                name,
                join(name, " without its value"),
                {},
                value,
                "sign the value that is sent"
            )) {
            return true;
        }
        changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(at));
        return offer_pairs(
            changed,
            piece_of(piece, name),
            name,
            join("a text without ", name, ", which its own list names"),
            {},
            value,
            "put each listed name into the text to sign, or take it off the list"
        );
    }

    bool one_changed(const Pairs& right, std::size_t at, Piece piece)
    {
        const auto name = percent_decoded(right[at].name);
        Pairs changed = right;
        for (const auto& [change, what, fix] : value_spellings()) {
            changed[at].value = change(right[at].value);
            if (changed[at].value != right[at].value && offer_pairs(
                                                            changed,
                                                            piece_of(piece, name),
                                                            name,
                                                            join("the value of ", name, " ", what),
                                                            changed[at].value,
                                                            right[at].value,
                                                            fix
                                                        )) {
                return true;
            }
        }
        return false;
    }

    bool whole_line(const Pairs& right, Piece piece)
    {
        const bool fields = piece == Piece::header;
        const std::string_view all = fields ? "fields" : "parameters";
        const auto spelled = fields ? names_as_sent(parts_) : parameter_names_as_sent(parts_);
        const auto order = listed(fields ? parts_.header_list : parts_.param_list);
        constexpr std::string_view sorted = "sort by the encoded name in lower case";
        return offer_line(
                   {},
                   piece,
                   join("none of the ", all, " that its list names"),
                   "put each listed name into the text to sign, or send an empty list"
               ) ||
               names_in_own_case(right, spelled, piece) ||
               offer_line(
                   in_order_of(right, spelled),
                   piece,
                   join("the ", all, " in the order of the request"),
                   sorted
               ) ||
               offer_line(
                   in_order_of(right, order), piece, join("the ", all, " in the order of its list"), sorted
               ) ||
               without_equals_signs(right, piece) || (!fields && query_as_sent());
    }

    /// Often together with values that are not encoded either.
    bool names_in_own_case(const Pairs& right, const std::vector<std::string>& spelled, Piece piece)
    {
        Pairs changed = right;
        bool differs = false;
        for (auto& pair : changed) {
            for (const auto& name : spelled) {
                if (same_name(name, percent_decoded(pair.name))) {
                    pair.name = percent_encoded(name);
                }
            }
        }
        for (std::size_t i = 0; i < right.size(); ++i) {
            differs = differs || changed[i].name != right[i].name;
        }
        if (!differs) {
            return false;
        }
        const auto what =
            join("the names of the ", piece == Piece::header ? "fields" : "parameters", " in their own case");
        for (int pass = 0; pass < 2; ++pass) {
            constexpr std::string_view fix = "put the names into lower case, and sort them afterwards";
            if (offer_line(changed, piece, what, fix)) {
                return true;
            }
            for (const auto& spelling : value_spellings()) {
                Pairs both = changed;
                for (auto& pair : both) {
                    pair.value = spelling.change(pair.value);
                }
                if (offer_line(both, piece, join(what, ", and the values ", spelling.what), fix)) {
                    return true;
                }
            }
            std::sort(changed.begin(), changed.end(), [](const SignedPair& a, const SignedPair& b) {
                return a.name < b.name;
            });
        }
        return false;
    }

    bool query_as_sent()
    {
        return !parts_.target.raw_query.empty() &&
               offer_text(
                   join(
                       right_.method,
                       "\n",
                       right_.path,
                       "\n",
                       parts_.target.raw_query,
                       "\n",
                       line_of(right_.headers),
                       "\n"
                   ),
                   Piece::parameter,
                   {},
                   "the query as it stands in the URL",
                   {},
                   {},
                   "decode each parameter, then encode, put into lower case and sort as documented"
               );
    }

    /// `?acl` signed as `acl` in place of `acl=`.
    bool without_equals_signs(const Pairs& right, Piece piece)
    {
        std::string line;
        for (const auto& pair : right) {
            line += line.empty() ? "" : "&";
            line += pair.value.empty() ? pair.name : join(pair.name, "=", pair.value);
        }
        const auto other = line_of(piece == Piece::header ? right_.parameters : right_.headers);
        const auto& first = piece == Piece::header ? other : line;
        const auto& second = piece == Piece::header ? line : other;
        return offer_text(
            join(right_.method, "\n", right_.path, "\n", first, "\n", second, "\n"),
            piece,
            {},
            "names without a value as `name`, in place of `name=`",
            {},
            {},
            "write `name=` where there is no value"
        );
    }
};

} // namespace

bool each_pair_variant(const SignedParts& parts, const HttpString& right, const TryVariant& attempt)
{
    return PairSearch(parts, right, attempt).run() || each_unlisted_variant(parts, right, attempt);
}

} // namespace cosdiag

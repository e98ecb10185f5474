// SPDX-License-Identifier: Apache-2.0
// The common part of everything that varies a HttpString: where variants are held against the right text and
// offered.
#pragma once

#include "diagnose/signature/signing_variants.hpp"
#include "diagnose/text.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cosdiag {

/// The lines of names and values that a HttpString has.
using Pairs = std::vector<SignedPair>;

class VariantOffer {
public:
    VariantOffer(const SignedParts& parts, const HttpString& right, const TryVariant& attempt)
        : parts_(parts),
          right_(right),
          right_text_(right.text()),
          right_parameters_(line_of(right.parameters)),
          right_headers_(line_of(right.headers)),
          attempt_(attempt)
    {
    }

protected:
    bool offer(
        const HttpString& string,
        Piece piece,
        std::string_view name,
        std::string what,
        std::string_view signed_as,
        std::string_view expected,
        std::string_view fix
    )
    {
        return offer_text(string.text(), piece, name, std::move(what), signed_as, expected, fix);
    }

    bool offer_text(
        std::string text,
        Piece piece,
        std::string_view name,
        std::string what,
        std::string_view signed_as,
        std::string_view expected,
        std::string_view fix
    )
    {
        if (text == right_text_) {
            return false;
        }
        return attempt_(
            {piece,
             std::string(name),
             std::move(what),
             std::string(signed_as),
             std::string(expected),
             fix,
             std::move(text)}
        );
    }

    bool offer_line(const Pairs& pairs, Piece piece, std::string what, std::string_view fix)
    {
        return offer_pairs(pairs, piece, {}, std::move(what), {}, {}, fix);
    }

    bool offer_pairs(
        const Pairs& pairs,
        Piece piece,
        std::string_view name,
        std::string what,
        std::string_view signed_as,
        std::string_view expected,
        std::string_view fix
    )
    {
        const auto changed = line_of(pairs);
        const bool fields = piece != Piece::parameter;
        const std::string_view parameters = fields ? right_parameters_ : changed;
        const std::string_view headers = fields ? changed : right_headers_;
        return offer_text(
            join(right_.method, "\n", right_.path, "\n", parameters, "\n", headers, "\n"),
            piece,
            name,
            std::move(what),
            signed_as,
            expected,
            fix
        );
    }

    const SignedParts& parts_;
    const HttpString& right_;
    std::string right_text_;
    std::string right_parameters_, right_headers_; ///< the lines
    const TryVariant& attempt_;
};

/// The piece that a name on a line stands for.
inline Piece piece_of(Piece line, std::string_view name) noexcept
{
    return line == Piece::header && name == "host" ? Piece::host : line;
}

/// Names that are signed and not listed. Returns whether a variant was taken.
bool each_unlisted_variant(const SignedParts& parts, const HttpString& right, const TryVariant& attempt);

/// Mistakes with the fields and the parameters that are signed, those not listed last. Returns whether a
/// variant was taken.
bool each_pair_variant(const SignedParts& parts, const HttpString& right, const TryVariant& attempt);

} // namespace cosdiag

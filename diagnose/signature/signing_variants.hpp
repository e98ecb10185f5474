// SPDX-License-Identifier: Apache-2.0
// What clients sign by mistake: the HttpString with one thing done otherwise than COS documents it
// (436/7778), for the request that was observed. Which of them was signed is for the secret to say: see
// signature_check.hpp.
#pragma once

#include "diagnose/signature/http_string.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace cosdiag {

/// One deviation and the text it leads to.
struct SigningVariant {
    Piece piece;
    std::string name;                ///< of the field or parameter, where it concerns one
    std::string what;                ///< what the client did, to follow "the client signed"
    std::string signed_as, expected; ///< the piece by the client and by the documentation; may be empty
    std::string_view fix;            ///< what to do instead
    std::string text;                ///< the HttpString that comes of it
};

/// Takes a variant; true ends the search.
using TryVariant = std::function<bool(const SigningVariant&)>;

/// Tries every variant whose text differs from `right`, likelier ones first, until one is taken. Bounds: some
/// two hundred for a common request; at most 32 fields and 32 parameters are varied. Returns whether one was
/// taken.
bool each_signing_variant(const SignedParts& parts, const HttpString& right, const TryVariant& attempt);

} // namespace cosdiag

// SPDX-License-Identifier: Apache-2.0
// What a configured secret proves about a signature: that it is right, that COS holds another secret, or
// which mistake the client made. Without the secret nothing of this can be told.
#pragma once

#include "diagnose/authorization.hpp"
#include "diagnose/signature/http_string.hpp"
#include "diagnose/signature/signing.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace cosdiag {

/// The one thing done otherwise than documented that gives the signature which was sent.
struct SigningBug {
    Piece piece;
    std::string name;                ///< of the field or parameter, where it concerns one
    std::string what;                ///< to follow "the client signed"
    std::string signed_as, expected; ///< may be empty; never the secret
    std::string fix;
    bool sure = true; ///< false: it depends on how COS reads what can be read in two ways
};

struct SignatureCheck {
    std::string identity;          ///< the name of the identity whose secret was at hand, or its id, cut
    bool fits_request = false;     ///< the signature is right for the request as observed
    bool fits_theirs = false;      ///< and for the FormatString that COS shows
    std::optional<SigningBug> bug; ///< none when one of these holds, or when no variant fits
    unsigned tried = 0;            ///< texts and keys held against the signature
};

struct SignatureInQuestion {
    const SignedParts& parts;
    const HttpString& right; ///< as documented, for `parts`
    const Authorization& authorization;
    std::string_view theirs; ///< COS's FormatString; empty where it was not shown
};

/// Checks a COS signature (436/7778) with the secret configured for its id. Empty when there is none, or when
/// the request lacks what a signature needs. Costs some 300 HMACs at most.
std::optional<SignatureCheck>
check_signature(const SignatureInQuestion& question, std::span<const Identity> identities);

/// The same for AWS signatures of version 4, in header or query. What COS received is not compared: it does
/// not show it in COS's form.
std::optional<SignatureCheck> check_aws_v4_signature(
    const SignedParts& parts, const Authorization& authorization, std::span<const Identity> identities
);

namespace aws_v2 {
struct Request;
}

/// The same for AWS signatures of version 2, in header or query. Costs some 200 HMACs at most.
std::optional<SignatureCheck> check_aws_v2_signature(
    const aws_v2::Request& request, const Authorization& authorization, std::span<const Identity> identities
);

/// The same for forms, whose signature covers their policy alone (436/14690).
std::optional<SignatureCheck> check_form_signature(
    const Form& form, const Authorization& authorization, std::span<const Identity> identities
);

/// The identity of this id, or null.
const Identity* find_identity(std::span<const Identity> identities, std::string_view secret_id) noexcept;

} // namespace cosdiag

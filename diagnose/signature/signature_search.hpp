// SPDX-License-Identifier: Apache-2.0
// The common part of every search for the mistake in a signature: texts and keys are held against it, and the
// first that gives it is kept.
#pragma once

#include "diagnose/secret.hpp"
#include "diagnose/signature/signature_check.hpp"
#include "diagnose/signature/signing.hpp"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace cosdiag {

class SignatureSearch {
protected:
    /// How the octets of a code are written in a signature.
    using Writing = std::string (*)(std::string_view octets);

    /// From the HMAC under a secret to the one that signs: some schemes derive a key first.
    using Derive = std::function<Hmac(Hmac secret)>;

    SignatureSearch(
        const Identity& identity, std::span<const Identity> all, Secret signature, Writing writing
    )
        : identity_(identity), all_(all), signature_(std::move(signature)), writing_(writing)
    {
    }

    bool fits(Hmac& sign, std::string_view text) { return is_signature(writing_(sign(text))); }

    /// Counts one more thing that was tried.
    bool is_signature(std::string_view written);

    /// Keeps the bug. Always true: the search is over.
    bool found(SigningBug bug);

    bool attempt(Hmac& sign, std::string_view text, SigningBug bug)
    {
        return fits(sign, text) && found(std::move(bug));
    }

    bool attempt_key(Hmac sign, std::string_view text, std::string_view what, std::string_view fix)
    {
        return fits(sign, text) && found({Piece::secret, {}, std::string(what), {}, {}, std::string(fix)});
    }

    /// The secret as careless copies have it, those of the other identities, and the SecretId. `prefix`
    /// stands before each, as AWS4 does in signatures of version 4.
    bool
    other_secret(Hmac::Hash hash, std::string_view text, const Derive& derive, std::string_view prefix = {});

    SignatureCheck result(bool fits_request, bool fits_theirs = false);

    const Identity& identity_;

private:
    std::span<const Identity> all_;
    Secret signature_;
    Writing writing_;
    std::optional<SigningBug> bug_;
    unsigned tried_ = 0;
};

} // namespace cosdiag

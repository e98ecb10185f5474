// SPDX-License-Identifier: Apache-2.0
#include "diagnose/signature/signature_search.hpp"

#include "diagnose/text.hpp"

#include <utility>

namespace cosdiag {
namespace {

constexpr std::string_view own_secret = "use the SecretKey that belongs to this SecretId";

std::string name_of(const Identity& identity)
{
    return identity.name.empty() ? masked_key(identity.secret_id) : identity.name;
}

} // namespace

bool SignatureSearch::is_signature(std::string_view written)
{
    ++tried_;
    return signature_.matches(written);
}

bool SignatureSearch::found(SigningBug bug)
{
    bug_ = std::move(bug);
    return true;
}

bool SignatureSearch::other_secret(
    Hmac::Hash hash, std::string_view text, const Derive& derive, std::string_view prefix
)
{
    for (const auto& [before, after, what] : secret_slips()) {
        auto key = identity_.secret_key.hmac(hash, join(prefix, before), after);
        if (attempt_key(derive(std::move(key)), text, what, clean_secret)) {
            return true;
        }
    }
    for (const auto& other : all_) {
        if (&other != &identity_ && attempt_key(
                                        derive(other.secret_key.hmac(hash, prefix)),
                                        text,
                                        join("with the SecretKey of another identity, ", name_of(other)),
                                        own_secret
                                    )) {
            return true;
        }
    }
    return attempt_key(
        derive(Hmac(hash, join(prefix, identity_.secret_id))),
        text,
        "with the SecretId in place of the SecretKey",
        own_secret
    );
}

SignatureCheck SignatureSearch::result(bool fits_request, bool fits_theirs)
{
    return {name_of(identity_), fits_request, fits_theirs, std::move(bug_), tried_};
}

} // namespace cosdiag

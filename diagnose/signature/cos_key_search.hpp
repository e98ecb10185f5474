// SPDX-License-Identifier: Apache-2.0
// What can be wrong with the key of a COS signature (436/7778, "Step 3: Generate SignKey"), wherever the
// signature stands.
#pragma once

#include "diagnose/signature/signature_search.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace cosdiag {

class CosKeySearch : protected SignatureSearch {
protected:
    CosKeySearch(
        const Identity& identity, std::span<const Identity> all, const Secret& signature, std::string key_time
    )
        : SignatureSearch(identity, all, signature, hex),
          key_time_(std::move(key_time)),
          sign_(own_sign_key(key_time_))
    {
    }

    /// SignKey of this time, ready to sign.
    [[nodiscard]] Hmac own_sign_key(std::string_view key_time) const
    {
        return sign_key(identity_.secret_key.hmac(Hmac::Hash::sha1), key_time);
    }

    static Hmac sign_key(Hmac secret, std::string_view key_time)
    {
        return {Hmac::Hash::sha1, hex(secret(key_time))};
    }

    /// Another secret, or this one with its SignKey made otherwise than documented.
    bool other_key(std::string_view text);

    /// A window as clients write it by mistake.
    static std::vector<std::string> time_spellings(std::string_view window);

    static std::string in_upper_case(std::string hex_digits);

    static std::string_view shown(std::string_view time) noexcept { return time.empty() ? "(none)" : time; }

    const std::string key_time_;
    Hmac sign_;
};

} // namespace cosdiag

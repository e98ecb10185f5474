// SPDX-License-Identifier: Apache-2.0
#include "diagnose/signature/cos_key_search.hpp"

#include "diagnose/text.hpp"

namespace cosdiag {

bool CosKeySearch::other_key(std::string_view text)
{
    const auto derive = [this](Hmac secret) { return sign_key(std::move(secret), key_time_); };
    if (other_secret(Hmac::Hash::sha1, text, derive)) {
        return true;
    }
    auto secret = identity_.secret_key.hmac(Hmac::Hash::sha1);
    return attempt_key(
               Hmac(Hmac::Hash::sha1, secret(key_time_)),
               text,
               "with the octets of SignKey",
               "sign with the 40 hex digits of SignKey as text, not with its 20 octets"
           ) ||
           attempt_key(
               std::move(secret),
               text,
               "with the SecretKey itself in place of SignKey",
               "derive SignKey from SecretKey and KeyTime first"
           );
}

std::vector<std::string> CosKeySearch::time_spellings(std::string_view window)
{
    const auto [begin, end] = split_at(window, ';');
    return {
        std::string(window),
        join(begin, "%3B", end),
        join(begin, "%3b", end),
        std::string(begin),
        std::string(end),
        join(begin, ",", end),
        std::string()};
}

std::string CosKeySearch::in_upper_case(std::string hex_digits)
{
    for (char& c : hex_digits) {
        c = c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return hex_digits;
}

} // namespace cosdiag

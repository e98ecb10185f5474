// SPDX-License-Identifier: Apache-2.0
// Hashes as lower-case hex digits, and codes made with keys, as signatures have them. The one place that
// knows OpenSSL.
#pragma once

#include <memory>
#include <string>
#include <string_view>

struct evp_mac_ctx_st;

namespace cosdiag {

/// The octets as two lower-case hex digits each.
std::string hex(std::string_view octets);

/// SHA-1 (FIPS 180-4), 40 digits. COS signs with it; nothing here relies on its strength.
std::string sha1_hex(std::string_view bytes);

/// SHA-256 (FIPS 180-4), 64 digits. AWS signatures of version 4 are made with it.
std::string sha256_hex(std::string_view bytes);

/// HMAC (RFC 2104) under one key, reused for many texts. Not for two threads at once.
class Hmac {
public:
    enum class Hash { sha1, sha256 };

    Hmac(Hash hash, std::string_view key);

    /// The octets of the code.
    std::string operator()(std::string_view text);

private:
    struct Free {
        void operator()(evp_mac_ctx_st* context) const noexcept;
    };

    std::unique_ptr<evp_mac_ctx_st, Free> context_;
};

/// Overwrites a secret before its memory is given back.
void wipe(std::string& secret) noexcept;

} // namespace cosdiag

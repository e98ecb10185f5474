// SPDX-License-Identifier: Apache-2.0
// Digests and codes for the tests' own signers, straight from OpenSSL: nothing here is shared with the
// engine.
#pragma once

#include <string>
#include <string_view>

namespace cosdiag::test {

std::string hex_of(std::string_view bytes);
std::string base64_of(std::string_view bytes);

std::string sha1_of(std::string_view text);   ///< 40 hex digits
std::string sha256_of(std::string_view text); ///< 64 hex digits

std::string hmac_sha1(std::string_view key, std::string_view text);   ///< 20 octets
std::string hmac_sha256(std::string_view key, std::string_view text); ///< 32 octets

/// Every occurrence of a text by another.
std::string swapped(std::string text, const std::string& from, const std::string& to);

} // namespace cosdiag::test

// SPDX-License-Identifier: Apache-2.0
// Hashes as lower-case hex digits, as signatures have them.
#pragma once

#include <string>
#include <string_view>

namespace cosdiag {

/// The octets as two lower-case hex digits each.
std::string hex(std::string_view octets);

/// SHA-1 (FIPS 180-4), 40 digits. COS signs with it; nothing here relies on its strength.
std::string sha1_hex(std::string_view bytes);

/// SHA-256 (FIPS 180-4), 64 digits. AWS signatures of version 4 are made with it.
std::string sha256_hex(std::string_view bytes);

} // namespace cosdiag

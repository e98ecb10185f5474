// SPDX-License-Identifier: Apache-2.0
// How large TLS records get.
#pragma once

#include <cstddef>

namespace cosdiag::tls {

/// Bytes of data that one record holds at most (RFC 8446 §5.1).
inline constexpr std::size_t largest_fragment = 16 * 1024;

/// Bytes that a record of so much data has on the wire: with its header, and what the AEAD ciphers of TLS 1.2
/// add, which is more than those of TLS 1.3 do (RFC 5246 §6.2.3.3, RFC 5288 §3).
inline constexpr std::size_t largest_record = 5 + 8 + largest_fragment + 16;

} // namespace cosdiag::tls

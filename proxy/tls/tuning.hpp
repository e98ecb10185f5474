// SPDX-License-Identifier: Apache-2.0
// What both sides of TLS are set to alike.
#pragma once

#include <openssl/types.h>

#include <cstddef>

namespace cosdiag::tls {

/// Bytes that are read ahead at once: a record and a bit, or, for a stream that has proved long, most of what
/// the allocator gives without asking the system.
inline constexpr std::size_t short_read_buffer = 20 * 1024;
inline constexpr std::size_t long_read_buffer = 120 * 1024;

/// TLS 1.2 and 1.3; reading ahead, because a call for each record header costs; no buffers while idle.
void tune(SSL_CTX* context);

} // namespace cosdiag::tls

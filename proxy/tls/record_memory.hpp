// SPDX-License-Identifier: Apache-2.0
// Memory for OpenSSL's records, which connections take and give back for each message.
#pragma once

#include <cstddef>

namespace cosdiag::tls {

/// Makes OpenSSL take the buffers for its records from a few that each thread keeps at hand, the one given
/// back last first, so that it is still in the cache. Everything else it takes from malloc as before.
///
/// Once, before OpenSSL is used at all; false if it has been, and then nothing changes.
bool keep_record_memory() noexcept;

/// What OpenSSL is made to call.
namespace record_memory {

/// Bytes of one buffer, which begins at a page: for a record of the largest size, and what OpenSSL puts
/// around it.
inline constexpr std::size_t size = 20 * 1024;
inline constexpr std::size_t most = 8; ///< kept for a thread

void* take(std::size_t bytes, const char* file, int line) noexcept;
void* resize(void* memory, std::size_t bytes, const char* file, int line) noexcept;
void give(void* memory, const char* file, int line) noexcept;

/// How many this thread has at hand.
std::size_t kept() noexcept;

} // namespace record_memory

} // namespace cosdiag::tls

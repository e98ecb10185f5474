// SPDX-License-Identifier: Apache-2.0
// Bytes to send in bulk. They lie in a memory file, so that sendfile(2) hands pages over without copying
// them.
#pragma once

#include "tests/bench/socket.hpp"

#include <sys/types.h>

#include <cstdint>
#include <string_view>

namespace cosdiag::bench {

/// A stretch of filler that repeats without end.
class Payload {
public:
    Payload();

    /// The first bytes, for bodies small enough to copy (at most `copied_bytes`).
    std::string_view front(std::uint64_t bytes) const;

    /// Sends up to `left` bytes of the stretch that starts at `offset`; what sendfile(2) returns.
    ssize_t send(const Fd& socket, std::uint64_t offset, std::uint64_t left) const;

    static constexpr std::uint64_t copied_bytes = 64 * 1024;

private:
    Fd x_file;
    const char* x_front;
};

} // namespace cosdiag::bench

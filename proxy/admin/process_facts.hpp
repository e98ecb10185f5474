// SPDX-License-Identifier: Apache-2.0
// What the system says of this process (proc(5)).
#pragma once

#include <cstdint>

namespace cosdiag::admin {

struct ProcessFacts {
    double cpu_seconds = 0;        ///< user and system, since the start
    std::uint64_t resident = 0;    ///< bytes
    std::uint64_t descriptors = 0; ///< open
    std::uint64_t most_descriptors = 0;
};

/// What cannot be read stays 0.
ProcessFacts read_process_facts();

} // namespace cosdiag::admin

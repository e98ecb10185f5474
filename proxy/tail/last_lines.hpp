// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

namespace cosdiag::tail {

/// Where in a file the last `count` lines begin that count, lines that do not count between them included: 0
/// when there are not so many, `size` when none is wanted. Reads backwards from `size` and no further than it
/// must. Lines longer than longest_line do not count. What cannot be read ends the search.
std::uint64_t begin_of_last(
    int descriptor,
    std::uint64_t size,
    std::size_t count,
    const std::function<bool(std::string_view line)>& counts
);

} // namespace cosdiag::tail

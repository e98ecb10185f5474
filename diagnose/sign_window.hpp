// SPDX-License-Identifier: Apache-2.0
// When a signature holds: `<start>;<end>` of q-sign-time and q-key-time (436/7778, "Step 1").
#pragma once

#include "diagnose/time.hpp"

#include <optional>
#include <string_view>

namespace cosdiag {

/// When a signature holds. Units: seconds, UTC; both ends belong to it.
struct Window {
    Seconds begin = 0;
    Seconds end = 0;
};

enum class WindowFault {
    none,
    too_fine, ///< milliseconds, microseconds or nanoseconds
    reversed,
    not_numbers,
    disjoint, ///< q-sign-time and q-key-time, each good, have no moment in common
};

struct WindowRead {
    std::optional<Window> window;
    WindowFault fault = WindowFault::none;
};

/// Reads `<start>;<end>` of q-sign-time and q-key-time. A start after its end is a fault, an equal one is
/// not.
WindowRead read_window(std::string_view text) noexcept;

/// Whether a number of seconds has so many digits that it counts milliseconds or less.
bool is_too_fine(std::string_view number) noexcept;

} // namespace cosdiag

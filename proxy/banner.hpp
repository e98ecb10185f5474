// SPDX-License-Identifier: Apache-2.0
// What the program says when it is ready: where it listens, and the lines to copy.
#pragma once

#include <span>
#include <string>

namespace cosdiag {

/// `addresses`: where it listens, as HOST:PORT. `log`: the diagnosis log's file, empty for standard output.
std::string banner(std::span<const std::string> addresses, const std::string& log, bool colour);

} // namespace cosdiag

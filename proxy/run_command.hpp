// SPDX-License-Identifier: Apache-2.0
// `cosdiag run`: serves for one command, and ends with it.
#pragma once

#include "config/environment.hpp"
#include "proxy/cli.hpp"

namespace cosdiag {

/// Returns the command's exit status, or 128 and the signal that ended it; 127 and 126 as shells have it, and
/// a line on the error stream, if it cannot be started. Throws std::runtime_error with words for people where
/// it cannot serve.
int run_command(const cli::Run& asked, const config::Environment& users);

} // namespace cosdiag

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "proxy/cli.hpp"
#include "proxy/tail/screen.hpp"

namespace cosdiag {

/// Shows what the program at the admin listener has diagnosed, and follows what it goes on to, across
/// restarts and breaks. Returns the exit status: failed if there is nothing to follow there.
int tail_admin(const cli::Tail& asked, tail::Screen& screen);

} // namespace cosdiag

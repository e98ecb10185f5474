// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "proxy/cli.hpp"

#include <iosfwd>

namespace cosdiag {

/// `cosdiag healthcheck`: whether the program at that admin listener takes requests. Within 2 s. Returns the
/// exit status: good, or failed with one line on `err` that says why not.
int healthcheck_command(const cli::Healthcheck& asked, std::ostream& err);

} // namespace cosdiag

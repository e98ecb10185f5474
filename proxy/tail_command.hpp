// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "proxy/cli.hpp"

#include <iosfwd>

namespace cosdiag {

/// `cosdiag tail`: shows a log's entries as they come, from a file, standard input or an admin listener.
/// Returns the exit status, where it was not to follow or there is nothing more: failed, with the reason on
/// `err`, if there is no such log. `out` is standard output, which is watched for its reader to go away.
int tail_command(const cli::Tail& asked, std::ostream& out, std::ostream& err);

} // namespace cosdiag

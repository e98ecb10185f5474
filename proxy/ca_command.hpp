// SPDX-License-Identifier: Apache-2.0
// `cosdiag ca init`, `ca export` and `ca show`.
#pragma once

#include "proxy/cli.hpp"
#include "proxy/tls/certificate.hpp"

#include <iosfwd>

namespace cosdiag {

/// Returns the exit status; what keeps it from being 0 is told on `err`. Throws tls::CaError.
int ca_command(const cli::Ca& asked, tls::Time now, std::ostream& out, std::ostream& err);

} // namespace cosdiag

// SPDX-License-Identifier: Apache-2.0
// `cosdiag env`: lines that lead all programs of a shell here.
#pragma once

#include "config/environment.hpp"
#include "proxy/cli.hpp"
#include "proxy/tls/certificate.hpp"

#include <iosfwd>

namespace cosdiag {

/// Writes nothing to `out` but assignments, and these only when all went well: a shell evaluates it. Returns
/// the exit status. Throws tls::CaError.
int env_command(
    const cli::Env& asked,
    const config::Environment& users,
    tls::Time now,
    std::ostream& out,
    std::ostream& err
);

} // namespace cosdiag

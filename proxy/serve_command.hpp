// SPDX-License-Identifier: Apache-2.0
// `cosdiag` without a command: serves until it is told to end.
#pragma once

#include "config/environment.hpp"
#include "proxy/banner.hpp"
#include "proxy/cli.hpp"
#include "proxy/net/entrance.hpp"
#include "proxy/tls/authority.hpp"

#include <string>
#include <vector>

namespace cosdiag {

/// What there is to say at the start. `authority`: null if there is none.
StartUp start_up(
    const cli::Serve& asked, const std::vector<net::Entrance>& entrances, const tls::Authority* authority
);

/// How a shell with this environment starts the program of this file: `cosdiag` if it finds just that in
/// PATH, else by its path, quoted.
std::string called_by(const std::string& program, const config::Environment& environment);

/// Returns the exit status. Throws std::runtime_error with words for people where it cannot serve.
int serve_command(const cli::Serve& asked, const config::Environment& environment);

} // namespace cosdiag

// SPDX-License-Identifier: Apache-2.0
// Settings as file, options and environment make them together, and every line about what is wrong with them.
#pragma once

#include "config/config.hpp"
#include "config/environment.hpp"
#include "config/parent.hpp"
#include "diagnose/signature/signing.hpp"
#include "proxy/cli_options.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cosdiag::cli {

/// What a command uses beyond the settings, so that it does not fail over what it does not use.
struct Needs {
    bool identities = false; ///< SecretKeys, from the environment and from files
    bool parent = false;     ///< the proxy that the environment names
    bool data_dir = false;   ///< a place to keep files in
};

struct Gathered {
    config::Config settings;
    std::vector<Identity> identities;
    config::ParentRules parent;
    std::optional<config::Address> reached_at;  ///< of `env`
    std::optional<config::Address> asked_admin; ///< of `tail` and `healthcheck`
    bool listeners_named = false;               ///< by options or the file
    std::vector<std::string> faults;            ///< a line each; empty when the rest may be used
};

/// Reads `file`, unless that is empty, and puts options over it.
Gathered
gather(const std::string& file, const Options& options, const config::Environment& environment, Needs needs);

} // namespace cosdiag::cli

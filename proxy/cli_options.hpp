// SPDX-License-Identifier: Apache-2.0
// Which options and commands there are, and the help that shows them. What their values mean is decided
// elsewhere.
#pragma once

#include "config/fault.hpp"

#include <CLI/CLI.hpp>

#include <optional>
#include <string>
#include <vector>

namespace cosdiag::cli {

/// Options as they were written; what they mean is decided afterwards, so that all faults can be told
/// together.
struct Options {
    std::vector<std::string> listen, connect_to, destinations, clients;
    std::optional<std::string> settings, log, lang, upstream_ca, threads, data_dir;
    bool version = false;
    std::string cause, checked_file, diagnosed_file = "-";
    bool json = false, bundle = false;
};

/// Declares all of it, to be read into `options`, which must outlive the parsing.
void declare(CLI::App& app, Options& options);

/// A fault for each argument that nothing declared took.
config::Faults unknown_arguments(const CLI::App& app);

} // namespace cosdiag::cli

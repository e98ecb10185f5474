// SPDX-License-Identifier: Apache-2.0
// Which options and commands there are, and the help that shows them. What their values mean is decided
// elsewhere.
#pragma once

#include "config/fault.hpp"
#include "proxy/cli.hpp"

#include <CLI/CLI.hpp>

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace cosdiag::cli {

/// Options as they were written; what they mean is decided afterwards, so that all faults can be told
/// together.
struct Options {
    std::vector<std::string> listen, reverse, transparent, connect_to, destinations, clients;
    std::optional<std::string> settings, log, lang, upstream_ca, parent, threads, data_dir, admin;
    bool upgrade = false, version = false;
    std::string cause, checked_file, diagnosed_file = "-", completed_shell;
    bool json = false, bundle = false;
    std::vector<std::string> command; ///< of run
    std::optional<std::string> shell, reached_at, ca_directory;
    std::optional<Ca::Action> ca_action;
    bool force = false;
    std::optional<std::string> tailed_file, asked_admin, lines;
    bool no_follow = false;
    log::EntryFilter filter;
};

/// Declares all of it, to be read into `options`, which must outlive the parsing.
void declare(CLI::App& app, Options& options);

/// Of that, the commands for who watches: tail and healthcheck.
void declare_watching(CLI::App& app, Options& options);

/// The arguments of cosdiag, and the command that `run` is given, which nobody but that command may
/// interpret.
struct Words {
    std::vector<std::string> own, command;
};

/// The command of `run` begins behind `--`, or else with the first word that is neither an option nor its
/// value.
Words split_command(const CLI::App& app, std::span<const char* const> arguments);

/// A fault for each argument that nothing declared took.
config::Faults unknown_arguments(const CLI::App& app);

} // namespace cosdiag::cli

// SPDX-License-Identifier: Apache-2.0
// The command line: what the arguments, the settings file and the environment together ask for.
// Help, explain and check-config are done here, text goes to the two streams, and nothing is read but the
// settings file.
#pragma once

#include "config/config.hpp"
#include "config/environment.hpp"
#include "config/parent.hpp"
#include "diagnose/language.hpp"
#include "diagnose/signature/signing.hpp"
#include "proxy/log/entry_filter.hpp"

#include <cstddef>
#include <iosfwd>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace cosdiag::cli {

/// Exit statuses of the program.
enum ExitCode : int {
    good = 0,
    failed = 1, ///< what was asked for did not work
    misuse = 2, ///< arguments or settings are wrong
};

/// Serve with these settings. They are complete and checked: flags beat the file, the file beats defaults,
/// `data_dir` and `threads` are resolved.
struct Serve {
    config::Config config;
    std::vector<Identity> identities; ///< with their secrets
    config::ParentRules parent;       ///< of the settings and the environment
    std::vector<std::string> place;   ///< options for other commands to find the same settings and files
    std::vector<std::string> words;   ///< the arguments that say so, to be read again
};

/// Serve while this command runs: on the listeners that the user named, else on a port that is free.
struct Run {
    Serve serve;
    std::vector<std::string> command; ///< the program and its arguments, untouched; not empty
};

/// Print what leads a shell's programs to the listeners of these settings.
struct Env {
    config::Config config;             ///< checked; `data_dir` is resolved, and empty where none is known
    std::string shell;                 ///< `sh`, `fish` or `powershell`
    std::optional<config::Address> at; ///< where it is reached, if not at a listener
};

/// Work on the authority that signs certificates for intercepted hosts.
struct Ca {
    enum class Action { init, export_files, show };

    Action action = Action::show;
    config::Config config; ///< checked; `data_dir` is resolved and not empty
    bool force = false;    ///< init: replace one that is there
    std::string directory; ///< export: where to write; empty: not said
    Language language = Language::english;
};

/// Diagnose what was written down.
struct Diagnose {
    std::string file;
    bool json = false, bundle = false;
    Language language = Language::english;
    std::vector<Identity> identities;
};

/// Show the diagnosis log as it grows.
struct Tail {
    static constexpr std::size_t usual_lines = 10;
    static constexpr std::size_t all_lines = static_cast<std::size_t>(-1);

    std::string file;                     ///< `-`: standard input
    std::optional<config::Address> admin; ///< the admin listener to ask instead of a file
    log::EntryFilter filter;
    std::optional<std::size_t> lines; ///< how many entries of before to begin with; none: not said
    bool follow = true, json = false;
    Language language = Language::english;
    std::string
        authorization; ///< for the admin listener, as the field's value; empty: none. Never to be shown
};

/// Ask an admin listener whether its program takes requests.
struct Healthcheck {
    config::Address admin;
};

/// Nothing is left to do but to exit.
struct Done {
    int exit_code = good;
};

using Command = std::variant<Serve, Run, Env, Ca, Diagnose, Tail, Healthcheck, Done>;

/// Reads the arguments, without the program's name, and does what they ask for where that is text alone.
/// Faults go to `err`, all of them at once, and yield Done with `misuse`; what check-config finds is its
/// output and yields `failed`.
Command parse(
    std::span<const char* const> arguments,
    const config::Environment& environment,
    std::ostream& out,
    std::ostream& err
);

} // namespace cosdiag::cli

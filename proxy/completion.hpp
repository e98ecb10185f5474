// SPDX-License-Identifier: Apache-2.0
// What a shell completes behind `cosdiag`: scripts written from the options that are declared.
#pragma once

#include "proxy/command_table.hpp"

#include <string>
#include <string_view>

namespace cosdiag::cli {

/// A script for bash 4 and later, with or without the package bash-completion.
std::string bash_completion(const TableCommand& program);

/// A script to be sourced, or to be put in a folder of `fpath` as `_cosdiag`.
std::string zsh_completion(const TableCommand& program);

/// A script for fish 3 and later.
std::string fish_completion(const TableCommand& program);

/// The script for that shell; empty where the shell is none of bash, zsh and fish.
std::string completion(const CLI::App& app, std::string_view shell);

/// The options that may stand behind a command: its own, and those of the program where it takes them too.
std::vector<const TableOption*> options_behind(const TableCommand& program, const TableCommand& command);

/// In single quotes, as bash and zsh read them.
std::string in_quotes(std::string_view text);

} // namespace cosdiag::cli

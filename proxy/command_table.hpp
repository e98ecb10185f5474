// SPDX-License-Identifier: Apache-2.0
// The commands and options that the command line declares, as a list that others can be written from: the
// manual page and what shells complete.
#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace cosdiag::cli {

struct TableOption {
    std::vector<std::string> names; ///< with their dashes, the short ones first
    std::string description, fallback;
    std::string group; ///< heading of the help
    std::string value; ///< what stands for it in the help, such as FILE; empty for a flag
    bool repeatable = false;
};

struct TableCommand {
    std::string name, description;
    std::string path;     ///< of names, each behind a blank: " ca init"; empty for the program itself
    std::string argument; ///< what stands for its argument in the help; empty: takes none
    std::string argument_description;
    std::vector<std::string> argument_words; ///< that it may be, where those can be told
    std::vector<TableOption> options;
    bool takes_outer_options = false; ///< those of the command above as well
    bool runs_program = false;        ///< its argument is another program and that one's arguments
    std::vector<TableCommand> commands;
};

/// The words of which a value must be one, where what stands for it tells them: `en|zh`, or CAUSE. Otherwise
/// none.
std::vector<std::string> words_of(std::string_view value);

/// With a blank between them.
std::string joined(const std::vector<std::string>& words);

/// Everything that was declared, below the program itself.
TableCommand command_table(const CLI::App& app);

/// The command and all below it, outermost first.
std::vector<const TableCommand*> flattened(const TableCommand& command);

} // namespace cosdiag::cli

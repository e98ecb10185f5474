// SPDX-License-Identifier: Apache-2.0
#include "proxy/completion.hpp"

namespace cosdiag::cli {

std::vector<const TableOption*> options_behind(const TableCommand& program, const TableCommand& command)
{
    std::vector<const TableOption*> options;
    for (const auto& option : command.options)
        options.push_back(&option);
    if (!command.takes_outer_options)
        return options;
    for (const auto& option : program.options) {
        if (option.names.back() != "--help")
            options.push_back(&option);
    }
    return options;
}

std::string in_quotes(std::string_view text)
{
    std::string quoted = "'";
    for (const char each : text) {
        if (each == '\'')
            quoted += "'\\''";
        else
            quoted += each;
    }
    return quoted + "'";
}

std::string completion(const CLI::App& app, std::string_view shell)
{
    const auto program = command_table(app);
    if (shell == "bash")
        return bash_completion(program);
    if (shell == "zsh")
        return zsh_completion(program);
    if (shell == "fish")
        return fish_completion(program);
    return {};
}

} // namespace cosdiag::cli

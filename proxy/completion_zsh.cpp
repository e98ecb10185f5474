// SPDX-License-Identifier: Apache-2.0
#include "proxy/completion.hpp"

#include <algorithm>

namespace cosdiag::cli {

namespace {

constexpr const char* head = R"(#compdef cosdiag
# Completes the arguments of cosdiag in zsh. Written by `cosdiag completion zsh`.
)";

constexpr const char* tail = R"(
# Read by autoload, the file is the function; sourced, it says what it completes.
if [[ $funcstack[1] == _cosdiag ]]; then
    _cosdiag "$@"
else
    compdef _cosdiag cosdiag
fi
)";

std::string function_of(const TableCommand& command)
{
    std::string name = "_cosdiag" + command.path;
    std::ranges::replace(name, ' ', '_');
    std::ranges::replace(name, '-', '_');
    return name;
}

/// With a backslash before what means something in an argument of _arguments or _describe.
std::string escaped(std::string_view text)
{
    std::string safe;
    for (const char each : text) {
        if (each == '[' || each == ']' || each == ':' || each == '\\')
            safe += '\\';
        safe += each;
    }
    return safe;
}

/// How _arguments finds candidates for a value.
std::string action(const std::string& kind, const std::vector<std::string>& words)
{
    if (kind == "FILE")
        return "_files";
    if (kind == "DIR")
        return "_files -/";
    return words.empty() ? " " : "(" + joined(words) + ")";
}

std::string specification(const TableOption& option)
{
    std::string value;
    if (!option.value.empty()) {
        const auto words = words_of(option.value);
        value = ":" + escaped(words.empty() ? option.value : option.description) + ":" +
                action(option.value, words);
    }
    const std::string front = option.repeatable ? "*" : "(" + joined(option.names) + ")";
    const std::string back = "[" + escaped(option.description) + "]" + value;
    std::string lines;
    for (const auto& name : option.names) {
        std::string words = front;
        words.append(name);
        if (!option.value.empty() && name.starts_with("--"))
            words.append("=");
        lines.append(" \\\n        ").append(in_quotes(words.append(back)));
    }
    return lines;
}

std::string commands_below(const TableCommand& command)
{
    std::string script = "    case $state in\n        command)\n            local -a commands=(\n";
    for (const auto& below : command.commands)
        script += "                " + in_quotes(below.name + ":" + escaped(below.description)) + "\n";
    script += "            )\n            _describe -t commands command commands\n            ;;\n";
    script += "        rest)\n            case $words[1] in\n";
    for (const auto& below : command.commands)
        script += "                " + below.name + ") " + function_of(below) + " ;;\n";
    return script + "            esac\n            ;;\n    esac\n";
}

std::string function(const TableCommand& program, const TableCommand& command)
{
    std::string script = "\n" + function_of(command) + "()\n{\n";
    if (!command.commands.empty())
        script += "    local curcontext=$curcontext state line\n    typeset -A opt_args\n";
    script += "    _arguments -C -S :";
    for (const auto* option : options_behind(program, command))
        script += specification(*option);
    if (command.runs_program)
        script += " \\\n        '(-)1:command: _command_names -e' '*::arguments: _normal'";
    else if (!command.argument.empty())
        script += " \\\n        " + in_quotes(
                                        "1:" + escaped(command.argument_description) + ":" +
                                        action(command.argument, command.argument_words)
                                    );
    if (command.commands.empty())
        return script + "\n}\n";
    script += " \\\n        '(-): :->command' '(-)*:: :->rest' && return\n";
    return script + commands_below(command) + "}\n";
}

} // namespace

std::string zsh_completion(const TableCommand& program)
{
    std::string script = head;
    for (const auto* command : flattened(program))
        script += function(program, *command);
    return script + tail;
}

} // namespace cosdiag::cli

// SPDX-License-Identifier: Apache-2.0
#include "proxy/completion.hpp"

namespace cosdiag::cli {

namespace {

constexpr const char* head =
    R"(# Completes the arguments of cosdiag in fish. Written by `cosdiag completion fish`.

# Prints the command that the line is at, and where the program that it runs begins.
function __cosdiag_at
    set -l at ''
    set -l value no
    set -l words (commandline -opc)
    set -l program (math (count $words) + 1)
    for i in (seq 2 (count $words))
        if test $value = yes
            set value no
            continue
        end
        switch "$at $words[$i]"
)";

constexpr const char* tail = R"(        end
    end
    printf '%s\n' "$at" $program
end

function __cosdiag_is
    test "$argv[1]" = (__cosdiag_at)[1]
end

function __cosdiag_program
    set -l words (commandline -opc)
    set -l program (__cosdiag_at)[2]
    set -l line
    if test $program -le (count $words)
        set line (string escape -- $words[$program..-1])
    end
    complete --do-complete=(string join ' ' -- $line (commandline -ct) | string collect --allow-empty)
end

complete -c cosdiag -f
)";

/// Fish reads a backslash in single quotes, where the others do not.
std::string in_fish_quotes(std::string_view text)
{
    std::string doubled;
    for (const char each : text) {
        doubled += each;
        if (each == '\\')
            doubled += each;
    }
    return in_quotes(doubled);
}

std::string word_cases(const TableCommand& program, const TableCommand& command)
{
    std::string valued;
    for (const auto* option : options_behind(program, command)) {
        if (option->value.empty())
            continue;
        for (const auto& name : option->names)
            valued += " " + in_fish_quotes(command.path + " " + name);
    }
    std::string cases;
    if (!valued.empty())
        cases += "            case" + valued + "\n                set value yes\n";
    for (const auto& below : command.commands)
        cases += "            case " + in_fish_quotes(below.path) + "\n                set at " +
                 in_fish_quotes(below.path) + "\n";
    if (command.runs_program) {
        cases += "            case " + in_fish_quotes(command.path + " --") +
                 "\n                set program (math $i + 1)\n                set at ' program'\n           "
                 "     break\n";
        cases += "            case " + in_fish_quotes(command.path + " -*") + "\n";
        cases +=
            "            case " + in_fish_quotes(command.path + " *") +
            "\n                set program $i\n                set at ' program'\n                break\n";
    }
    return cases;
}

/// The beginning of a line that says what is completed behind a command.
std::string behind(const std::string& path)
{
    return "complete -c cosdiag -n " + in_fish_quotes("__cosdiag_is " + in_quotes(path));
}

std::string option_line(const std::string& path, const TableOption& option)
{
    std::string line = behind(path);
    for (const auto& name : option.names)
        line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
    if (const auto words = words_of(option.value); !words.empty())
        line += " -x -a " + in_fish_quotes(joined(words));
    else if (option.value == "FILE")
        line += " -r -F";
    else if (option.value == "DIR")
        line += " -x -a '(__fish_complete_directories (commandline -ct))'";
    else if (!option.value.empty())
        line += " -x";
    return line + " -d " + in_fish_quotes(option.description) + "\n";
}

std::string lines_of(const TableCommand& program, const TableCommand& command)
{
    std::string lines;
    for (const auto* option : options_behind(program, command))
        lines += option_line(command.path, *option);
    for (const auto& below : command.commands)
        lines +=
            behind(command.path) + " -a " + below.name + " -d " + in_fish_quotes(below.description) + "\n";
    if (!command.argument_words.empty())
        lines += behind(command.path) + " -a " + in_fish_quotes(joined(command.argument_words)) + "\n";
    else if (command.argument == "FILE")
        lines += behind(command.path) + " -F\n";
    if (command.runs_program) {
        for (const auto& path : {command.path, std::string(" program")})
            lines += behind(path) + " -a '(__cosdiag_program)'\n";
    }
    return lines;
}

} // namespace

std::string fish_completion(const TableCommand& program)
{
    std::string script = head;
    for (const auto* command : flattened(program))
        script += word_cases(program, *command);
    script += tail;
    for (const auto* command : flattened(program))
        script += lines_of(program, *command);
    return script;
}

} // namespace cosdiag::cli

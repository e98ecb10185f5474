// SPDX-License-Identifier: Apache-2.0
#include "proxy/completion.hpp"

namespace cosdiag::cli {

namespace {

constexpr const char* head =
    R"(# Completes the arguments of cosdiag in bash. Written by `cosdiag completion bash`.

# Takes in one word of the line: the command that it names, or the value that it wants next.
_cosdiag_word()
{
    case "$at $1" in
)";

constexpr const char* middle = R"(        "$at "*) argument_given=yes ;;
    esac
}

_cosdiag()
{
    local cur=${COMP_WORDS[COMP_CWORD]} at='' value='' words='' argument='' options='' i
    local argument_given='' program=''
    COMPREPLY=()
    for ((i = 1; i < COMP_CWORD && ${program:-COMP_CWORD} >= COMP_CWORD; ++i)); do
        if [[ ${COMP_WORDS[i]} == '=' ]]; then
            continue
        elif [[ -n $value ]]; then
            value=''
        else
            _cosdiag_word "${COMP_WORDS[i]}"
        fi
    done
    [[ $cur != '=' ]] || cur=''
    if [[ -z $value ]]; then
        case $at in
)";

constexpr const char* tail = R"(        esac
        value=$argument
        [[ -z $argument_given ]] || value=''
        [[ $value != COMMAND || $cur == -* ]] || program=${program:-$COMP_CWORD}
        [[ -n $value && $cur != -* ]] || value='WORDS' words=$options
    fi
    if [[ -n $program ]]; then
        if declare -F _command_offset >/dev/null; then
            _command_offset "$program"
        elif ((program == COMP_CWORD)); then
            mapfile -t COMPREPLY < <(compgen -c -- "$cur")
        else
            value=FILE
        fi
    fi
    case $value in
        FILE) mapfile -t COMPREPLY < <(compgen -f -- "$cur") ;;
        DIR) mapfile -t COMPREPLY < <(compgen -d -- "$cur") ;;
        WORDS) mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur") ;;
    esac
    [[ $value != FILE && $value != DIR ]] || compopt -o filenames 2>/dev/null
}

complete -F _cosdiag cosdiag
)";

/// Shell words that say what the next word is to be.
std::string wanted(std::string_view variable, const std::string& kind, const std::vector<std::string>& words)
{
    std::string line(variable);
    if (words.empty())
        return line + "=" + in_quotes(kind);
    return line + "=WORDS words=" + in_quotes(joined(words));
}

std::string word_arms(const TableCommand& program, const TableCommand& command)
{
    std::string arms;
    for (const auto& below : command.commands)
        arms += "        " + in_quotes(below.path) + ") at=" + in_quotes(below.path) + " ;;\n";
    for (const auto* option : options_behind(program, command)) {
        if (option->value.empty())
            continue;
        std::string patterns;
        for (const auto& name : option->names)
            patterns += (patterns.empty() ? "" : " | ") + in_quotes(command.path + " " + name);
        arms +=
            "        " + patterns + ") " + wanted("value", option->value, words_of(option->value)) + " ;;\n";
    }
    return arms;
}

std::string place_arm(const TableCommand& program, const TableCommand& command)
{
    std::vector<std::string> names;
    for (const auto* option : options_behind(program, command))
        names.insert(names.end(), option->names.begin(), option->names.end());
    auto words = command.argument_words;
    for (const auto& below : command.commands)
        words.push_back(below.name);
    return "            " + in_quotes(command.path) + ") options=" + in_quotes(joined(names)) + " " +
           wanted("argument", command.argument, words) + " ;;\n";
}

} // namespace

std::string bash_completion(const TableCommand& program)
{
    const auto commands = flattened(program);
    std::string script = head;
    for (const auto* command : commands)
        script += word_arms(program, *command);
    for (const auto* command : commands) {
        if (!command->runs_program)
            continue;
        script += "        " + in_quotes(command->path + " --") + ") program=$((i + 1)) ;;\n";
        script += "        " + in_quotes(command->path + " ") + "[!-]*) program=$i ;;\n";
    }
    script += "        \"$at -\"*) ;;\n";
    script += middle;
    for (const auto* command : commands)
        script += place_arm(program, *command);
    return script + tail;
}

} // namespace cosdiag::cli

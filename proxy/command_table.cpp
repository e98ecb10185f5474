// SPDX-License-Identifier: Apache-2.0
#include "proxy/command_table.hpp"

#include "diagnose/causes.hpp"

#include <utility>

namespace cosdiag::cli {

namespace {

TableOption option_of(const CLI::Option& option)
{
    TableOption row;
    for (const auto& name : option.get_snames())
        row.names.push_back("-" + name);
    for (const auto& name : option.get_lnames())
        row.names.push_back("--" + name);
    row.description = option.get_description();
    row.fallback = option.get_default_str();
    row.group = option.get_group();
    if (option.get_items_expected_max() > 0)
        row.value = option.get_type_name();
    row.repeatable = option.get_multi_option_policy() == CLI::MultiOptionPolicy::TakeAll;
    return row;
}

TableCommand row_of(const CLI::App& app, std::string path)
{
    TableCommand row;
    row.name = app.get_name();
    row.description = app.get_description();
    row.path = std::move(path);
    row.takes_outer_options = app.get_fallthrough();
    for (const auto* option : app.get_options()) {
        if (!option->get_positional()) {
            row.options.push_back(option_of(*option));
            continue;
        }
        row.argument = option->get_name(true);
        row.argument_description = option->get_description();
        row.argument_words = words_of(row.argument);
        if (row.argument_words.empty())
            row.argument_words = words_of(option->get_type_name());
        row.runs_program = option->get_items_expected_max() > 1;
    }
    for (const auto* command : app.get_subcommands([](const CLI::App*) { return true; }))
        row.commands.push_back(row_of(*command, row.path + " " + command->get_name()));
    return row;
}

void append(std::vector<const TableCommand*>& list, const TableCommand& command)
{
    list.push_back(&command);
    for (const auto& below : command.commands)
        append(list, below);
}

} // namespace

std::vector<std::string> words_of(std::string_view value)
{
    std::vector<std::string> words;
    if (value == "CAUSE") {
        for (const auto* cause : all_causes())
            words.emplace_back(cause->token);
        return words;
    }
    for (auto end = value.find('|'); end != std::string_view::npos; end = value.find('|')) {
        words.emplace_back(value.substr(0, end));
        value.remove_prefix(end + 1);
    }
    if (!words.empty())
        words.emplace_back(value);
    return words;
}

std::string joined(const std::vector<std::string>& words)
{
    std::string line;
    for (const auto& word : words)
        line += (line.empty() ? "" : " ") + word;
    return line;
}

TableCommand command_table(const CLI::App& app)
{
    return row_of(app, "");
}

std::vector<const TableCommand*> flattened(const TableCommand& command)
{
    std::vector<const TableCommand*> list;
    append(list, command);
    return list;
}

} // namespace cosdiag::cli

// SPDX-License-Identifier: Apache-2.0
#include "proxy/cli_options.hpp"

#include <algorithm>
#include <cstddef>

namespace cosdiag::cli {

namespace {

/// How many words an option takes up in front of what follows it.
std::size_t width_of(const CLI::App& app, const std::string& word)
{
    const auto* option = app.get_option_no_throw(word);
    return option != nullptr && option->get_items_expected_max() > 0 ? 2 : 1;
}

/// Names that could have been meant: commands and options of what was asked for.
void add_names(std::vector<std::string>& names, const CLI::App& app)
{
    for (const auto* option : app.get_options())
        names.push_back(option->get_name());
    for (const auto* command : app.get_subcommands([](const CLI::App*) { return true; }))
        names.push_back(command->get_name());
    for (const auto* command : app.get_subcommands())
        add_names(names, *command);
}

} // namespace

Words split_command(const CLI::App& app, std::span<const char* const> arguments)
{
    const std::vector<std::string> all(arguments.begin(), arguments.end());
    const auto first_word = [&](std::size_t at) {
        while (at < all.size() && all[at].starts_with('-') && all[at] != "--")
            at += at + 1 < all.size() && all[at + 1] != "--" ? width_of(app, all[at]) : 1;
        return at;
    };
    const auto run = first_word(0);
    if (run >= all.size() || all[run] != "run")
        return {all, {}};
    const auto end = std::min(first_word(run + 1), all.size());
    const auto begin = std::min(end + (end < all.size() && all[end] == "--" ? 1 : 0), all.size());
    const auto at = [&](std::size_t index) { return all.begin() + static_cast<std::ptrdiff_t>(index); };
    return {{all.begin(), at(end)}, {at(begin), all.end()}};
}

config::Faults unknown_arguments(const CLI::App& app)
{
    std::vector<std::string> names;
    add_names(names, app);
    const std::vector<std::string_view> known(names.begin(), names.end());

    config::Faults faults;
    bool value_of_unknown = false;
    for (const auto& argument : app.remaining(true)) {
        const bool option = argument.starts_with('-');
        const bool belongs_to_unknown = !option && value_of_unknown;
        value_of_unknown = option && argument.find('=') == std::string::npos;
        if (belongs_to_unknown)
            continue;
        const auto name = argument.substr(0, argument.find('='));
        const auto near = config::nearest(name, known);
        faults.push_back(
            {"",
             {},
             {config::quoted(name) + (option ? " is no known option" : " is no known command"),
              near.empty() ? "cosdiag --help lists them." : "Did you mean " + std::string(near) + "?"}}
        );
    }
    return faults;
}

} // namespace cosdiag::cli

// SPDX-License-Identifier: Apache-2.0
#include "proxy/cli.hpp"

#include "config/fault.hpp"
#include "diagnose/explain.hpp"
#include "proxy/cli_options.hpp"
#include "proxy/cli_settings.hpp"
#include "proxy/cli_watching.hpp"
#include "proxy/completion.hpp"
#include "proxy/manual.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <ostream>

namespace cosdiag::cli {

namespace {

Language language_of(const std::string& lang)
{
    return lang == "zh" ? Language::chinese : Language::english;
}

Done explain(const std::string& cause, Language language, std::ostream& out, std::ostream& err)
{
    if (cause.empty()) {
        out << explain_all(language);
        return {good};
    }
    if (const auto page = cosdiag::explain(cause, language)) {
        out << *page;
        return {good};
    }
    err << "cosdiag: " << config::quoted(cause) << " is no cause. `cosdiag explain` lists them all.\n";
    return {misuse};
}

Done check_config(
    const Options& options, const config::Environment& environment, std::ostream& out, std::ostream& err
)
{
    const auto file = options.checked_file.empty() ? options.settings.value_or("") : options.checked_file;
    if (file.empty()) {
        err << "cosdiag: check-config has no file to look over. Name it: cosdiag check-config FILE\n";
        return {misuse};
    }
    const auto gathered = gather(file, options, environment, {.identities = true});
    for (const auto& line : gathered.faults)
        out << line << '\n';
    if (!gathered.faults.empty())
        return {failed};
    out << file << ": fine\n";
    return {good};
}

/// What is written from the declared options alone; nothing where something else was asked for.
std::optional<Done>
write_about(const CLI::App& app, const Options& options, std::ostream& out, std::ostream& err)
{
    if (app.got_subcommand("man")) {
        out << manual(app);
        return Done{good};
    }
    if (!app.got_subcommand("completion"))
        return std::nullopt;
    const auto script = completion(app, options.completed_shell);
    out << script;
    if (!script.empty())
        return Done{good};
    err << "cosdiag: completion: " << config::quoted(options.completed_shell)
        << " is none of bash, zsh and fish.\n";
    return Done{misuse};
}

/// The shell to write for: the one named, else the one of the environment where it is not like sh.
std::string shell_of(const Options& options, const config::Environment& environment)
{
    if (options.shell)
        return *options.shell;
    const auto shell = environment("SHELL").value_or("");
    return shell.substr(shell.rfind('/') + 1) == "fish" ? "fish" : "sh";
}

/// What is wrong with the words of the command line, a line each.
std::vector<std::string>
misused(const CLI::App& app, const Options& options, const config::Environment& environment)
{
    std::vector<std::string> lines;
    for (const auto& fault : unknown_arguments(app))
        lines.push_back(describe(fault, "cosdiag"));
    if (app.got_subcommand("run") && options.command.empty())
        lines.emplace_back(
            "cosdiag: run has no command. Write it last, behind --: cosdiag run -- python3 upload.py"
        );
    if (app.got_subcommand("ca") && lines.empty() && !options.ca_action) {
        lines.emplace_back("cosdiag: ca does not say what to do. Write cosdiag ca init, cosdiag ca export or "
                           "cosdiag ca show.");
    }
    if (app.got_subcommand("tail")) {
        for (const auto& fault : faults_of_tail(options))
            lines.push_back(describe(fault, "cosdiag"));
    }
    constexpr std::array<std::string_view, 3> shells = {"sh", "fish", "powershell"};
    if (std::ranges::find(shells, shell_of(options, environment)) == shells.end()) {
        lines.push_back(
            "cosdiag: --shell: " + config::quoted(*options.shell) +
            " is none of sh, fish and powershell. bash and zsh read what is written for sh."
        );
    }
    return lines;
}

/// The options that other commands have too, with files named so that any shell finds them.
std::vector<std::string> place_of(const Options& options)
{
    std::vector<std::string> words;
    const auto add = [&](const char* name, const std::optional<std::string>& path) {
        if (path)
            words.insert(words.end(), {name, std::filesystem::absolute(*path).lexically_normal().string()});
    };
    add("--config", options.settings);
    add("--data-dir", options.data_dir);
    return words;
}

/// What a command that got all it needs asks for.
Command
built(const CLI::App& app, Options& options, Gathered& gathered, const config::Environment& environment)
{
    const auto language = language_of(gathered.settings.diagnosis.lang);
    if (app.got_subcommand("diagnose"))
        return Diagnose{
            options.diagnosed_file, options.json, options.bundle, language, std::move(gathered.identities)};
    if (app.got_subcommand("tail"))
        return built_tail(options, gathered, environment);
    if (app.got_subcommand("healthcheck"))
        return Healthcheck{admin_of(gathered)};
    if (app.got_subcommand("env"))
        return Env{
            std::move(gathered.settings), shell_of(options, environment), std::move(gathered.reached_at)};
    if (app.got_subcommand("ca"))
        return Ca{
            *options.ca_action,
            std::move(gathered.settings),
            options.force,
            options.ca_directory.value_or(""),
            language};
    Serve serve{
        std::move(gathered.settings),
        std::move(gathered.identities),
        std::move(gathered.parent),
        place_of(options),
        {}};
    if (app.got_subcommand("run") && !gathered.listeners_named)
        serve.config.listeners = {config::Listener{}};
    if (app.got_subcommand("run"))
        return Run{std::move(serve), std::move(options.command)};
    return serve;
}

Needs needs_of(const CLI::App& app)
{
    const bool serves = app.got_subcommand("run") || app.get_subcommands().empty();
    return {
        .identities = serves || app.got_subcommand("diagnose"),
        .parent = serves,
        .data_dir = app.got_subcommand("ca")};
}

} // namespace

Command parse(
    std::span<const char* const> arguments,
    const config::Environment& environment,
    std::ostream& out,
    std::ostream& err
)
{
    CLI::App app;
    Options options;
    declare(app, options);
    auto words = split_command(app, arguments);
    try {
        std::ranges::reverse(words.own);
        app.parse(std::move(words.own));
    } catch (const CLI::CallForHelp&) {
        out << app.help();
        return Done{good};
    } catch (const CLI::ArgumentMismatch& error) {
        const std::string_view what = error.what();
        err << "cosdiag: " << what.substr(0, what.find(':')) << " wants one value, and wants it once.\n";
        return Done{misuse};
    } catch (const CLI::ParseError& error) {
        err << "cosdiag: " << error.what() << ". cosdiag --help shows how it is written.\n";
        return Done{misuse};
    }
    options.command = std::move(words.command);
    if (options.version) {
        out << "cosdiag " COSDIAG_VERSION "\n";
        return Done{good};
    }
    const auto lines = misused(app, options, environment);
    for (const auto& line : lines)
        err << line << '\n';
    if (lines.empty() && app.got_subcommand("check-config"))
        return check_config(options, environment, out, err);
    if (const auto done = lines.empty() ? write_about(app, options, out, err) : std::nullopt)
        return *done;

    auto gathered = gather(options.settings.value_or(""), options, environment, needs_of(app));
    for (const auto& line : gathered.faults)
        err << line << '\n';
    if (!lines.empty() || !gathered.faults.empty())
        return Done{misuse};
    if (app.got_subcommand("explain"))
        return explain(options.cause, language_of(gathered.settings.diagnosis.lang), out, err);
    Command command = built(app, options, gathered, environment);
    if (auto* serve = std::get_if<Serve>(&command))
        serve->words.assign(arguments.begin(), arguments.end());
    return command;
}

} // namespace cosdiag::cli

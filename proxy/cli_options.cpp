// SPDX-License-Identifier: Apache-2.0
#include "proxy/cli_options.hpp"

#include <iomanip>
#include <memory>
#include <sstream>

namespace cosdiag::cli {

namespace {

constexpr const char* example = R"(Repeatable options replace the list that the settings file gives.

Example:
  cosdiag --log cosdiag.jsonl &
  http_proxy=http://127.0.0.1:8403 curl -i \
      http://examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com/report.pdf
)";

constexpr const char* run_example =
    R"(Options are those of cosdiag, and stand before COMMAND. With -- in front of it,
COMMAND may begin with - as well.

Example:
  cosdiag run --log cosdiag.jsonl -- python3 upload.py
)";

/// Name, description and default of an option in columns that fit a terminal of 80.
class Formatter : public CLI::Formatter {
public:
    std::string make_usage(const CLI::App* app, std::string name) const override
    {
        if (app->get_parent() != nullptr)
            return "\n" + CLI::Formatter::make_usage(app, name) + "\n";
        std::ostringstream lines;
        lines << "\nUsage: cosdiag [OPTIONS]              serve\n";
        for (const auto* const form :
             {"run [OPTIONS] COMMAND",
              "env",
              "ca init|export|show",
              "explain [CAUSE]",
              "diagnose [FILE]",
              "tail [FILE]",
              "healthcheck",
              "check-config [FILE]",
              "man",
              "completion SHELL"}) {
            const std::string words = form;
            const auto* command = app->get_subcommand(words.substr(0, words.find(' ')));
            lines << "       cosdiag " << std::left << std::setw(23) << words << command->get_description()
                  << '\n';
        }
        lines << '\n';
        return lines.str();
    }

    std::string make_subcommands(const CLI::App* app, CLI::AppFormatMode mode) const override
    {
        return app->get_parent() == nullptr ? "" : CLI::Formatter::make_subcommands(app, mode);
    }

    std::string
    make_group(std::string group, bool positional, std::vector<const CLI::Option*> options) const override
    {
        std::string lines = group + ":\n";
        for (const auto* option : options)
            lines += make_option(option, positional);
        return lines;
    }

    std::string make_option(const CLI::Option* option, bool positional) const override
    {
        constexpr int names = 31;
        std::ostringstream line;
        std::string name = "  " + option->get_name(positional, !positional);
        if (!positional && !option->get_type_name().empty())
            name += " " + option->get_type_name();
        if (const auto comma = name.find(','); comma != std::string::npos)
            name.insert(comma + 1, " ");
        line << std::left << std::setw(names) << name << ' ' << option->get_description();
        if (!option->get_default_str().empty())
            line << " [" << option->get_default_str() << "]";
        line << '\n';
        return line.str();
    }
};

CLI::Option*
repeatable(CLI::App& app, const char* name, std::vector<std::string>& values, const char* description)
{
    return app.add_option(name, values, description)->allow_extra_args(false)->take_all();
}

void declare_serving(CLI::App& app, Options& options)
{
    constexpr const char* clients = "Clients";
    repeatable(app, "--listen", options.listen, "Where to serve, repeatable")
        ->type_name("ADDR")
        ->default_str("127.0.0.1:8403")
        ->group(clients);
    repeatable(app, "--reverse", options.reverse, "Where to stand in for COS, repeatable")
        ->type_name("ADDR")
        ->group(clients);
    repeatable(app, "--transparent", options.transparent, "Where redirected traffic comes, repeatable")
        ->type_name("ADDR")
        ->group(clients);
    repeatable(app, "--allow-client", options.clients, "Who may connect, repeatable")
        ->type_name("CIDR")
        ->group(clients);
    app.add_option("--threads", options.threads, "Threads that carry traffic")
        ->type_name("N")
        ->default_str("one per core")
        ->group(clients);

    constexpr const char* origins = "Origins";
    repeatable(app, "--connect-to", options.connect_to, "Go to H2:P2 for H1:P1, as curl's")
        ->type_name("H1:P1:H2:P2")
        ->group(origins);
    repeatable(app, "--allow-destination", options.destinations, "Let clients go there, repeatable")
        ->type_name("CIDR")
        ->group(origins);
    app.add_option("--upstream-ca", options.upstream_ca, "Roots to trust beside the system's")
        ->type_name("FILE")
        ->group(origins);
    app.add_flag("--upgrade", options.upgrade, "Speak TLS to them always")->group(origins);
    app.add_option("--parent", options.parent, "Proxy to go through, or none")
        ->type_name("URL")
        ->default_str("http_proxy")
        ->group(origins);
}

void declare_the_rest(CLI::App& app, Options& options)
{
    constexpr const char* diagnoses = "Diagnoses";
    app.add_option("--log", options.log, "Append JSON lines to it")
        ->type_name("FILE")
        ->default_str("standard output")
        ->group(diagnoses);
    app.add_option("--lang", options.lang, "Language of texts for people")
        ->type_name("en|zh")
        ->default_str("from LANG")
        ->group(diagnoses);

    constexpr const char* general = "General";
    app.add_option("--config", options.settings, "Settings in YAML; options beat them")
        ->type_name("FILE")
        ->group(general);
    app.add_option("--data-dir", options.data_dir, "Where lasting files go")
        ->type_name("DIR")
        ->default_str("XDG data directory")
        ->group(general);
    app.add_option("--admin", options.admin, "Live page, metrics and probes, or off")
        ->type_name("ADDR")
        ->default_str("off")
        ->group(general);
    app.add_flag("--version", options.version, "Show the version")->group(general);
    app.set_help_flag("-h,--help", "Show this")->group(general);
}

void declare_readers(CLI::App& app, Options& options)
{
    auto* explain = app.add_subcommand("explain", "what a cause means, or all of them");
    explain->add_option("CAUSE", options.cause, "a token of X-Cos-Diagnosis; all when left out");
    auto* check = app.add_subcommand("check-config", "look a settings file over");
    check->add_option("FILE", options.checked_file, "the settings file; --config can name it as well");
    auto* diagnose = app.add_subcommand("diagnose", "diagnose a 403 that was written down");
    diagnose->add_option("FILE", options.diagnosed_file, "a HAR, curl -v, an error; - is standard input");
    diagnose->add_flag("--json", options.json, "Print lines of the log's schema");
    diagnose->add_flag("--bundle", options.bundle, "Print what a ticket needs, without secrets");
    diagnose->add_option("--config", options.settings, "Settings, for identities")->type_name("FILE");
    for (auto* command : {explain, diagnose})
        command->add_option("--lang", options.lang, "Language of texts for people")->type_name("en|zh");
    for (auto* command : {explain, check, diagnose})
        command->footer("")->positionals_at_end();
}

void declare_place(CLI::App& command, Options& options)
{
    command.add_option("--config", options.settings, "Settings in YAML")->type_name("FILE");
    command.add_option("--data-dir", options.data_dir, "Where lasting files are")->type_name("DIR");
    command.footer("");
}

void declare_guides(CLI::App& app, Options& options)
{
    auto* run = app.add_subcommand("run", "run a program that goes through it");
    run->add_option("COMMAND", options.command, "a program and its arguments, as they are");
    run->fallthrough()->footer(run_example);
    auto* env = app.add_subcommand("env", "print variables that lead programs here");
    env->add_option("--shell", options.shell, "The shell that reads them")->type_name("sh|fish|powershell");
    env->add_option("--at", options.reached_at, "Where it is reached, if not at its listener")
        ->type_name("ADDR");
    declare_place(*env, options);
}

void declare_ca(CLI::App& app, Options& options)
{
    auto* ca = app.add_subcommand("ca", "make, hand out or show its authority");
    ca->require_subcommand(0, 1)->footer("");
    const auto add = [&](const char* name, const char* description, Ca::Action action) {
        auto* command = ca->add_subcommand(name, description);
        command->callback([&options, action] { options.ca_action = action; });
        command->add_option("--lang", options.lang, "Language of texts for people")->type_name("en|zh");
        declare_place(*command, options);
        return command;
    };
    add("init", "make an authority for this machine", Ca::Action::init)
        ->add_flag("--force", options.force, "Replace the one that is there");
    add("export", "write files for clients to trust", Ca::Action::export_files)
        ->add_option("--dir", options.ca_directory, "Where to write them")
        ->type_name("DIR");
    add("show", "print its certificate and fingerprint", Ca::Action::show);
}

void declare_papers(CLI::App& app, Options& options)
{
    app.add_subcommand("man", "print the manual page")->footer("");
    auto* completion = app.add_subcommand("completion", "print what completes it in a shell");
    completion->add_option("SHELL", options.completed_shell, "bash, zsh or fish")->type_name("bash|zsh|fish");
    completion->footer("")->positionals_at_end();
}

} // namespace

void declare(CLI::App& app, Options& options)
{
    app.name("cosdiag");
    app.description("cosdiag " COSDIAG_VERSION ": a forward HTTP proxy that says why COS answered 403");
    app.formatter(std::make_shared<Formatter>());
    app.footer(example);
    app.allow_extras();
    app.require_subcommand(0, 1);
    declare_serving(app, options);
    declare_the_rest(app, options);
    declare_guides(app, options);
    declare_ca(app, options);
    declare_readers(app, options);
    declare_watching(app, options);
    declare_papers(app, options);
}

} // namespace cosdiag::cli

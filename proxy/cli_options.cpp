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

/// Name, description and default of an option in columns that fit a terminal of 80.
class Formatter : public CLI::Formatter {
public:
    std::string make_usage(const CLI::App* app, std::string name) const override
    {
        if (app->get_parent() != nullptr)
            return "\n" + CLI::Formatter::make_usage(app, name) + "\n";
        return "\nUsage: cosdiag [OPTIONS]              serve\n"
               "       cosdiag explain [CAUSE]        " +
               app->get_subcommand("explain")->get_description() +
               "\n"
               "       cosdiag diagnose [FILE]        " +
               app->get_subcommand("diagnose")->get_description() +
               "\n"
               "       cosdiag check-config [FILE]    " +
               app->get_subcommand("check-config")->get_description() + "\n\n";
    }

    std::string make_subcommands(const CLI::App* /*app*/, CLI::AppFormatMode /*mode*/) const override
    {
        return {};
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
}

void declare_the_rest(CLI::App& app, Options& options)
{
    constexpr const char* diagnoses = "Diagnoses";
    app.add_option("--log", options.log, "Append JSON lines to it")
        ->type_name("FILE")
        ->default_str("standard output")
        ->group(diagnoses);
    app.add_option("--lang", options.lang, "Language of texts for people")
        ->type_name("LANG")
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
    app.add_flag("--version", options.version, "Show the version")->group(general);
    app.set_help_flag("-h,--help", "Show this")->group(general);
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
    auto* explain = app.add_subcommand("explain", "what a cause means, or all of them");
    explain->add_option("CAUSE", options.cause, "a token of X-Cos-Diagnosis; all when left out");
    auto* check = app.add_subcommand("check-config", "look a settings file over");
    check->add_option("FILE", options.checked_file, "the settings file; --config can name it as well");
    auto* diagnose = app.add_subcommand("diagnose", "diagnose a 403 that was written down");
    diagnose->add_option(
        "FILE",
        options.diagnosed_file,
        "a HAR, curl -v, messages, an SDK's error or a log line; - is standard input"
    );
    diagnose->add_flag("--json", options.json, "Print lines of the log's schema");
    diagnose->add_flag("--bundle", options.bundle, "Print all that a support ticket needs, without secrets");
    diagnose->add_option("--config", options.settings, "Settings, for identities")->type_name("FILE");
    for (auto* command : {explain, diagnose})
        command->add_option("--lang", options.lang, "Language, en or zh")->type_name("LANG");
    for (auto* command : {explain, check, diagnose})
        command->footer("")->positionals_at_end();
}

config::Faults unknown_arguments(const CLI::App& app)
{
    std::vector<std::string> names = {"explain", "check-config", "diagnose"};
    for (const auto* option : app.get_options())
        names.push_back(option->get_name());
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

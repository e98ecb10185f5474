// SPDX-License-Identifier: Apache-2.0
#include "proxy/cli.hpp"

#include "config/address.hpp"
#include "config/check.hpp"
#include "config/load.hpp"
#include "config/secret_key.hpp"
#include "config/value.hpp"
#include "diagnose/explain.hpp"
#include "proxy/cli_options.hpp"

#include <algorithm>
#include <optional>
#include <ostream>
#include <thread>

namespace cosdiag::cli {

namespace {

using config::Faults;

/// Puts options over settings, each by the parser that the settings file uses.
class Overlay {
public:
    template <class T>
    void
    one(T& target, const char* flag, const std::optional<std::string>& text, const config::Parse<T>& parse)
    {
        if (!text)
            return;
        auto parsed = parse(*text);
        if (auto* complaint = std::get_if<config::Complaint>(&parsed)) {
            faults.push_back({flag, {}, std::move(*complaint)});
        } else {
            target = std::get<T>(std::move(parsed));
        }
    }

    template <class T>
    void
    all(std::vector<T>& target,
        const char* flag,
        const std::vector<std::string>& texts,
        const config::Parse<T>& parse)
    {
        if (!texts.empty())
            target.clear();
        for (const auto& text : texts)
            one<T>(target.emplace_back(), flag, text, parse);
    }

    Faults faults;
};

config::Parsed<config::Listener> parse_listener(std::string_view text)
{
    auto address = config::parse_address(text);
    if (auto* complaint = std::get_if<config::Complaint>(&address))
        return std::move(*complaint);
    return config::Listener{std::get<config::Address>(std::move(address)), config::ListenerMode::forward};
}

Faults overlay(config::Config& settings, const Options& options, const config::Environment& environment)
{
    Overlay over;
    over.all<config::Listener>(settings.listeners, "--listen", options.listen, parse_listener);
    over.all<config::Cidr>(settings.access.clients, "--allow-client", options.clients, config::parse_cidr);
    over.all<config::Cidr>(
        settings.access.destinations, "--allow-destination", options.destinations, config::parse_cidr
    );
    over.all<config::ConnectTo>(
        settings.upstream.connect_to, "--connect-to", options.connect_to, config::parse_connect_to
    );
    over.one<std::string>(settings.upstream.ca, "--upstream-ca", options.upstream_ca, config::parse_path);
    over.one<std::string>(settings.diagnosis.log, "--log", options.log, config::parse_path);
    over.one<std::string>(settings.diagnosis.lang, "--lang", options.lang, config::parse_language);
    settings.diagnosis.lang = config::resolve_language(settings.diagnosis.lang, environment);
    over.one<unsigned>(settings.threads, "--threads", options.threads, config::parse_threads);
    settings.data_dir = config::resolve_data_dir(settings.data_dir, environment);
    over.one<std::string>(settings.data_dir, "--data-dir", options.data_dir, config::parse_path);
    if (settings.threads == 0)
        settings.threads = std::max(1U, std::thread::hardware_concurrency());
    return std::move(over.faults);
}

/// The settings that file, options and environment make together, and a line for each thing wrong with them.
struct Gathered {
    config::Config settings;
    std::vector<Identity> identities;
    std::vector<std::string> faults;
};

std::vector<Identity>
read_identities(const config::Config& settings, const config::Environment& environment, Faults& faults)
{
    std::vector<Identity> identities;
    for (const auto& each : settings.identities) {
        auto key = config::read_secret_key(each, environment);
        if (auto* complaint = std::get_if<config::Complaint>(&key)) {
            const auto place = "identities[" + std::to_string(&each - settings.identities.data()) + "].";
            const auto* const source = each.secret_key_env.empty() ? "secret_key_file" : "secret_key_env";
            faults.push_back({place + source, {}, std::move(*complaint)});
            continue;
        }
        identities.push_back(
            {each.secret_id, SecretKey(std::get<std::string>(std::move(key))), each.name, each.appid}
        );
    }
    return identities;
}

Gathered gather(const std::string& file, const Options& options, const config::Environment& environment)
{
    config::Loaded loaded;
    std::vector<Identity> identities;
    Faults faults;
    if (!file.empty()) {
        auto result = config::load_file(file);
        if (auto* wrong = std::get_if<Faults>(&result))
            faults = std::move(*wrong);
        else
            loaded = std::get<config::Loaded>(std::move(result));
    }
    auto from_options = overlay(loaded.config, options, environment);
    if (faults.empty() && from_options.empty()) {
        auto broken = config::check(loaded.config);
        if (broken.empty())
            identities = read_identities(loaded.config, environment, broken);
        for (auto& fault : broken) {
            if (!options.listen.empty() && fault.path.starts_with("listeners"))
                fault.path = "--listen";
            if (const auto at = loaded.positions.find(fault.path); at != loaded.positions.end())
                fault.at = at->second;
            faults.push_back(std::move(fault));
        }
    }
    std::ranges::move(from_options, std::back_inserter(faults));

    Gathered gathered{std::move(loaded.config), std::move(identities), {}};
    for (const auto& fault : faults) {
        const bool elsewhere = file.empty() || fault.path.starts_with("--");
        gathered.faults.push_back(describe(fault, elsewhere ? "cosdiag" : file));
    }
    return gathered;
}

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
    const auto gathered = gather(file, options, environment);
    for (const auto& line : gathered.faults)
        out << line << '\n';
    if (!gathered.faults.empty())
        return {failed};
    out << file << ": fine\n";
    return {good};
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
    try {
        app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
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
    if (options.version) {
        out << "cosdiag " COSDIAG_VERSION "\n";
        return Done{good};
    }
    const auto unknown = unknown_arguments(app);
    for (const auto& fault : unknown)
        err << describe(fault, "cosdiag") << '\n';
    const bool stray = !unknown.empty();
    if (!stray && app.got_subcommand("check-config"))
        return check_config(options, environment, out, err);

    auto gathered = gather(options.settings.value_or(""), options, environment);
    for (const auto& line : gathered.faults)
        err << line << '\n';
    if (stray || !gathered.faults.empty())
        return Done{misuse};
    if (app.got_subcommand("explain"))
        return explain(options.cause, language_of(gathered.settings.diagnosis.lang), out, err);
    if (app.got_subcommand("diagnose"))
        return Diagnose{
            options.diagnosed_file,
            options.json,
            options.bundle,
            language_of(gathered.settings.diagnosis.lang),
            std::move(gathered.identities)};
    return Serve{std::move(gathered.settings), std::move(gathered.identities)};
}

} // namespace cosdiag::cli

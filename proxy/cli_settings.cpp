// SPDX-License-Identifier: Apache-2.0
#include "proxy/cli_settings.hpp"

#include "config/address.hpp"
#include "config/check.hpp"
#include "config/load.hpp"
#include "config/parent_url.hpp"
#include "config/secret_key.hpp"
#include "config/value.hpp"

#include <algorithm>
#include <iterator>
#include <thread>

namespace cosdiag::cli {

namespace {

using config::Faults;

const char* flag_of(config::ListenerMode mode)
{
    return mode == config::ListenerMode::forward   ? "--listen"
           : mode == config::ListenerMode::reverse ? "--reverse"
                                                   : "--transparent";
}

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

bool names_listeners(const Options& options)
{
    return !options.listen.empty() || !options.reverse.empty() || !options.transparent.empty();
}

/// Listeners of the command line, whatever their mode, replace all others.
void overlay_listeners(Overlay& over, config::Config& settings, const Options& options)
{
    struct Way {
        config::ListenerMode mode;
        const std::vector<std::string>& addresses;
    };

    if (!names_listeners(options))
        return;
    settings.listeners.clear();
    for (const auto& [mode, addresses] : {
             Way{config::ListenerMode::forward, options.listen},
             Way{config::ListenerMode::reverse, options.reverse},
             Way{config::ListenerMode::transparent, options.transparent},
         }) {
        for (const auto& address : addresses) {
            auto& listener = settings.listeners.emplace_back();
            listener.mode = mode;
            over.one<config::Address>(listener.address, flag_of(mode), address, config::parse_address);
        }
    }
}

void overlay_origins(Overlay& over, config::Config& settings, const Options& options)
{
    over.all<config::Cidr>(
        settings.access.destinations, "--allow-destination", options.destinations, config::parse_cidr
    );
    over.all<config::ConnectTo>(
        settings.upstream.connect_to, "--connect-to", options.connect_to, config::parse_connect_to
    );
    over.one<std::string>(settings.upstream.ca, "--upstream-ca", options.upstream_ca, config::parse_path);
    if (options.upgrade)
        settings.upstream.tls = config::UpstreamTls::upgrade;
    if (!options.parent)
        return;
    config::Parent parent;
    over.one<config::Parent>(parent, "--parent", options.parent, config::parse_parent);
    settings.parent.url = std::move(parent.url);
    settings.parent.none = parent.none;
}

Faults overlay(config::Config& settings, const Options& options, const config::Environment& environment)
{
    Overlay over;
    overlay_listeners(over, settings, options);
    over.all<config::Cidr>(settings.access.clients, "--allow-client", options.clients, config::parse_cidr);
    overlay_origins(over, settings, options);
    over.one<std::string>(settings.diagnosis.log, "--log", options.log, config::parse_path);
    over.one<std::string>(settings.diagnosis.lang, "--lang", options.lang, config::parse_language);
    settings.diagnosis.lang = config::resolve_language(settings.diagnosis.lang, environment);
    over.one<unsigned>(settings.threads, "--threads", options.threads, config::parse_threads);
    settings.data_dir = config::resolve_data_dir(settings.data_dir, environment);
    over.one<std::optional<config::Address>>(
        settings.admin.address, "--admin", options.admin, config::parse_admin_address
    );
    over.one<std::string>(settings.data_dir, "--data-dir", options.data_dir, config::parse_path);
    if (settings.threads == 0)
        settings.threads = std::max(1U, std::thread::hardware_concurrency());
    return std::move(over.faults);
}

void add_address(
    std::optional<config::Address>& target,
    const char* flag,
    const std::optional<std::string>& text,
    Faults& faults
)
{
    if (!text)
        return;
    Overlay over;
    over.one<config::Address>(target.emplace(), flag, text, config::parse_address);
    std::ranges::move(over.faults, std::back_inserter(faults));
}

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

/// The option that a setting came from; empty when it was none.
std::string option_behind(const std::string& path, const config::Config& settings, const Options& options)
{
    if (path == "parent.url" && options.parent)
        return "--parent";
    if (path == "admin.address" && options.admin)
        return "--admin";
    if (!names_listeners(options))
        return "";
    for (std::size_t i = 0; i < settings.listeners.size(); ++i) {
        if (path.starts_with("listeners[" + std::to_string(i) + "]"))
            return flag_of(settings.listeners[i].mode);
    }
    return "";
}

/// Gives faults the place that they come from.
void locate(Faults& faults, const config::Loaded& loaded, const Options& options)
{
    for (auto& fault : faults) {
        if (auto option = option_behind(fault.path, loaded.config, options); !option.empty())
            fault.path = std::move(option);
        else if (const auto at = loaded.positions.find(fault.path); at != loaded.positions.end())
            fault.at = at->second;
    }
}

Faults check(const config::Config& settings, Needs needs)
{
    auto faults = config::check(settings);
    if (needs.data_dir && settings.data_dir.empty()) {
        faults.push_back(
            {"data_dir",
             {},
             {"is empty, and COSDIAG_DATA_DIR, XDG_DATA_HOME and HOME do not say where files could be kept",
              "Set it with --data-dir DIR."}}
        );
    }
    return faults;
}

} // namespace

Gathered
gather(const std::string& file, const Options& options, const config::Environment& environment, Needs needs)
{
    config::Loaded loaded;
    Faults faults;
    if (!file.empty()) {
        auto result = config::load_file(file);
        if (auto* wrong = std::get_if<Faults>(&result))
            faults = std::move(*wrong);
        else
            loaded = std::get<config::Loaded>(std::move(result));
    }
    Gathered gathered;
    gathered.listeners_named = names_listeners(options) || loaded.positions.contains("listeners");
    Faults elsewhere = overlay(loaded.config, options, environment);
    add_address(gathered.reached_at, "--at", options.reached_at, elsewhere);
    add_address(gathered.asked_admin, "--admin", options.asked_admin, elsewhere);
    if (faults.empty() && elsewhere.empty()) {
        faults = check(loaded.config, needs);
        if (needs.identities && faults.empty())
            gathered.identities = read_identities(loaded.config, environment, faults);
        if (needs.parent)
            gathered.parent = config::resolve_parent(loaded.config, environment, elsewhere);
        locate(faults, loaded, options);
    }
    for (const auto& fault : faults) {
        const bool of_file = !file.empty() && !fault.path.starts_with("--");
        gathered.faults.push_back(describe(fault, of_file ? file : "cosdiag"));
    }
    for (const auto& fault : elsewhere)
        gathered.faults.push_back(describe(fault, "cosdiag"));
    gathered.settings = std::move(loaded.config);
    return gathered;
}

} // namespace cosdiag::cli

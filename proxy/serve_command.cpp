// SPDX-License-Identifier: Apache-2.0
#include "proxy/serve_command.hpp"

#include "config/parent_url.hpp"
#include "proxy/clients/shell.hpp"
#include "proxy/cos_domains.hpp"
#include "proxy/dialable.hpp"
#include "proxy/log/notices.hpp"
#include "proxy/net/asio.hpp"
#include "proxy/program.hpp"
#include "proxy/service_manager.hpp"
#include "proxy/tls/authority_store.hpp"
#include "proxy/trust_files.hpp"

#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <iostream>
#include <optional>
#include <sstream>
#include <utility>
#include <vector>

namespace cosdiag {

namespace {

/// Clients that are told to trust the authority are told of these files.
void prepare_trust(const std::string& data_dir, const tls::Authority& authority)
{
    try {
        const std::string missing = refresh_trust_files(data_dir, authority, {}).missing;
        if (!missing.empty())
            log::warn(missing);
    } catch (const tls::CaError& error) {
        log::warn(error.what());
    }
}

/// What the settings ask for beyond themselves: the authority in the data folder.
Generation generation_of(cli::Serve asked)
{
    Generation generation{std::move(asked), nullptr, {}};
    const config::Config& config = generation.asked.config;
    auto loaded = config.data_dir.empty() ? std::nullopt : tls::load(config.data_dir);
    if (!loaded)
        return generation;
    generation.authority = std::make_shared<const tls::Authority>(std::move(*loaded));
    generation.trust = trust_files_in(config.data_dir);
    prepare_trust(config.data_dir, *generation.authority);
    warn_of_missing_domains(*generation.authority, config);
    return generation;
}

log::DiagnosisLog::Options log_of(const config::Config& config)
{
    log::DiagnosisLog::Options log;
    log.file = config.diagnosis.log;
    log.queue = config.limits.log_queue;
    log.language = config.diagnosis.lang == "zh" ? Language::chinese : Language::english;
    return log;
}

admin::About about(const StartUp& told, const config::Config& config, const Generation& generation)
{
    admin::About about;
    about.listeners = told.listeners;
    for (const config::Listener& each : told.listeners)
        if (each.mode == config::ListenerMode::forward && about.proxy.empty())
            about.proxy = dialable(each.address);
    about.domains = told.domains;
    about.ca_made = told.ca_made;
    about.upgrades = told.upgrades;
    about.log = told.log;
    about.language = config.diagnosis.lang;
    about.shell_line = env_line(told);
    about.run_line = run_line(told);
    if (generation.authority) {
        about.fingerprint = generation.authority->fingerprint();
        about.trust = clients::trust_lines(generation.trust);
    }
    return about;
}

/// The program from its first line to its last: what signals and the service manager have it do.
class Service {
public:
    Service(cli::Serve asked, const config::Environment& environment)
        : x_environment_(environment),
          x_manager_(environment),
          x_words_(asked.words),
          x_admin_(asked.config.admin),
          x_signals_(x_io_, SIGTERM, SIGINT, SIGHUP),
          x_tick_(x_io_)
    {
        Generation first = generation_of(std::move(asked));
        const Generation kept = first;
        x_program_.emplace(std::move(first), log_of(kept.asked.config), [this] {
            net::asio::post(x_io_, [this] { tidy(); });
        });
        x_program_->start();
        std::cerr << banner(tell(kept), log::wants_colour(STDERR_FILENO)) << std::flush;
        x_manager_.ready("serving");
        wait_for_signal();
        if (x_manager_.period().count() > 0)
            watch();
    }

    void run()
    {
        x_io_.run();
        x_program_->finish();
    }

private:
    /// Tells the admin listener what these settings come to, and returns it.
    StartUp tell(const Generation& generation)
    {
        StartUp told =
            start_up(generation.asked, x_program_->server().entrances(), generation.authority.get());
        std::error_code unknown;
        const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", unknown);
        if (!unknown)
            told.program = called_by(program.string(), x_environment_);
        if (const net::Endpoint* const admin = x_program_->admin_address())
            told.admin = dialable(to_address(*admin));
        x_program_->tell(about(told, generation.asked.config, generation));
        return told;
    }

    void wait_for_signal()
    {
        x_signals_.async_wait([this](const boost::system::error_code& error, int signal) {
            if (error)
                return;
            if (signal == SIGHUP)
                reload();
            else
                end();
            wait_for_signal();
        });
    }

    /// The first signal to end lets what is under way finish, the second breaks it off.
    void end()
    {
        if (std::exchange(x_ending_, true)) {
            x_program_->stop();
            return;
        }
        log::note("ending: requests under way may finish, a second signal breaks them off");
        x_manager_.stopping();
        x_program_->drain();
    }

    /// Reads the settings again, and the authority.
    void reload()
    {
        if (x_ending_) {
            x_program_->log().reopen();
            return;
        }
        x_manager_.reloading();
        std::ostringstream unused;
        std::ostringstream faults;
        std::vector<const char*> words;
        for (const std::string& word : x_words_)
            words.push_back(word.c_str());
        auto command = cli::parse(words, x_environment_, unused, faults);
        if (auto* serve = std::get_if<cli::Serve>(&command))
            renew(std::move(*serve));
        else
            reject(faults.str());
        x_manager_.ready("serving");
    }

    void renew(cli::Serve asked)
    {
        try {
            Generation next = generation_of(std::move(asked));
            const Generation kept = next;
            x_program_->renew(std::move(next));
            tell(kept);
            log::note("settings read anew: newcomers are served by them");
            if (kept.asked.config.admin != x_admin_)
                log::warn("what the settings say under admin holds from the next start on");
        } catch (const std::exception& failure) {
            log::error(std::string("the settings were not taken, and those before stay: ") + failure.what());
        }
    }

    void reject(const std::string& faults)
    {
        x_program_->reject_renewal();
        std::istringstream lines(faults);
        for (std::string line; std::getline(lines, line);)
            log::error(line);
        log::error("the settings were not taken, and those before stay");
    }

    void tidy()
    {
        if (x_program_->tidy() && x_ending_)
            x_io_.stop();
    }

    void watch()
    {
        x_tick_.expires_after(x_manager_.period());
        x_tick_.async_wait([this](const boost::system::error_code& cancelled) {
            if (cancelled)
                return;
            if (x_program_->is_alive())
                x_manager_.alive();
            watch();
        });
    }

    const config::Environment& x_environment_;
    const ServiceManager x_manager_;
    const std::vector<std::string> x_words_;
    const config::Admin x_admin_;
    net::asio::io_context x_io_{1};
    net::asio::signal_set x_signals_;
    net::asio::steady_timer x_tick_;
    std::optional<Program> x_program_;
    bool x_ending_ = false;
};

} // namespace

StartUp start_up(
    const cli::Serve& asked, const std::vector<net::Entrance>& entrances, const tls::Authority* authority
)
{
    StartUp about;
    for (const net::Entrance& each : entrances)
        about.listeners.push_back({to_address(each.address), each.mode, each.tls});
    about.log = asked.config.diagnosis.log;
    if (authority != nullptr) {
        about.domains = authority->domains();
        about.ca_made = made_on(*authority);
    }
    about.upgrades = asked.config.upstream.tls == config::UpstreamTls::upgrade;
    if (asked.parent.for_http)
        about.parent_of_http = to_string(*asked.parent.for_http);
    if (asked.parent.for_https)
        about.parent_of_https = to_string(*asked.parent.for_https);
    about.parent_from = asked.parent.from;
    about.parent_ourselves = asked.parent.ourselves;
    for (const std::string& word : asked.place)
        about.place += " " + clients::shell_word(word, clients::Shell::sh);
    for (const config::Listener& each : about.listeners) {
        if (each.mode != config::ListenerMode::forward)
            continue;
        about.at_usual_address = asked.place.empty() && dialable(each.address) == "127.0.0.1:8403";
        break;
    }
    return about;
}

std::string called_by(const std::string& program, const config::Environment& environment)
{
    std::istringstream folders(environment("PATH").value_or(""));
    for (std::string folder; std::getline(folders, folder, ':');) {
        const std::filesystem::path found = std::filesystem::path(folder) / "cosdiag";
        if (::access(found.c_str(), X_OK) != 0)
            continue;
        std::error_code ignored;
        if (std::filesystem::equivalent(found, program, ignored))
            return "cosdiag";
        break;
    }
    return clients::shell_word(program, clients::Shell::sh);
}

int serve_command(const cli::Serve& asked, const config::Environment& environment)
{
    std::signal(SIGPIPE, SIG_IGN);
    Service(asked, environment).run();
    return cli::good;
}

} // namespace cosdiag

// SPDX-License-Identifier: Apache-2.0
#include "proxy/service.hpp"

#include "proxy/dialable.hpp"
#include "proxy/log/notices.hpp"
#include "proxy/serve_command.hpp"
#include "proxy/tls/authority_store.hpp"
#include "proxy/trust_files.hpp"

#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <iostream>
#include <sstream>
#include <utility>

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

} // namespace

Service::Service(cli::Serve asked, const config::Environment& environment)
    : x_environment_(environment),
      x_manager_(environment),
      x_words_(asked.words),
      x_admin_(asked.config.admin),
      x_signals_(x_io_, SIGTERM, SIGINT, SIGHUP),
      x_tick_(x_io_)
{
    Generation first = generation_of(std::move(asked));
    const Generation kept = first;
    x_program_.emplace(
        std::move(first),
        log::DiagnosisLog::Options{},
        Program::Surroundings{x_manager_.sockets(), [this] { net::asio::post(x_io_, [this] { tidy(); }); }}
    );
    x_program_->start();
    std::cerr << banner(tell(kept), log::wants_colour(STDERR_FILENO)) << std::flush;
    x_manager_.ready("serving");
    wait_for_signal();
    if (x_manager_.period().count() > 0)
        watch();
}

void Service::run()
{
    x_io_.run();
    x_program_->finish();
}

/// Tells the admin listener what these settings come to, and returns it.
StartUp Service::tell(const Generation& generation)
{
    StartUp told = start_up(generation.asked, x_program_->server().entrances(), generation.authority.get());
    std::error_code unknown;
    const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", unknown);
    if (!unknown)
        told.program = called_by(program.string(), x_environment_);
    if (const net::Endpoint* const admin = x_program_->admin_address())
        told.admin = dialable(to_address(*admin));
    x_program_->tell(about(told, generation.asked.config, generation));
    return told;
}

void Service::wait_for_signal()
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
void Service::end()
{
    if (std::exchange(x_ending_, true)) {
        x_program_->stop();
        return;
    }
    log::note("ending: requests under way may finish, a second signal breaks them off");
    x_manager_.stopping();
    x_program_->drain();
}

/// Opens the logs anew, whatever becomes of the rest, and reads the settings again, and the authority.
void Service::reload()
{
    x_program_->reopen_logs();
    if (x_ending_)
        return;
    x_manager_.reloading();
    try {
        read_again();
    } catch (const std::exception& failure) {
        reject(failure.what());
    }
    x_manager_.ready("serving");
}

void Service::read_again()
{
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
}

void Service::renew(cli::Serve asked)
{
    Generation next = generation_of(std::move(asked));
    const Generation kept = next;
    x_program_->renew(std::move(next));
    tell(kept);
    log::note("settings read anew: newcomers are served by them");
    if (kept.asked.config.admin != x_admin_)
        log::warn("what the settings say under admin holds from the next start on");
}

void Service::reject(const std::string& faults)
{
    x_program_->reject_renewal();
    std::istringstream lines(faults);
    for (std::string line; std::getline(lines, line);)
        log::error(line);
    log::error("the settings were not taken, and those before stay");
}

void Service::tidy()
{
    if (x_program_->tidy() && x_ending_)
        x_io_.stop();
}

void Service::watch()
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

} // namespace cosdiag

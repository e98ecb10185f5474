// SPDX-License-Identifier: Apache-2.0
#include "proxy/serve_command.hpp"

#include "config/parent_url.hpp"
#include "proxy/clients/shell.hpp"
#include "proxy/cos_domains.hpp"
#include "proxy/dialable.hpp"
#include "proxy/log/notices.hpp"
#include "proxy/net/asio.hpp"
#include "proxy/serving.hpp"
#include "proxy/tls/authority_store.hpp"
#include "proxy/trust_files.hpp"

#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <iostream>
#include <sstream>
#include <thread>
#include <utility>

namespace cosdiag {

namespace {

/// The first request to end lets what is under way finish, the second breaks it off. SIGHUP opens the log
/// anew.
class Signals {
public:
    Signals(net::asio::io_context& io, Serving& serving)
        : x_set_(io, SIGTERM, SIGINT, SIGHUP), x_serving_(serving)
    {
        wait();
    }

private:
    void wait()
    {
        x_set_.async_wait([this](const boost::system::error_code& error, int signal) {
            if (error)
                return;
            if (signal == SIGHUP) {
                x_serving_.log().reopen();
            } else if (std::exchange(x_draining_, true)) {
                x_serving_.server().stop();
            } else {
                log::note("ending: requests under way may finish, a second signal breaks them off");
                x_serving_.server().drain();
            }
            wait();
        });
    }

    net::asio::signal_set x_set_;
    Serving& x_serving_;
    bool x_draining_ = false;
};

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

void wait_for_end(Serving& serving, net::asio::io_context& io)
{
    std::thread waiting([&] {
        serving.server().wait();
        io.stop();
    });
    io.run();
    waiting.join();
}

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
    const config::Config& config = asked.config;
    std::signal(SIGPIPE, SIG_IGN);
    std::shared_ptr<const tls::Authority> authority;
    if (auto loaded = config.data_dir.empty() ? std::nullopt : tls::load(config.data_dir))
        authority = std::make_shared<const tls::Authority>(std::move(*loaded));
    log::DiagnosisLog::Options log;
    log.file = config.diagnosis.log;
    log.queue = config.limits.log_queue;
    log.language = config.diagnosis.lang == "zh" ? Language::chinese : Language::english;
    const auto trust = authority ? trust_files_in(config.data_dir) : clients::TrustFiles{};
    Serving serving(asked, std::move(log), authority, trust);
    net::asio::io_context io(1);
    const Signals signals(io, serving);
    if (authority) {
        prepare_trust(config.data_dir, *authority);
        warn_of_missing_domains(*authority, config);
    }
    serving.server().start();
    StartUp about = start_up(asked, serving.server().entrances(), authority.get());
    std::error_code unknown;
    const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", unknown);
    if (!unknown)
        about.program = called_by(program.string(), environment);
    std::cerr << banner(about, log::wants_colour(STDERR_FILENO)) << std::flush;
    wait_for_end(serving, io);
    return cli::good;
}

} // namespace cosdiag

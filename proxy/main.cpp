// SPDX-License-Identifier: Apache-2.0
#include "config/environment.hpp"
#include "proxy/banner.hpp"
#include "proxy/cli.hpp"
#include "proxy/log/blind_tunnels.hpp"
#include "proxy/log/diagnosis_log.hpp"
#include "proxy/log/notices.hpp"
#include "proxy/net/asio.hpp"
#include "proxy/net/server.hpp"
#include "proxy/offline/command.hpp"
#include "proxy/tls/authority_store.hpp"
#include "proxy/tls/server_context.hpp"
#include "proxy/watch.hpp"

#include <unistd.h>

#include <csignal>
#include <iostream>
#include <vector>

namespace cosdiag {

namespace {

std::vector<std::string> texts(const std::vector<net::Entrance>& entrances)
{
    std::vector<std::string> out;
    for (const net::Entrance& entrance : entrances) {
        const net::Endpoint& each = entrance.address;
        const std::string host = each.address().to_string();
        out.push_back(
            (each.address().is_v6() ? "[" + host + "]:" : host + ":") + std::to_string(each.port())
        );
    }
    return out;
}

/// The first request to end lets what is under way finish, the second breaks it off. SIGHUP opens the log
/// anew.
class Signals {
public:
    Signals(net::asio::io_context& io, net::Server& server, log::DiagnosisLog& log)
        : x_set_(io, SIGTERM, SIGINT, SIGHUP), x_server_(server), x_log_(log)
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
                x_log_.reopen();
            } else if (std::exchange(x_draining_, true)) {
                x_server_.stop();
            } else {
                log::note("ending: requests under way may finish, a second signal breaks them off");
                x_server_.drain();
            }
            wait();
        });
    }

    net::asio::signal_set x_set_;
    net::Server& x_server_;
    log::DiagnosisLog& x_log_;
    bool x_draining_ = false;
};

int serve(const cli::Serve& command)
{
    const auto& config = command.config;
    std::signal(SIGPIPE, SIG_IGN);
    log::DiagnosisLog diagnosis_log(
        {.file = config.diagnosis.log,
         .queue = config.limits.log_queue,
         .language = config.diagnosis.lang == "zh" ? Language::chinese : Language::english}
    );
    log::BlindTunnels tunnels;
    Watch watch(config, command.identities, diagnosis_log, tunnels, {});
    auto authority = tls::load(config.data_dir, tls::Clock::now());
    std::optional<tls::ServerContext> interception;
    if (authority)
        interception.emplace(std::make_shared<const tls::Authority>(std::move(*authority)));
    net::Server server(config, watch, interception ? &*interception : nullptr);
    net::asio::io_context io(1);
    const Signals signals(io, server, diagnosis_log);
    server.start();
    std::cerr << banner(texts(server.entrances()), config.diagnosis.log, log::wants_colour(STDERR_FILENO))
              << std::flush;

    std::thread waiting([&] {
        server.wait();
        io.stop();
    });
    io.run();
    waiting.join();
    return cli::good;
}

int run(std::span<const char* const> arguments)
{
    const auto command = cli::parse(arguments, config::process_environment(), std::cout, std::cerr);
    if (const auto* done = std::get_if<cli::Done>(&command))
        return done->exit_code;
    if (const auto* diagnose = std::get_if<cli::Diagnose>(&command)) {
        const auto form = diagnose->bundle ? offline::Form::bundle
                          : diagnose->json ? offline::Form::json
                                           : offline::Form::block;
        return offline::diagnose_file(
            {diagnose->file,
             form,
             log::wants_colour(STDOUT_FILENO),
             diagnose->language,
             diagnose->identities},
            std::cin,
            std::cout,
            std::cerr
        );
    }
    if (!std::holds_alternative<cli::Serve>(command)) {
        std::cerr << "cosdiag: run, env and ca are understood, and what they ask for is missing here.\n";
        return cli::failed;
    }
    return serve(std::get<cli::Serve>(command));
}

} // namespace

} // namespace cosdiag

int main(int count, char** values)
{
    try {
        return cosdiag::run({values + 1, static_cast<std::size_t>(std::max(count, 1) - 1)});
    } catch (const std::exception& failure) {
        std::cerr << "cosdiag: " << failure.what() << "\n";
        return cosdiag::cli::failed;
    }
}

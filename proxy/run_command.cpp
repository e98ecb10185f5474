// SPDX-License-Identifier: Apache-2.0
#include "proxy/run_command.hpp"

#include "proxy/clients/child.hpp"
#include "proxy/cos_domains.hpp"
#include "proxy/dialable.hpp"
#include "proxy/log/notices.hpp"
#include "proxy/net/asio.hpp"
#include "proxy/private_folder.hpp"
#include "proxy/program.hpp"
#include "proxy/tls/authority_store.hpp"
#include "proxy/trust_files.hpp"

#include <signal.h> // NOLINT(modernize-deprecated-headers): sigaction is POSIX's
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <thread>
#include <utility>

namespace cosdiag {

namespace {

/// What the command left under way has so long to end.
constexpr std::chrono::seconds last_patience{2};

/// A line of our own between those of the command.
void say(const std::string& what)
{
    const bool colour = log::wants_colour(STDERR_FILENO);
    std::cerr << (colour ? "\033[2m" : "") << "cosdiag: " << log::harmless(what) << (colour ? "\033[0m" : "")
              << std::endl;
}

bool is_ignored(int signal)
{
    struct sigaction now {};

    return ::sigaction(signal, nullptr, &now) == 0 && (now.sa_flags & SA_SIGINFO) == 0 &&
           now.sa_handler == SIG_IGN;
}

/// Those that end us otherwise. From its making on they wait for the child; one that is ignored, as by
/// nohup(1), stays so for both.
class Signals {
public:
    explicit Signals(net::asio::io_context& io) : x_set_(io)
    {
        for (const int each : {SIGTERM, SIGINT, SIGHUP, SIGQUIT})
            if (!is_ignored(each))
                x_set_.add(each);
    }

    void pass_on_to(clients::Child& child)
    {
        x_set_.async_wait([this, &child](const boost::system::error_code& error, int signal) {
            if (error)
                return;
            child.forward(signal);
            pass_on_to(child);
        });
    }

private:
    net::asio::signal_set x_set_;
};

struct RunAuthority {
    std::shared_ptr<const tls::Authority> authority;
    bool is_lasting = false; ///< of the data folder
};

RunAuthority authority_for(const config::Config& config)
{
    if (!config.data_dir.empty())
        if (auto lasting = tls::load(config.data_dir))
            return {std::make_shared<const tls::Authority>(std::move(*lasting)), true};
    const auto now = tls::Clock::now();
    return {
        std::make_shared<const tls::Authority>(tls::Authority::make(cos_domains(config), now, "one run")),
        false};
}

/// There is a forward listener, and the end does not wait long.
cli::Serve for_one_command(cli::Serve serve)
{
    auto& listeners = serve.config.listeners;
    const bool has_forward =
        std::any_of(listeners.begin(), listeners.end(), [](const config::Listener& each) {
            return each.mode == config::ListenerMode::forward;
        });
    if (!has_forward)
        listeners.emplace_back();
    serve.config.drain_deadline = std::min<config::milliseconds>(serve.config.drain_deadline, last_patience);
    return serve;
}

log::DiagnosisLog::Options log_for(const config::Config& config)
{
    log::DiagnosisLog::Options options;
    options.file = config.diagnosis.log;
    options.stream = STDERR_FILENO;
    options.blocks = true;
    options.queue = config.limits.log_queue;
    options.language = config.diagnosis.lang == "zh" ? Language::chinese : Language::english;
    return options;
}

std::string url_of(const net::Server& server)
{
    const auto& entrances = server.entrances();
    const auto forward = std::find_if(entrances.begin(), entrances.end(), [](const net::Entrance& each) {
        return each.mode == config::ListenerMode::forward;
    });
    return "http://" + dialable(to_address(forward->address));
}

clients::ClientEnvironment environment_for(
    const std::string& command,
    const clients::Proxy& proxy,
    const PrivateFolder& folder,
    const tls::Authority& authority,
    const config::Environment& users
)
{
    auto environment = clients::client_environment(proxy, trust_files_in(folder.path()), users, command);
    const UsersRoots roots = read_users_roots(environment);
    for (const std::string& complaint : roots.complaints)
        say(complaint);
    const std::string missing = write_trust_files(folder.path(), authority, roots);
    if (!missing.empty())
        say(missing);
    return environment;
}

/// Runs it to its end, and tells it of signals meanwhile.
int wait_for(clients::Child& child, Signals& signals, net::asio::io_context& io)
{
    int status = 0;
    signals.pass_on_to(child);
    std::thread waiting([&] {
        status = child.wait();
        io.stop();
    });
    io.run();
    waiting.join();
    return status;
}

/// All that the command was told is in the log afterwards.
void finish(Program& program)
{
    program.drain();
    program.finish();
}

void say_last(Program& program, const cli::Run& asked)
{
    if (program.arrivals() == 0)
        say("nothing passed through the proxy: " + asked.command.front() +
            " may not read its variables (s3cmd, coscli cp, the C++ and Java SDK do not). Name the proxy in "
            "the program's own settings, and its address to cosdiag run by --listen 127.0.0.1:8403");
    const std::string& file = asked.serve.config.diagnosis.log;
    const std::uint64_t written = program.log().written();
    if (!file.empty() && written > 0)
        say(std::to_string(written) + (written == 1 ? " diagnosis went to " : " diagnoses went to ") + file);
}

} // namespace

int run_command(const cli::Run& asked, const config::Environment& users)
{
    ::signal(SIGPIPE, SIG_IGN);
    net::asio::io_context io(1);
    Signals signals(io);
    const cli::Serve serve = for_one_command(asked.serve);
    const auto [authority, is_lasting] = authority_for(serve.config);
    const std::string temporary = users("TMPDIR").value_or("");
    const PrivateFolder folder(temporary.empty() ? "/tmp" : temporary);
    Program program({serve, authority, trust_files_in(folder.path())}, log_for(serve.config), {});
    const std::string url = url_of(program.server());
    const auto environment =
        environment_for(asked.command.front(), {url, cos_domains(serve.config)}, folder, *authority, users);
    warn_of_missing_domains(*authority, serve.config);
    program.start();
    say("http:// and HTTPS to " + listed(authority->domains()) + " are looked into at " + url.substr(7) +
        ", with " + (is_lasting ? "the CA made on " + made_on(*authority) : "a CA for this run alone"));
    try {
        clients::Child child(asked.command, environment.variables);
        const int status = wait_for(child, signals, io);
        finish(program);
        say_last(program, asked);
        return status;
    } catch (const clients::NotStarted& error) {
        say(error.what());
        return error.exit_status();
    }
}

} // namespace cosdiag

// SPDX-License-Identifier: Apache-2.0
#include "config/environment.hpp"
#include "proxy/ca_command.hpp"
#include "proxy/cli.hpp"
#include "proxy/env_command.hpp"
#include "proxy/healthcheck_command.hpp"
#include "proxy/log/notices.hpp"
#include "proxy/offline/command.hpp"
#include "proxy/run_command.hpp"
#include "proxy/serve_command.hpp"
#include "proxy/tail_command.hpp"
#include "proxy/tls/record_memory.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <exception>
#include <iostream>

namespace cosdiag {

namespace {

/// Does what was asked for; each returns the exit status.
struct Do {
    const config::Environment& environment;

    int operator()(const cli::Done& done) const { return done.exit_code; }

    int operator()(const cli::Serve& serve) const { return serve_command(serve, environment); }

    int operator()(const cli::Run& run) const { return run_command(run, environment); }

    int operator()(const cli::Env& env) const
    {
        return env_command(env, environment, tls::Clock::now(), std::cout, std::cerr);
    }

    int operator()(const cli::Ca& ca) const
    {
        return ca_command(ca, tls::Clock::now(), std::cout, std::cerr);
    }

    int operator()(const cli::Tail& tail) const { return tail_command(tail, std::cout, std::cerr); }

    int operator()(const cli::Healthcheck& check) const { return healthcheck_command(check, std::cerr); }

    int operator()(const cli::Diagnose& diagnose) const
    {
        const auto form = diagnose.bundle ? offline::Form::bundle
                          : diagnose.json ? offline::Form::json
                                          : offline::Form::block;
        const bool colour = log::wants_colour(STDOUT_FILENO);
        return offline::diagnose_file(
            {diagnose.file, form, colour, diagnose.language, diagnose.identities},
            std::cin,
            std::cout,
            std::cerr
        );
    }
};

/// Messages for an error stream that is closed must not end up in what is opened in its place.
void keep_error_stream()
{
    if (::fcntl(STDERR_FILENO, F_GETFD) != -1)
        return;
    const int nowhere = ::open("/dev/null", O_WRONLY);
    if (nowhere >= 0 && nowhere != STDERR_FILENO && ::dup2(nowhere, STDERR_FILENO) >= 0)
        ::close(nowhere);
}

int run(std::span<const char* const> arguments)
{
    keep_error_stream();
    tls::keep_record_memory();
    const config::Environment environment = config::process_environment();
    return std::visit(Do{environment}, cli::parse(arguments, environment, std::cout, std::cerr));
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

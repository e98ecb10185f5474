// SPDX-License-Identifier: Apache-2.0
// The serving program among its neighbours: what signals and the service manager have it do.
#pragma once

#include "config/environment.hpp"
#include "proxy/banner.hpp"
#include "proxy/cli.hpp"
#include "proxy/net/asio.hpp"
#include "proxy/program.hpp"
#include "proxy/service_manager.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cosdiag {

class Service {
public:
    /// Serves from now on, and says so on the error stream. Throws std::runtime_error with words for people
    /// where it cannot. The environment must outlive it.
    Service(cli::Serve asked, const config::Environment& environment);

    /// Returns once SIGTERM or SIGINT has led to the end. The first one lets what is under way finish, the
    /// second breaks it off; SIGHUP has the settings and the authority read again, and the log opened anew.
    void run();

private:
    StartUp tell(const Generation& generation);
    void wait_for_signal();
    void end();
    void reload();
    void read_again();
    void renew(cli::Serve asked);
    void reject(const std::string& faults);
    void tidy();
    void watch();

    const config::Environment& x_environment_;
    const ServiceManager x_manager_;
    const std::vector<std::string> x_words_; ///< the arguments
    const config::Admin x_admin_;
    net::asio::io_context x_io_{1};
    net::asio::signal_set x_signals_;
    net::Timer x_tick_;
    std::optional<Program> x_program_;
    bool x_ending_ = false;
};

} // namespace cosdiag

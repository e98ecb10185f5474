// SPDX-License-Identifier: Apache-2.0
#include "proxy/serve_command.hpp"

#include "config/parent_url.hpp"
#include "proxy/clients/shell.hpp"
#include "proxy/cos_domains.hpp"
#include "proxy/dialable.hpp"
#include "proxy/service.hpp"

#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <sstream>

namespace cosdiag {

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

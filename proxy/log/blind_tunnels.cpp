// SPDX-License-Identifier: Apache-2.0
#include "proxy/log/blind_tunnels.hpp"

#include "diagnose/endpoint.hpp"
#include "diagnose/text.hpp"
#include "proxy/clients/client.hpp"
#include "proxy/log/notices.hpp"

namespace cosdiag::log {

namespace {

constexpr std::size_t most_hosts = 1000;
constexpr std::size_t most_host_bytes = 255;

std::string setting_for(const clients::Client& client, std::string_view host)
{
    constexpr std::string_view placeholder = "REGION";
    std::string setting(client.clear_http);
    const std::string region = read_endpoint(host).region;
    const std::size_t at = setting.find(placeholder);
    if (!region.empty() && at != std::string::npos)
        setting.replace(at, placeholder.size(), region);
    return setting;
}

} // namespace

std::string blind_tunnel_notice(std::string_view host, std::string_view user_agent, bool has_authority)
{
    const clients::Client& client = clients::client_of(user_agent);
    host = host.substr(0, most_host_bytes);
    return harmless(join(
        "HTTPS to ",
        host,
        " passes through unseen: a 403 in it cannot be explained. To see it, ",
        has_authority ? "make a CA that covers it (cosdiag ca show tells what yours does; cosdiag ca init "
                        "--force goes by cos.custom_domains)"
                      : "start the client with cosdiag run -- COMMAND, or make a CA with cosdiag ca init and "
                        "send cosdiag SIGHUP",
        "; or, with keys that may be replaced, since everybody on the way can read it then, let ",
        client.name,
        " speak clear HTTP: ",
        setting_for(client, host)
    ));
}

void BlindTunnels::opened(std::string_view host, std::string_view user_agent)
{
    {
        const std::lock_guard lock(x_mutex_);
        ++x_count_;
        if (x_hosts_.size() == most_hosts ||
            !x_hosts_.insert(lowered(host.substr(0, most_host_bytes))).second)
            return;
    }
    note(blind_tunnel_notice(host, user_agent, x_has_authority_));
}

std::uint64_t BlindTunnels::count() const
{
    const std::lock_guard lock(x_mutex_);
    return x_count_;
}

std::size_t BlindTunnels::hosts() const
{
    const std::lock_guard lock(x_mutex_);
    return x_hosts_.size();
}

} // namespace cosdiag::log

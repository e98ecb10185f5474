// SPDX-License-Identifier: Apache-2.0
#include "proxy/serving.hpp"

#include "config/address.hpp"
#include "proxy/cos_domains.hpp"
#include "proxy/log/notices.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace cosdiag {

void expect_authority(const config::Config& config, const tls::Authority* authority)
{
    const auto speaks_tls =
        std::find_if(config.listeners.begin(), config.listeners.end(), [](const config::Listener& each) {
            return each.tls;
        });
    if (authority != nullptr || speaks_tls == config.listeners.end())
        return;
    throw std::runtime_error(
        "the listener at " + to_string(speaks_tls->address) +
        " is to speak TLS (tls: true), and there is no CA to make its certificates with. Make one with "
        "cosdiag ca init, or leave tls out"
    );
}

Serving::Serving(cli::Serve asked, Parts parts, const Serving* before)
    : x_asked_(std::move(asked)),
      x_log_(std::move(parts.log)),
      x_tunnels_(parts.authority != nullptr),
      x_watch_(
          {x_asked_.config,
           x_asked_.identities,
           *x_log_,
           x_tunnels_,
           parts.lasting.remembered,
           std::move(parts.trust)}
      ),
      x_interception_(
          parts.authority ? std::make_unique<tls::ServerContext>(std::move(parts.authority)) : nullptr
      ),
      x_server_(
          {x_asked_.config,
           x_asked_.parent,
           x_watch_,
           x_interception_.get(),
           parts.lasting.meters,
           std::move(parts.own),
           std::move(parts.inherited),
           std::move(parts.on_end)},
          before != nullptr ? &before->x_server_ : nullptr
      )
{
}

void warn_of_missing_domains(const tls::Authority& authority, const config::Config& config)
{
    const std::vector<std::string> missing = missing_domains(authority, config);
    if (missing.empty())
        return;
    log::warn(
        "HTTPS to " + listed(missing) + " (cos.custom_domains) passes through unseen: the CA made on " +
        made_on(authority) +
        " does not cover it. Make one that does with cosdiag ca init --force, and reload (SIGHUP); clients "
        "then "
        "have to be told to trust that one"
    );
}

config::Address to_address(const net::Endpoint& endpoint)
{
    return {endpoint.address().to_string(), endpoint.port()};
}

} // namespace cosdiag

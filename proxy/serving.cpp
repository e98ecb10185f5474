// SPDX-License-Identifier: Apache-2.0
#include "proxy/serving.hpp"

#include "config/address.hpp"
#include "proxy/cos_domains.hpp"
#include "proxy/log/notices.hpp"

#include <algorithm>
#include <stdexcept>

namespace cosdiag {

namespace {

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

} // namespace

Serving::Serving(
    const cli::Serve& asked,
    log::DiagnosisLog::Options log,
    std::shared_ptr<const tls::Authority> authority,
    clients::TrustFiles trust
)
    : x_log_((expect_authority(asked.config, authority.get()), std::move(log))),
      x_tunnels_(authority != nullptr),
      x_watch_(asked.config, asked.identities, x_log_, x_tunnels_, std::move(trust)),
      x_interception_(authority ? std::make_unique<tls::ServerContext>(std::move(authority)) : nullptr),
      x_server_(asked.config, asked.parent, x_watch_, x_interception_.get())
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
        " does not cover it. Make one that does with cosdiag ca init --force, and start anew; clients then "
        "have to be told to trust that one"
    );
}

config::Address to_address(const net::Endpoint& endpoint)
{
    return {endpoint.address().to_string(), endpoint.port()};
}

} // namespace cosdiag

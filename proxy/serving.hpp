// SPDX-License-Identifier: Apache-2.0
// The running proxy: what `cosdiag` and `cosdiag run` have in common.
#pragma once

#include "proxy/cli.hpp"
#include "proxy/clients/trust.hpp"
#include "proxy/log/blind_tunnels.hpp"
#include "proxy/log/diagnosis_log.hpp"
#include "proxy/net/server.hpp"
#include "proxy/tls/authority.hpp"
#include "proxy/tls/server_context.hpp"
#include "proxy/watch.hpp"

#include <memory>
#include <string>

namespace cosdiag {

class Serving {
public:
    /// Opens the log and listens. Without an authority TLS passes through unseen. `trust` is named to clients
    /// that do not trust the authority. Throws std::runtime_error with words for people; so it does where a
    /// listener that is to speak TLS has no authority.
    Serving(
        const cli::Serve& asked,
        log::DiagnosisLog::Options log,
        std::shared_ptr<const tls::Authority> authority,
        clients::TrustFiles trust
    );

    net::Server& server() noexcept { return x_server_; }

    log::DiagnosisLog& log() noexcept { return x_log_; }

private:
    log::DiagnosisLog x_log_;
    log::BlindTunnels x_tunnels_;
    Watch x_watch_;
    std::unique_ptr<tls::ServerContext> x_interception_; ///< null: TLS passes through unseen
    net::Server x_server_;
};

/// Warns of hosts in cos.custom_domains that the authority cannot vouch for.
void warn_of_missing_domains(const tls::Authority& authority, const config::Config& config);

config::Address to_address(const net::Endpoint& endpoint);

} // namespace cosdiag

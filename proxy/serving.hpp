// SPDX-License-Identifier: Apache-2.0
// The proxy at work with one set of settings: what `cosdiag` and `cosdiag run` have in common.
#pragma once

#include "proxy/cli.hpp"
#include "proxy/clients/trust.hpp"
#include "proxy/log/blind_tunnels.hpp"
#include "proxy/log/diagnosis_log.hpp"
#include "proxy/net/server.hpp"
#include "proxy/remembered.hpp"
#include "proxy/tls/authority.hpp"
#include "proxy/tls/server_context.hpp"
#include "proxy/watch.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace cosdiag {

/// What lasts while settings come and go.
struct Lasting {
    Remembered remembered;
    net::MeterRoom meters;
    log::Journal journal;
};

class Serving {
public:
    struct Parts {
        Lasting& lasting; ///< outlives it
        std::shared_ptr<log::DiagnosisLog> log;
        std::shared_ptr<const tls::Authority> authority; ///< null: TLS passes through unseen
        clients::TrustFiles trust;                       ///< named to clients that do not trust the authority
        std::vector<net::Endpoint> own;                  ///< see net::Server::Parts
        std::vector<int> inherited{};                    ///< see net::Server::Parts
        std::function<void()> on_end{};                  ///< see net::Server::Parts
    };

    /// Listens, on the sockets of `before` where the addresses are the same. Throws std::runtime_error with
    /// words for people.
    Serving(cli::Serve asked, Parts parts, const Serving* before = nullptr);

    const config::Config& config() const noexcept { return x_asked_.config; }

    net::Server& server() noexcept { return x_server_; }

    const net::Server& server() const noexcept { return x_server_; }

    const std::shared_ptr<log::DiagnosisLog>& log() const noexcept { return x_log_; }

private:
    const cli::Serve x_asked_;
    const std::shared_ptr<log::DiagnosisLog> x_log_;
    log::BlindTunnels x_tunnels_;
    Watch x_watch_;
    std::unique_ptr<tls::ServerContext> x_interception_;
    net::Server x_server_;
};

/// Throws std::runtime_error where a listener that is to speak TLS has no authority.
void expect_authority(const config::Config& config, const tls::Authority* authority);

/// Warns of hosts in cos.custom_domains that the authority cannot vouch for.
void warn_of_missing_domains(const tls::Authority& authority, const config::Config& config);

config::Address to_address(const net::Endpoint& endpoint);

} // namespace cosdiag

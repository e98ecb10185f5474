// SPDX-License-Identifier: Apache-2.0
// The engine's place beside the traffic: turns what the shell saw into the engine's terms, has it diagnosed,
// and hands the result to the log.
#pragma once

#include "config/config.hpp"
#include "diagnose/exchange.hpp"
#include "diagnose/signature/signing.hpp"
#include "proxy/clients/trust.hpp"
#include "proxy/log/blind_tunnels.hpp"
#include "proxy/log/diagnosis_log.hpp"
#include "proxy/net/examiner.hpp"
#include "proxy/remembered.hpp"

#include <atomic>
#include <span>
#include <string>
#include <string_view>

namespace cosdiag {

/// Used by all threads at once.
class Watch final : public net::Examiner {
public:
    /// What it works with. The references must outlive it.
    struct Parts {
        const config::Config& config;
        std::span<const Identity> identities;
        log::DiagnosisLog& log;
        log::BlindTunnels& tunnels;
        Remembered& remembered;
        clients::TrustFiles trust; ///< named to clients that do not trust our authority
    };

    explicit Watch(Parts parts);

    bool is_cos_host(std::string_view host) const noexcept override;
    std::string examine(const net::Refused& refused) noexcept override;
    bool wants_body(const http::RequestHead& request, std::string_view target) const noexcept override;
    bool allowed(const net::Allowed& allowed) noexcept override;
    void told(const net::Allowed& allowed, std::string_view body, bool complete) noexcept override;
    void blind_tunnel(std::string_view host, std::string_view user_agent) noexcept override;
    void handshake_failed(const net::FailedHandshake& failed) noexcept override;
    void handshake_done(std::string_view host, const net::Address& client) noexcept override;

private:
    std::string diagnose_and_log(const net::Refused& refused);
    Diagnosis diagnose_within_budget(Exchange& exchange, std::string_view key_id);
    std::string next_id() noexcept;
    void note_clock(const net::Allowed& allowed, Passage& passage) noexcept;
    void note_clock(
        std::span<const Field> request_fields, const http::ResponseHead& response, const Passage& passage
    );
    void note_change(const net::Allowed& allowed, DocumentKind kind) noexcept;
    void keep(std::string_view host, DocumentKind kind, std::string_view text) noexcept;

    const config::Config& x_config_;
    std::span<const Identity> x_identities_;
    log::DiagnosisLog& x_log_;
    log::BlindTunnels& x_tunnels_;
    Remembered& x_remembered_;
    clients::TrustFiles x_trust_;
    std::atomic<std::uint64_t> x_id_;
    std::atomic<std::uint64_t> x_failures_{0};
};

} // namespace cosdiag

// SPDX-License-Identifier: Apache-2.0
#include "proxy/healthcheck_command.hpp"

#include "config/address.hpp"
#include "proxy/admin_client.hpp"
#include "proxy/log/notices.hpp"

#include <ostream>

namespace cosdiag {

namespace {

constexpr std::chrono::seconds patience(2);
constexpr unsigned ok = 200;
constexpr unsigned unavailable = 503;

/// Why it is not ready, without an end mark; empty when it is.
std::string reason_of(const config::Address& address)
{
    AdminClient client(address, AdminClient::Clock::now() + patience);
    try {
        const AdminHead head = client.ask({.target = "/readyz", .last_event_id = {}, .authorization = {}});
        const std::string body = client.read_rest();
        if (head.status == ok && body == "ready\n")
            return {};
        if (head.status == unavailable && body == "draining\n")
            return "the program at " + client.address() + " is ending";
        if (head.status == unavailable && body == "starting\n")
            return "the program at " + client.address() + " is starting";
        return "what answers at " + client.address() + " is not cosdiag's admin listener (status " +
               std::to_string(head.status) + ")";
    } catch (const AdminError& error) {
        if (error.kind != AdminError::Kind::refused)
            return error.what();
        return std::string(error.what()) + ". Serve with --admin " + config::to_string(address) +
               ", or name another address with healthcheck --admin";
    }
}

} // namespace

int healthcheck_command(const cli::Healthcheck& asked, std::ostream& err)
{
    const std::string reason = reason_of(asked.admin);
    if (reason.empty())
        return cli::good;
    err << "cosdiag: not ready: " << log::harmless(reason) << ".\n";
    return cli::failed;
}

} // namespace cosdiag

// SPDX-License-Identifier: Apache-2.0
#include "proxy/env_command.hpp"

#include "proxy/clients/environment.hpp"
#include "proxy/cos_domains.hpp"
#include "proxy/dialable.hpp"
#include "proxy/log/notices.hpp"
#include "proxy/tls/authority_store.hpp"
#include "proxy/trust_files.hpp"

#include <algorithm>
#include <ostream>

namespace cosdiag {

namespace {

void complain(std::ostream& err, const std::string& what)
{
    if (!what.empty())
        err << "cosdiag: " << log::harmless(what) << ".\n";
}

/// Where it is reached; no value, and a complaint, if that is not known.
std::optional<config::Address> address_of(const cli::Env& asked, std::ostream& err)
{
    if (asked.at)
        return asked.at;
    const auto& listeners = asked.config.listeners;
    const auto forward = std::find_if(listeners.begin(), listeners.end(), [](const config::Listener& each) {
        return each.mode == config::ListenerMode::forward;
    });
    if (forward == listeners.end()) {
        complain(
            err,
            "these settings have no forward listener, which alone is reached by variables. Add one, or name "
            "the address in --at HOST:PORT"
        );
        return std::nullopt;
    }
    if (forward->address.port == 0) {
        complain(
            err,
            "the port of the listener is chosen when it starts. Take the one that its first line says, in "
            "--at HOST:PORT"
        );
        return std::nullopt;
    }
    return forward->address;
}

std::optional<tls::Authority> authority_of(const cli::Env& asked, tls::Time now, std::ostream& err)
{
    std::optional<tls::Authority> authority;
    if (!asked.config.data_dir.empty())
        authority = tls::load(asked.config.data_dir, now);
    if (!authority)
        complain(
            err,
            "no CA was made, so HTTPS to COS passes through unseen. Make one with cosdiag ca init, and send "
            "cosdiag SIGHUP"
        );
    return authority;
}

/// What the user's variables named goes into the files first, so that the variables may name these.
clients::ClientEnvironment with_trust(
    const clients::Proxy& proxy,
    const std::string& data_dir,
    const tls::Authority& authority,
    const config::Environment& users,
    std::ostream& err
)
{
    const UsersRoots roots =
        read_users_roots(clients::client_environment(proxy, trust_files_in(data_dir), users, ""));
    for (const std::string& complaint : roots.complaints)
        complain(err, complaint);
    const LastingTrust lasting = refresh_trust_files(data_dir, authority, roots);
    complain(err, lasting.missing);
    return clients::client_environment(proxy, lasting.files, users, "");
}

} // namespace

int env_command(
    const cli::Env& asked,
    const config::Environment& users,
    tls::Time now,
    std::ostream& out,
    std::ostream& err
)
{
    const std::optional<config::Address> address = address_of(asked, err);
    if (!address)
        return cli::failed;
    const clients::Proxy proxy{"http://" + dialable(*address), cos_domains(asked.config)};
    const std::optional<tls::Authority> authority = authority_of(asked, now, err);
    const clients::ClientEnvironment environment =
        authority ? with_trust(proxy, asked.config.data_dir, *authority, users, err)
                  : clients::client_environment(proxy, std::nullopt, users, "");
    const auto shell = clients::shell_named(asked.shell).value_or(clients::Shell::sh);
    out << clients::shell_lines(environment.variables, shell);
    return cli::good;
}

} // namespace cosdiag

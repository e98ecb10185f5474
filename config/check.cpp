// SPDX-License-Identifier: Apache-2.0
#include "config/check.hpp"

#include "config/address.hpp"
#include "config/parent.hpp"
#include "config/parent_url.hpp"

#include <set>
#include <string>

namespace cosdiag::config {

namespace {

std::string listener_path(std::size_t index)
{
    return "listeners[" + std::to_string(index) + "].address";
}

bool is_any(const Address& address)
{
    return address.host == "0.0.0.0" || address.host == "::";
}

bool same_family(const Address& left, const Address& right)
{
    return (left.host.find(':') == std::string::npos) == (right.host.find(':') == std::string::npos);
}

/// Whether the second of two listeners would find its address taken by the first.
bool collide(const Address& left, const Address& right)
{
    if (left.port == 0 || left.port != right.port)
        return false;
    return left.host == right.host || (same_family(left, right) && (is_any(left) || is_any(right)));
}

std::string_view name_of(ListenerMode mode)
{
    return mode == ListenerMode::forward   ? "forward"
           : mode == ListenerMode::reverse ? "reverse"
                                           : "transparent";
}

Complaint exposed(const Listener& listener)
{
    const auto what = to_string(listener.address) + " can be reached from other machines, and nothing says ";
    if (listener.mode == ListenerMode::forward) {
        return {
            what + "who may use it",
            "Either name the addresses that may, with --allow-client CIDR or access.clients, "
            "or ask for a name and password, with access.users."};
    }
    return {
        what + "which of them may use it",
        "Name the addresses that may, with --allow-client CIDR or access.clients. access.users is not "
        "enough: on a " +
            std::string(name_of(listener.mode)) +
            " listener clients do not know of a proxy, and cannot be asked for a name and password."};
}

/// An open proxy is found and abused within hours, so serving other machines takes a word about which, or
/// whom.
void check_exposure(const Config& config, Faults& faults)
{
    if (!config.access.clients.empty())
        return;
    for (std::size_t i = 0; i < config.listeners.size(); ++i) {
        const auto& listener = config.listeners[i];
        const bool asks = listener.mode == ListenerMode::forward && !config.access.users.empty();
        if (!asks && !is_loopback(listener.address))
            faults.push_back({listener_path(i), {}, exposed(listener)});
    }
}

/// A client that speaks to a forward proxy speaks HTTP to it, and a redirected one expects its origin's
/// protocol.
void check_listener_tls(const Config& config, Faults& faults)
{
    for (std::size_t i = 0; i < config.listeners.size(); ++i) {
        const auto& listener = config.listeners[i];
        if (!listener.tls || listener.mode == ListenerMode::reverse)
            continue;
        faults.push_back(
            {"listeners[" + std::to_string(i) + "].tls",
             {},
             {"is on for a " + std::string(name_of(listener.mode)) + " listener, where it means nothing",
              listener.mode == ListenerMode::forward
                  ? "Leave it out, or give the listener mode: reverse; a forward listener reads HTTPS inside "
                    "CONNECT."
                  : "Leave it out, or give the listener mode: reverse; a transparent listener sees by itself "
                    "whether a client speaks TLS."}}
        );
    }
}

void check_listeners(const Config& config, Faults& faults)
{
    const auto& listeners = config.listeners;
    if (listeners.empty()) {
        faults.push_back(
            {"listeners", {}, {"is empty, so nobody could connect", "Give one address, or leave it out."}}
        );
    }
    for (std::size_t i = 0; i < listeners.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            if (!collide(listeners[j].address, listeners[i].address))
                continue;
            faults.push_back(
                {listener_path(i),
                 {},
                 {to_string(listeners[i].address) + " is taken by " + to_string(listeners[j].address) +
                      " above it",
                  "Leave one of them out."}}
            );
            break;
        }
    }
}

void check_admin(const Config& config, Faults& faults)
{
    if (!config.admin.address)
        return;
    for (const Listener& each : config.listeners) {
        if (collide(each.address, *config.admin.address))
            faults.push_back(
                {"admin.address",
                 {},
                 {to_string(*config.admin.address) + " is where clients are served (" +
                      to_string(each.address) + ")",
                  "Give it a port of its own."}}
            );
    }
}

void check_upstream_hosts(const Config& config, Faults& faults)
{
    std::set<std::string_view> hosts;
    for (std::size_t i = 0; i < config.upstream.hosts.size(); ++i) {
        const auto& [host, ca] = config.upstream.hosts[i];
        const auto path = "upstream.hosts[" + std::to_string(i) + "]";
        if (!hosts.insert(host).second) {
            faults.push_back(
                {path + ".host",
                 {},
                 {quoted(host) + " is there already", "Keep one; its PEM file may hold several roots."}}
            );
        }
        if (ca.empty())
            faults.push_back({path + ".ca", {}, {"is empty", "Name a PEM file, or leave the host out."}});
    }
}

void check_parent(const Config& config, Faults& faults)
{
    if (!config.parent.url || !is_listener(*config.parent.url, config.listeners))
        return;
    faults.push_back(
        {"parent.url",
         {},
         {to_string(*config.parent.url) + " is this proxy itself, and requests would go round in it",
          "Name another proxy, or none."}}
    );
}

void check_users(const std::vector<User>& users, const std::string& path, Faults& faults)
{
    std::set<std::string_view> names;
    for (std::size_t i = 0; i < users.size(); ++i) {
        const auto& name = users[i].name;
        if (names.insert(name).second)
            continue;
        faults.push_back(
            {path + "[" + std::to_string(i) + "].name",
             {},
             {quoted(name) + " is there already", "Keep one of them."}}
        );
    }
}

void check_identities(const Config& config, Faults& faults)
{
    std::set<std::string_view> ids;
    for (std::size_t i = 0; i < config.identities.size(); ++i) {
        const auto& identity = config.identities[i];
        const auto path = "identities[" + std::to_string(i) + "]";
        if (!ids.insert(identity.secret_id).second)
            faults.push_back({path + ".secret_id", {}, {"is there already", "Keep one of them."}});
        if (identity.secret_key_env.empty() == identity.secret_key_file.empty()) {
            faults.push_back(
                {path,
                 {},
                 {identity.secret_key_env.empty() ? "does not say where its SecretKey is"
                                                  : "has two places for its SecretKey",
                  "Give either secret_key_env, the name of a variable, or secret_key_file."}}
            );
        }
    }
}

void check_limits(const Config& config, Faults& faults)
{
    if (config.limits.decoded_body < config.limits.held_body) {
        faults.push_back(
            {"limits.decoded_body",
             {},
             {"is less than limits.held_body, so a plain body would not fit", "Make it at least as large."}}
        );
    }
    if (config.timeouts.connect_next > config.timeouts.connect) {
        faults.push_back(
            {"timeouts.connect_next",
             {},
             {"is longer than timeouts.connect, so a second address would never be tried",
              "Make it shorter."}}
        );
    }
}

} // namespace

Faults check(const Config& config)
{
    Faults faults;
    check_listeners(config, faults);
    check_listener_tls(config, faults);
    check_exposure(config, faults);
    check_upstream_hosts(config, faults);
    check_parent(config, faults);
    check_users(config.access.users, "access.users", faults);
    check_users(config.admin.users, "admin.users", faults);
    check_admin(config, faults);
    check_identities(config, faults);
    check_limits(config, faults);
    return faults;
}

} // namespace cosdiag::config

// SPDX-License-Identifier: Apache-2.0
#include "config/check.hpp"

#include "config/address.hpp"

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

/// An open proxy is found and abused within hours, so serving other machines takes a word about which, or
/// whom.
void check_exposure(const Config& config, Faults& faults)
{
    if (!config.access.clients.empty() || !config.access.users.empty())
        return;
    for (std::size_t i = 0; i < config.listeners.size(); ++i) {
        const auto& address = config.listeners[i].address;
        if (is_loopback(address))
            continue;
        faults.push_back(
            {listener_path(i),
             {},
             {to_string(address) + " can be reached from other machines, and nothing says who may use it",
              "Either name the addresses that may, with --allow-client CIDR or access.clients, "
              "or ask for a name and password, with access.users."}}
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

void check_users(const Config& config, Faults& faults)
{
    std::set<std::string_view> names;
    for (std::size_t i = 0; i < config.access.users.size(); ++i) {
        const auto& name = config.access.users[i].name;
        if (names.insert(name).second)
            continue;
        faults.push_back(
            {"access.users[" + std::to_string(i) + "].name",
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
    check_exposure(config, faults);
    check_users(config, faults);
    check_identities(config, faults);
    check_limits(config, faults);
    return faults;
}

} // namespace cosdiag::config

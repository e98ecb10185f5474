// SPDX-License-Identifier: Apache-2.0
// The sections about who comes in and where connections go.
#include "config/address.hpp"
#include "config/loader.hpp"
#include "config/no_proxy.hpp"
#include "config/parent_url.hpp"
#include "config/value.hpp"

#include <utility>

namespace cosdiag::config {

void Loader::read_listener(const Place& place)
{
    auto& listener = config_.listeners.emplace_back();
    if (place.node.IsScalar()) {
        reader_.fault(place, {"holds a single value", "Write - address: " + place.node.Scalar()});
        return;
    }
    const auto met = reader_.section(
        place,
        {
            {"address", reader_.value<Address>(listener.address, parse_address)},
            {"mode", reader_.value<ListenerMode>(listener.mode, parse_listener_mode)},
            {"tls", reader_.value<bool>(listener.tls, parse_switch)},
        }
    );
    need(place, met, "address", "Write one such as 127.0.0.1:8403.");
}

Read Loader::upstream()
{
    return [this](const Place& place) {
        auto& upstream = config_.upstream;
        reader_.section(
            place,
            {
                {"connect_to", reader_.values<ConnectTo>(upstream.connect_to, parse_connect_to)},
                {"ca", reader_.value<std::string>(upstream.ca, parse_path)},
                {"tls", reader_.value<UpstreamTls>(upstream.tls, parse_upstream_tls)},
                {"hosts", sections(upstream.hosts, &Loader::read_upstream_host)},
            }
        );
    };
}

void Loader::read_upstream_host(const Place& place)
{
    auto& host = config_.upstream.hosts.emplace_back();
    const auto met = reader_.section(
        place,
        {
            {"host", reader_.value<std::string>(host.host, parse_host_pattern)},
            {"ca", reader_.value<std::string>(host.ca, parse_path)},
        }
    );
    need(place, met, "host", "Write one such as files.example.com or *.example.com.");
    need(place, met, "ca", "Name the PEM file to trust for it beside the system's store.");
}

Read Loader::parent()
{
    return [this](const Place& place) {
        auto& parent = config_.parent;
        Parent chosen;
        reader_.section(
            place,
            {
                {"url", reader_.value<Parent>(chosen, parse_parent)},
                {"no_proxy", reader_.values<std::string>(parent.no_proxy, parse_no_proxy)},
            }
        );
        parent.url = std::move(chosen.url);
        parent.none = chosen.none;
    };
}

Read Loader::access()
{
    return [this](const Place& place) {
        auto& access = config_.access;
        reader_.section(
            place,
            {
                {"clients", reader_.values<Cidr>(access.clients, parse_cidr)},
                {"destinations", reader_.values<Cidr>(access.destinations, parse_cidr)},
                {"users", sections(access.users, &Loader::read_access_user)},
                {"connect_ports", reader_.values<std::uint16_t>(access.connect_ports, parse_port)},
            }
        );
    };
}

void Loader::read_access_user(const Place& place)
{
    read_user(config_.access.users, place);
}

Read Loader::admin()
{
    return [this](const Place& place) {
        auto& admin = config_.admin;
        reader_.section(
            place,
            {
                {"address", reader_.value<std::optional<Address>>(admin.address, parse_admin_address)},
                {"users", sections(admin.users, &Loader::read_admin_user)},
            }
        );
    };
}

void Loader::read_admin_user(const Place& place)
{
    read_user(config_.admin.users, place);
}

} // namespace cosdiag::config

// SPDX-License-Identifier: Apache-2.0
#include "proxy/net/access.hpp"

#include "proxy/http/field.hpp"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>

namespace cosdiag::net {

namespace {

/// An IPv4 address in IPv6 clothes counts as what it is.
Address plain(const Address& address) noexcept
{
    if (address.is_v6() && address.to_v6().is_v4_mapped())
        return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, address.to_v6());
    return address;
}

bool in_v4(const Address& address, std::uint32_t network, unsigned bits) noexcept
{
    return address.is_v4() && (address.to_v4().to_uint() >> (32 - bits)) == (network >> (32 - bits));
}

/// Instance metadata services, which hand out credentials to whoever asks: Tencent Cloud's and the common
/// ones.
bool is_metadata(const Address& address)
{
    if (address.is_v4()) {
        const auto number = address.to_v4().to_uint();
        return number == 0xa9fea9fe || number == 0xa9fe0017; // 169.254.169.254, 169.254.0.23
    }
    return address.to_v6() == boost::asio::ip::make_address_v6("fd00:ec2::254");
}

/// Under these names clouds keep theirs.
bool is_metadata_name(std::string_view host)
{
    if (host.ends_with('.'))
        host.remove_suffix(1);
    return http::equals(host, "metadata.tencentyun.com") || http::equals(host, "metadata.google.internal");
}

/// An address in any of the ways in which a name look-up takes one: 127.1 and 0x7f000001 are 127.0.0.1.
std::optional<Address> read_address(const std::string& host)
{
    boost::system::error_code none;
    const Address address = boost::asio::ip::make_address(host, none);
    if (!none)
        return address;
    in_addr odd{};
    if (::inet_aton(host.c_str(), &odd) == 0)
        return std::nullopt;
    return boost::asio::ip::address_v4(ntohl(odd.s_addr));
}

/// This machine; connecting to the unspecified address reaches it too.
bool is_loopback(const Address& address) noexcept
{
    return address.is_loopback() || address.is_unspecified() || in_v4(address, 0, 8);
}

bool is_link_local(const Address& address) noexcept
{
    return address.is_v4() ? in_v4(address, 0xa9fe0000, 16) : address.to_v6().is_link_local();
}

std::string text_of(const Endpoint& endpoint)
{
    const std::string address = endpoint.address().to_string();
    const bool v6 = endpoint.address().is_v6();
    return (v6 ? "[" + address + "]" : address) + ":" + std::to_string(endpoint.port());
}

std::string denial(const Endpoint& to, const Destination& wanted, std::string_view rule)
{
    std::string text(wanted.host);
    text += " leads to " + text_of(to) + ", and ";
    text += rule;
    text += ". If that is meant, start with --allow-destination " + to.address().to_string() +
            " (access.destinations in the settings file)";
    return text;
}

/// Whether one of this machine's interfaces has the address.
bool is_local_address(const Address& address)
{
    ifaddrs* all = nullptr;
    if (::getifaddrs(&all) != 0)
        return false;
    bool found = false;
    for (const ifaddrs* each = all; each != nullptr && !found; each = each->ifa_next) {
        if (each->ifa_addr == nullptr)
            continue;
        if (each->ifa_addr->sa_family == AF_INET && address.is_v4()) {
            sockaddr_in socket{};
            std::memcpy(&socket, each->ifa_addr, sizeof socket);
            found = ntohl(socket.sin_addr.s_addr) == address.to_v4().to_uint();
        } else if (each->ifa_addr->sa_family == AF_INET6 && address.is_v6()) {
            sockaddr_in6 socket{};
            std::memcpy(&socket, each->ifa_addr, sizeof socket);
            found = std::memcmp(&socket.sin6_addr, address.to_v6().to_bytes().data(), 16) == 0;
        }
    }
    ::freeifaddrs(all);
    return found;
}

} // namespace

bool contains(const config::Cidr& range, const Address& given) noexcept
{
    const Address address = plain(given);
    if (range.v6 != address.is_v6())
        return false;
    unsigned char bytes[16] = {};
    if (address.is_v4())
        std::memcpy(bytes, address.to_v4().to_bytes().data(), 4);
    else
        std::memcpy(bytes, address.to_v6().to_bytes().data(), 16);
    const std::size_t whole = range.prefix_bits / 8U;
    const unsigned rest = range.prefix_bits % 8U;
    if (std::memcmp(bytes, range.bytes, whole) != 0)
        return false;
    return rest == 0 || (bytes[whole] >> (8 - rest)) == (range.bytes[whole] >> (8 - rest));
}

Access::Access(const config::Access& rules, std::vector<Endpoint> listeners, std::vector<Endpoint> others)
    : x_rules_(rules), x_own_(std::move(listeners))
{
    x_shared_ = std::any_of(x_own_.begin(), x_own_.end(), [](const Endpoint& each) {
        return !plain(each.address()).is_loopback();
    });
    x_own_.insert(x_own_.end(), others.begin(), others.end());
}

bool Access::opened(const Address& address) const noexcept
{
    return std::any_of(
        x_rules_.destinations.begin(),
        x_rules_.destinations.end(),
        [&](const config::Cidr& range) { return contains(range, address); }
    );
}

bool Access::is_own(const Endpoint& to) const
{
    return std::any_of(x_own_.begin(), x_own_.end(), [&](const Endpoint& own) {
        if (own.port() != to.port())
            return false;
        const Address here = plain(own.address());
        const Address there = plain(to.address());
        return here == there || there.is_unspecified() ||
               (here.is_unspecified() && (is_loopback(there) || is_local_address(there)));
    });
}

std::optional<Denial> Access::check(const Endpoint& to, const Destination& wanted) const
{
    const Address address = plain(to.address());
    if (is_own(to))
        return Denial{
            true,
            std::string(wanted.host) + " leads to " + text_of(to) +
                ", where this proxy itself listens: the request would go round in circles. Check connect-to "
                "rules, "
                "hosts files and the URL"};
    if (is_metadata(address))
        return Denial{
            false,
            std::string(wanted.host) + " leads to " + text_of(to) +
                ", an instance metadata service, which is never connected to because it hands out "
                "credentials"};
    if (wanted.redirected || opened(address))
        return std::nullopt;
    if (address.is_multicast())
        return Denial{false, denial(to, wanted, "multicast addresses are not connected to")};
    if (is_loopback(address))
        return Denial{false, denial(to, wanted, "addresses of this machine are not connected to")};
    if (wanted.cos) // inside Tencent Cloud these resolve to 9/8, 10/8, 100/8 and 169.254/16
        return std::nullopt;
    if (x_shared_)
        return Denial{
            false, denial(to, wanted, "a proxy that other machines can use connects to COS hosts only")};
    if (is_link_local(address))
        return Denial{false, denial(to, wanted, "link-local addresses are not connected to")};
    return std::nullopt;
}

std::optional<Denial> Access::check_named(std::string_view host, std::uint16_t port, bool cos) const
{
    if (const auto literal = read_address(std::string(host)))
        return check(Endpoint(*literal, port), {host, cos, false});
    if (is_metadata_name(host))
        return Denial{
            false,
            std::string(host) + " is an instance metadata service, which is never connected to because it "
                                "hands out credentials"};
    const bool open =
        std::any_of(x_rules_.destinations.begin(), x_rules_.destinations.end(), [](const auto& range) {
            return range.prefix_bits == 0;
        });
    if (cos || !x_shared_ || open)
        return std::nullopt;
    return Denial{
        false,
        "the parent proxy would look up " + std::string(host) +
            ", and a proxy that other machines can use asks it for COS hosts only. If others are meant, "
            "start with "
            "--allow-destination 0.0.0.0/0 (access.destinations in the settings file)"};
}

bool Access::leads_here(const Address& given) const
{
    const Address address = plain(given);
    if (opened(address))
        return false;
    return is_loopback(address) || std::any_of(x_own_.begin(), x_own_.end(), [&](const Endpoint& own) {
               const Address here = plain(own.address());
               return here == address || (here.is_unspecified() && is_local_address(address));
           });
}

bool Access::client_allowed(const Address& client) const noexcept
{
    if (x_rules_.clients.empty() || plain(client).is_loopback())
        return true;
    return std::any_of(x_rules_.clients.begin(), x_rules_.clients.end(), [&](const config::Cidr& range) {
        return contains(range, client);
    });
}

bool Access::connect_port_allowed(std::uint16_t port) const noexcept
{
    const auto& ports = x_rules_.connect_ports;
    if (!ports.empty())
        return std::find(ports.begin(), ports.end(), port) != ports.end();
    return !x_shared_ || port == 443 || port == 80;
}

} // namespace cosdiag::net

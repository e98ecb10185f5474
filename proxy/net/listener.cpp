// SPDX-License-Identifier: Apache-2.0
#include "proxy/net/listener.hpp"

#include "proxy/net/server.hpp"

#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace cosdiag::net {

namespace {

std::string text(const Endpoint& at)
{
    const std::string host = at.address().to_string();
    return (at.address().is_v6() ? "[" + host + "]" : host) + ":" + std::to_string(at.port());
}

[[noreturn]] void fail(const Endpoint& at, int error)
{
    std::string message = "cannot listen on " + text(at) + ": ";
    switch (error) {
    case EADDRINUSE:
        message += "the address is taken. Another cosdiag may be running there; stop it, or choose another "
                   "address with --listen";
        break;
    case EADDRNOTAVAIL:
        message += "this machine has no such address. Choose one of its own with --listen";
        break;
    case EACCES:
        message += "ports below 1024 are reserved. Choose another with --listen";
        break;
    default:
        message += std::generic_category().message(error);
    }
    throw ListenError(message);
}

void set(int descriptor, int level, int option, int value)
{
    ::setsockopt(descriptor, level, option, &value, sizeof value);
}

int open_listening(const Endpoint& at, bool shared)
{
    const int descriptor =
        ::socket(at.data()->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
    if (descriptor < 0)
        fail(at, errno);
    set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1);
    set(descriptor, SOL_SOCKET, SO_REUSEPORT, shared ? 1 : 0);
    set(descriptor, SOL_SOCKET, SO_KEEPALIVE, 1);
    set(descriptor, IPPROTO_TCP, TCP_NODELAY, 1);
    if (at.address().is_v6())
        set(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, 1);
    if (::bind(descriptor, at.data(), static_cast<socklen_t>(at.size())) != 0 ||
        ::listen(descriptor, 4096) != 0) {
        const int error = errno;
        ::close(descriptor);
        fail(at, error);
    }
    return descriptor;
}

} // namespace

Endpoint probe(const config::Address& address)
{
    Endpoint at(asio::ip::make_address(address.host), address.port);
    const int descriptor = open_listening(at, false);
    auto size = static_cast<socklen_t>(at.capacity());
    ::getsockname(descriptor, at.data(), &size);
    at.resize(size);
    ::close(descriptor);
    return at;
}

int listen_shared(const Endpoint& address)
{
    return open_listening(address, true);
}

Endpoint original_destination(int descriptor)
{
    constexpr int original_dst = 80; // SO_ORIGINAL_DST and IP6T_SO_ORIGINAL_DST of <linux/netfilter_*>
    Endpoint here;
    auto size = static_cast<socklen_t>(here.capacity());
    if (::getsockname(descriptor, here.data(), &size) != 0)
        return {};
    here.resize(size);
    const int level = here.data()->sa_family == AF_INET6 ? IPPROTO_IPV6 : IPPROTO_IP;
    Endpoint found;
    size = static_cast<socklen_t>(found.capacity());
    if (::getsockopt(descriptor, level, original_dst, found.data(), &size) != 0)
        return here;
    found.resize(size);
    return found;
}

} // namespace cosdiag::net

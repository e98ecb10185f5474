// SPDX-License-Identifier: Apache-2.0
#include "proxy/net/listener.hpp"

#include "proxy/net/server.hpp"

#include <linux/filter.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <iterator>
#include <system_error>

namespace cosdiag::net {

namespace {

[[noreturn]] void fail(const Endpoint& at, int error)
{
    std::string message = "cannot listen on " + text_of(at) + ": ";
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

Descriptor open_listening(const Endpoint& at, bool shared)
{
    Descriptor made(::socket(at.data()->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP));
    const int descriptor = made.number();
    if (descriptor < 0)
        fail(at, errno);
    set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1);
    set(descriptor, SOL_SOCKET, SO_REUSEPORT, shared ? 1 : 0);
    set_for_clients(descriptor);
    if (at.address().is_v6())
        set(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, 1);
    if (::bind(descriptor, at.data(), static_cast<socklen_t>(at.size())) != 0 ||
        ::listen(descriptor, 4096) != 0)
        fail(at, errno);
    return made;
}

} // namespace

std::string text_of(const Endpoint& at)
{
    const std::string host = at.address().to_string();
    return (at.address().is_v6() ? "[" + host + "]" : host) + ":" + std::to_string(at.port());
}

Endpoint probe(const config::Address& address)
{
    const Endpoint at(asio::ip::make_address(address.host), address.port);
    return address_of(open_listening(at, false).number());
}

void set_for_clients(int listening)
{
    set(listening, SOL_SOCKET, SO_KEEPALIVE, 1);
    set(listening, IPPROTO_TCP, TCP_NODELAY, 1);
}

bool somebody_waits(int listening)
{
    pollfd waits{listening, POLLIN, 0};
    return ::poll(&waits, 1, 0) == 1 && (waits.revents & POLLIN) != 0;
}

Endpoint address_of(int listening)
{
    Endpoint at;
    auto size = static_cast<socklen_t>(at.capacity());
    if (::getsockname(listening, at.data(), &size) != 0)
        throw std::system_error(errno, std::generic_category(), "an inherited descriptor is no socket");
    at.resize(size);
    return at;
}

Descriptor listen_shared(const Endpoint& address)
{
    return open_listening(address, true);
}

/// A socket that is closed resets what waits to be accepted. So, first, a filter drops each SYN; what has
/// been greeted before comes through, and whoever is dropped tries again a second later, elsewhere if there
/// is another listener.
void refuse_newcomers(int listening)
{
    constexpr std::uint32_t flags_at =
        13; // of the TCP header (RFC 9293 §3.1), where the filter's view begins
    constexpr std::uint32_t syn = 0x02;
    constexpr std::uint32_t ack = 0x10;
    sock_filter program[] = {
        BPF_STMT(BPF_LD | BPF_B | BPF_ABS, flags_at),
        BPF_STMT(BPF_ALU | BPF_AND | BPF_K, syn | ack),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, syn, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, 0),
        BPF_STMT(BPF_RET | BPF_K, 0xffffffff),
    };
    const sock_fprog filter{std::size(program), program};
    ::setsockopt(listening, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter);
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

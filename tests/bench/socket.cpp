// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/socket.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <stdexcept>
#include <string>
#include <system_error>

namespace cosdiag::bench {

namespace {

void send_at_once(const Fd& socket)
{
    const int on = 1;
    if (setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0)
        fail("TCP_NODELAY");
}

const sockaddr* generic(const sockaddr_in& address)
{
    return reinterpret_cast<const sockaddr*>(&address);
}

} // namespace

void Fd::close() noexcept
{
    if (x_fd >= 0)
        ::close(std::exchange(x_fd, -1));
}

void fail(const char* what)
{
    throw std::system_error(errno, std::generic_category(), what);
}

bool would_block() noexcept
{
    return errno == EAGAIN;
}

sockaddr_in parse_address(std::string_view text)
{
    const std::invalid_argument wrong("expected an IPv4 address and a port, got '" + std::string(text) + "'");
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos)
        throw wrong;
    const std::string host(text.substr(0, colon));
    const auto digits = text.substr(colon + 1);
    std::uint16_t port = 0;
    const auto [end, ec] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    if (ec != std::errc{} || end != digits.data() + digits.size() ||
        inet_pton(AF_INET, host.c_str(), &address.sin_addr) != 1)
        throw wrong;
    return address;
}

Fd listen_on(const sockaddr_in& address)
{
    Fd socket(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    const int on = 1;
    if (!socket || setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        bind(socket.get(), generic(address), sizeof address) != 0 || listen(socket.get(), 4096) != 0)
        fail("listen");
    return socket;
}

std::uint16_t port_of(const Fd& socket)
{
    sockaddr_in address{};
    socklen_t size = sizeof address;
    if (getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0)
        fail("getsockname");
    return ntohs(address.sin_port);
}

Fd connect_to(const sockaddr_in& address)
{
    Fd socket(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!socket)
        fail("socket");
    send_at_once(socket);
    if (connect(socket.get(), generic(address), sizeof address) != 0 && errno != EINPROGRESS)
        fail("connect");
    return socket;
}

Fd accept_from(const Fd& listener)
{
    Fd socket(accept4(listener.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (socket)
        send_at_once(socket);
    else if (!would_block() && errno != ECONNABORTED)
        fail("accept");
    return socket;
}

int connect_error(const Fd& socket)
{
    int error = 0;
    socklen_t size = sizeof error;
    if (getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size) != 0)
        return errno;
    return error;
}

Poll::Poll() : x_fd(epoll_create1(EPOLL_CLOEXEC))
{
    if (!x_fd)
        fail("epoll_create1");
}

void Poll::add(const Fd& fd, std::uint32_t events, void* who)
{
    epoll_event event{.events = events, .data = {.ptr = who}};
    if (epoll_ctl(x_fd.get(), EPOLL_CTL_ADD, fd.get(), &event) != 0)
        fail("epoll_ctl add");
}

void Poll::change(const Fd& fd, std::uint32_t events, void* who)
{
    epoll_event event{.events = events, .data = {.ptr = who}};
    if (epoll_ctl(x_fd.get(), EPOLL_CTL_MOD, fd.get(), &event) != 0)
        fail("epoll_ctl mod");
}

std::span<const epoll_event> Poll::wait()
{
    const int ready = epoll_wait(x_fd.get(), x_events.data(), static_cast<int>(x_events.size()), -1);
    if (ready < 0 && errno != EINTR)
        fail("epoll_wait");
    return std::span(x_events).first(ready > 0 ? static_cast<std::size_t>(ready) : 0);
}

} // namespace cosdiag::bench

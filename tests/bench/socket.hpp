// SPDX-License-Identifier: Apache-2.0
// Non-blocking TCP over IPv4 and epoll, as thin as they come: the tools must cost less than the proxies they
// measure.
#pragma once

#include <netinet/in.h>
#include <sys/epoll.h>

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

namespace cosdiag::bench {

/// Owns one descriptor.
class Fd {
public:
    explicit Fd(int fd = -1) noexcept : x_fd(fd) {}

    Fd(Fd&& other) noexcept : x_fd(std::exchange(other.x_fd, -1)) {}

    Fd& operator=(Fd&& other) noexcept
    {
        std::swap(x_fd, other.x_fd);
        return *this;
    }

    ~Fd() { close(); }

    void close() noexcept;

    int get() const noexcept { return x_fd; }

    explicit operator bool() const noexcept { return x_fd >= 0; }

private:
    int x_fd;
};

/// Throws std::system_error made from errno.
[[noreturn]] void fail(const char* what);

/// True where errno says that the socket is not ready.
bool would_block() noexcept;

/// "127.0.0.1:8080" to an address. Throws std::invalid_argument.
sockaddr_in parse_address(std::string_view text);

/// A listening socket; port 0 lets the system choose.
Fd listen_on(const sockaddr_in& address);

std::uint16_t port_of(const Fd& socket);

/// Begins to connect; the socket becomes writable when that is done.
Fd connect_to(const sockaddr_in& address);

/// The next waiting connection, or an empty Fd.
Fd accept_from(const Fd& listener);

/// Zero once the socket is connected, the error otherwise.
int connect_error(const Fd& socket);

/// An epoll set that hands back the pointer given with each descriptor.
class Poll {
public:
    Poll();

    void add(const Fd& fd, std::uint32_t events, void* who);
    void change(const Fd& fd, std::uint32_t events, void* who);

    /// Blocks until something is ready. The view holds until the next call.
    std::span<const epoll_event> wait();

private:
    Fd x_fd;
    std::array<epoll_event, 256> x_events{};
};

} // namespace cosdiag::bench

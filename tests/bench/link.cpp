// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/link.hpp"

#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>

namespace cosdiag::bench {

void Link::secure(const TlsContext& context, const std::string& host)
{
    x_tls = std::make_unique<TlsStream>(context, x_socket, host);
    x_sent = 0;
}

bool Link::handshake()
{
    const bool done = x_tls->handshake();
    if (!done && !flush() && !would_block())
        fail("send");
    return done;
}

ssize_t Link::receive(std::span<char> buffer)
{
    return x_tls ? x_tls->decrypt(buffer) : recv(x_socket.get(), buffer.data(), buffer.size(), 0);
}

ssize_t Link::discard(std::uint64_t bytes)
{
    if (!x_tls)
        return recv(x_socket.get(), nullptr, bytes, MSG_TRUNC);
    static std::array<char, 16 * 1024> bin; // as much as a record holds
    return x_tls->decrypt(std::span(bin).first(std::min<std::uint64_t>(bytes, bin.size())));
}

ssize_t Link::send(std::string_view head, std::string_view body, bool more)
{
    if (!x_tls) {
        iovec parts[2] = {
            {const_cast<char*>(head.data()), head.size()},
            {const_cast<char*>(body.data()), body.size()},
        };
        msghdr message{};
        message.msg_iov = parts;
        message.msg_iovlen = 2;
        return sendmsg(x_socket.get(), &message, MSG_NOSIGNAL | (more ? MSG_MORE : 0));
    }
    static std::string both;
    both.assign(head).append(body);
    x_tls->encrypt(both);
    return more || flush() || would_block() ? static_cast<ssize_t>(both.size()) : -1;
}

ssize_t Link::send(const Payload& payload, std::uint64_t offset, std::uint64_t left)
{
    if (!x_tls)
        return payload.send(x_socket, offset, left);
    if (!flush())
        return -1;
    const auto plain = payload.front(left);
    x_tls->encrypt(plain);
    return flush() || would_block() ? static_cast<ssize_t>(plain.size()) : -1;
}

bool Link::flush()
{
    while (unsent() > 0) {
        const auto left = std::string_view(x_tls->outgoing()).substr(x_sent);
        const ssize_t count = ::send(x_socket.get(), left.data(), left.size(), MSG_NOSIGNAL);
        if (count < 0)
            return false;
        x_sent += static_cast<std::size_t>(count);
    }
    if (x_tls)
        x_tls->outgoing().clear();
    x_sent = 0;
    return true;
}

void Link::close()
{
    if (x_tls) {
        x_tls->end();
        flush();
    }
    x_tls.reset();
    x_socket.close();
}

} // namespace cosdiag::bench

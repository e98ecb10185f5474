// SPDX-License-Identifier: Apache-2.0
#include "proxy/net/tcp_stream.hpp"

#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace cosdiag::net {

namespace {

/// Readiness is remembered between calls: a read that came back short has emptied the socket, and asking
/// again before the kernel says so would only cost a call that ends in EAGAIN. Unless the peer has ended, or
/// the connection has broken: of that no second event comes, so then reading goes on until it is met.
class TcpStream final : public Stream, public Reactor::Watched {
public:
    /// Takes the descriptor over once it has been registered.
    TcpStream(Reactor& reactor, int descriptor, bool readable, bool writable)
        : x_reactor_(reactor), x_descriptor_(descriptor), x_readable_(readable), x_writable_(writable)
    {
        reactor.add(descriptor, *this);
    }

    TcpStream(const TcpStream&) = delete;
    TcpStream& operator=(const TcpStream&) = delete;

    ~TcpStream() override { close(); }

    IoResult read(std::span<char> into) override
    {
        if (!x_readable_)
            return {};
        const ssize_t got = ::recv(x_descriptor_, into.data(), into.size(), MSG_DONTWAIT);
        if (got > 0)
            x_readable_ = static_cast<std::size_t>(got) == into.size() || x_ending_;
        return reading(got);
    }

    bool may_read() const noexcept override { return x_readable_; }

    IoResult write(std::span<const iovec> from) override
    {
        if (!x_writable_)
            return {};
        constexpr int flags = MSG_DONTWAIT | MSG_NOSIGNAL;
        if (from.size() == 1) // spares the kernel a look at a message's parts
            return writing(::send(x_descriptor_, from[0].iov_base, from[0].iov_len, flags));
        msghdr message{};
        message.msg_iov =
            const_cast<iovec*>(from.data()); // sendmsg does not write there; its type is older than const
        message.msg_iovlen = from.size();
        return writing(::sendmsg(x_descriptor_, &message, flags));
    }

    IoResult peek() override
    {
        char byte = 0;
        return reading(::recv(x_descriptor_, &byte, 1, MSG_PEEK | MSG_DONTWAIT));
    }

    bool can_splice() const noexcept override { return true; }

    IoResult splice_to(Pipe& pipe, std::size_t most) override
    {
        if (!x_readable_)
            return {};
        const IoResult result = reading(::splice(
            x_descriptor_, nullptr, pipe.write_end(), nullptr, most, SPLICE_F_MOVE | SPLICE_F_NONBLOCK
        ));
        pipe.held += result.bytes;
        return result;
    }

    IoResult splice_from(Pipe& pipe) override
    {
        if (!x_writable_)
            return {};
        const IoResult result = writing(::splice(
            pipe.read_end(), nullptr, x_descriptor_, nullptr, pipe.held, SPLICE_F_MOVE | SPLICE_F_NONBLOCK
        ));
        pipe.held -= result.bytes;
        return result;
    }

    void want_read() override
    {
        x_wants_read_ = true;
        if (x_readable_)
            x_reactor_.soon(*this, 0);
    }

    void want_write() override
    {
        x_wants_write_ = true;
        if (x_writable_)
            x_reactor_.soon(*this, 0);
    }

    void poke() override
    {
        x_poked_ = true;
        x_reactor_.soon(*this, 0);
    }

    void end_write() override { ::shutdown(x_descriptor_, SHUT_WR); }

    void abort() override
    {
        const linger now{1, 0};
        ::setsockopt(x_descriptor_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        close();
    }

    IoResult connected() override
    {
        if (!x_writable_)
            return {};
        int error = 0;
        socklen_t size = sizeof error;
        if (::getsockopt(x_descriptor_, SOL_SOCKET, SO_ERROR, &error, &size) != 0)
            error = errno;
        return {error == 0 ? Io::moved : Io::failed, 0, error};
    }

    void close_and_free() override
    {
        watch(nullptr);
        close();
        x_reactor_.bury(std::unique_ptr<Watched>(this));
    }

private:
    void on_events(std::uint32_t events) override
    {
        if (x_descriptor_ < 0) // closed since
            return;
        x_ending_ = x_ending_ || (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
        x_readable_ = x_readable_ || (events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
        x_writable_ = x_writable_ || (events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) != 0;
        const bool wanted = (x_readable_ && x_wants_read_) || (x_writable_ && x_wants_write_) ||
                            std::exchange(x_poked_, false);
        x_wants_read_ = x_wants_read_ && !x_readable_;
        x_wants_write_ = x_wants_write_ && !x_writable_;
        if (wanted)
            notify();
    }

    void close()
    {
        if (x_descriptor_ >= 0)
            ::close(std::exchange(x_descriptor_, -1));
    }

    IoResult reading(ssize_t got)
    {
        if (got > 0)
            return {Io::moved, static_cast<std::size_t>(got), 0};
        if (got == 0)
            return {Io::ended, 0, 0};
        if (errno == EAGAIN || errno == EINTR) {
            x_readable_ = false;
            return {};
        }
        return {Io::failed, 0, errno};
    }

    IoResult writing(ssize_t put)
    {
        if (put >= 0)
            return {Io::moved, static_cast<std::size_t>(put), 0};
        if (errno == EAGAIN || errno == EINTR) {
            x_writable_ = false;
            return {};
        }
        return {Io::failed, 0, errno};
    }

    Reactor& x_reactor_;
    int x_descriptor_;
    bool x_readable_;
    bool x_writable_;
    bool x_ending_ = false;
    bool x_wants_read_ = false;
    bool x_wants_write_ = false;
    bool x_poked_ = false;
};

StreamPtr make(Reactor& reactor, int descriptor, bool readable, bool writable)
{
    try {
        return StreamPtr(new TcpStream(reactor, descriptor, readable, writable));
    } catch (...) {
        ::close(descriptor);
        throw;
    }
}

} // namespace

StreamPtr adopt_tcp(Reactor& reactor, int descriptor, bool readable)
{
    return make(reactor, descriptor, readable, true);
}

StreamPtr
begin_connect(Reactor& reactor, const asio::ip::tcp::endpoint& to, int& error, asio::ip::tcp::endpoint* from)
{
    const int descriptor =
        ::socket(to.data()->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
    if (descriptor < 0) {
        error = errno;
        return nullptr;
    }
    const int on = 1;
    ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const bool at_once = ::connect(descriptor, to.data(), static_cast<socklen_t>(to.size())) == 0;
    if (!at_once && errno != EINPROGRESS) {
        error = errno;
        ::close(descriptor);
        return nullptr;
    }
    if (from != nullptr) {
        auto size = static_cast<socklen_t>(from->capacity());
        if (::getsockname(descriptor, from->data(), &size) == 0)
            from->resize(size);
    }
    try {
        return make(reactor, descriptor, false, at_once);
    } catch (const std::system_error& failure) {
        error = failure.code().value();
        return nullptr;
    }
}

} // namespace cosdiag::net

// SPDX-License-Identifier: Apache-2.0
#include "proxy/net/tcp_stream.hpp"

#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace cosdiag::net {

namespace {

/// Readiness is remembered between calls: a read that came back short has emptied the socket, and asking
/// again before the kernel says so would only cost a call that ends in EAGAIN.
class TcpStream final : public Stream {
public:
    TcpStream(asio::io_context& context, int descriptor, bool v6, bool readable)
        : x_socket_(context), x_readable_(readable)
    {
        x_socket_.assign(v6 ? asio::ip::tcp::v6() : asio::ip::tcp::v4(), descriptor);
    }

    IoResult read(std::span<char> into) override
    {
        if (!x_readable_)
            return {};
        const ssize_t got = ::recv(descriptor(), into.data(), into.size(), MSG_DONTWAIT);
        if (got > 0)
            x_readable_ = static_cast<std::size_t>(got) == into.size();
        return reading(got);
    }

    bool may_read() const noexcept override { return x_readable_; }

    IoResult write(std::span<const iovec> from) override
    {
        if (!x_writable_)
            return {};
        msghdr message{};
        message.msg_iov =
            const_cast<iovec*>(from.data()); // sendmsg does not write there; its type is older than const
        message.msg_iovlen = from.size();
        return writing(::sendmsg(descriptor(), &message, MSG_DONTWAIT | MSG_NOSIGNAL));
    }

    IoResult peek() override
    {
        char byte = 0;
        return reading(::recv(descriptor(), &byte, 1, MSG_PEEK | MSG_DONTWAIT));
    }

    bool can_splice() const noexcept override { return true; }

    IoResult splice_to(Pipe& pipe, std::size_t most) override
    {
        if (!x_readable_)
            return {};
        const IoResult result = reading(::splice(
            descriptor(), nullptr, pipe.write_end(), nullptr, most, SPLICE_F_MOVE | SPLICE_F_NONBLOCK
        ));
        pipe.held += result.bytes;
        return result;
    }

    IoResult splice_from(Pipe& pipe) override
    {
        if (!x_writable_)
            return {};
        const IoResult result = writing(::splice(
            pipe.read_end(), nullptr, descriptor(), nullptr, pipe.held, SPLICE_F_MOVE | SPLICE_F_NONBLOCK
        ));
        pipe.held -= result.bytes;
        return result;
    }

    void want_read() override
    {
        if (!std::exchange(x_read_armed_, true))
            x_socket_.async_wait(TcpSocket::wait_read, Ready{this, false});
    }

    void want_write() override
    {
        if (!std::exchange(x_write_armed_, true))
            x_socket_.async_wait(TcpSocket::wait_write, Ready{this, true});
    }

    void end_write() override { ::shutdown(descriptor(), SHUT_WR); }

    void abort() override
    {
        const linger now{1, 0};
        ::setsockopt(descriptor(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
        close();
    }

    IoResult connected() override
    {
        if (x_write_armed_)
            return {};
        int error = 0;
        socklen_t size = sizeof error;
        if (::getsockopt(descriptor(), SOL_SOCKET, SO_ERROR, &error, &size) != 0)
            error = errno;
        return {error == 0 ? Io::moved : Io::failed, 0, error};
    }

    void close_and_free() override
    {
        watch(nullptr);
        close();
        x_orphan_ = true;
        if (!x_read_armed_ && !x_write_armed_)
            delete this;
    }

private:
    struct Ready {
        TcpStream* stream;
        bool write;

        void operator()(const boost::system::error_code&) const { stream->on_wait(write); }
    };

    int descriptor() { return x_socket_.native_handle(); }

    void close()
    {
        boost::system::error_code ignored;
        x_socket_.close(ignored);
    }

    void on_wait(bool write)
    {
        (write ? x_write_armed_ : x_read_armed_) = false;
        (write ? x_writable_ : x_readable_) = true;
        if (!x_orphan_)
            notify();
        else if (!x_read_armed_ && !x_write_armed_)
            delete this;
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

    TcpSocket x_socket_;
    bool x_readable_;
    bool x_writable_ = true;
    bool x_read_armed_ = false;
    bool x_write_armed_ = false;
    bool x_orphan_ = false;
};

} // namespace

StreamPtr adopt_tcp(asio::io_context& context, int descriptor, bool v6, bool readable)
{
    try {
        return StreamPtr(new TcpStream(context, descriptor, v6, readable));
    } catch (...) {
        ::close(descriptor);
        throw;
    }
}

StreamPtr begin_connect(asio::io_context& context, const asio::ip::tcp::endpoint& to, int& error)
{
    const int descriptor =
        ::socket(to.data()->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
    if (descriptor < 0) {
        error = errno;
        return nullptr;
    }
    const int on = 1;
    ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::connect(descriptor, to.data(), static_cast<socklen_t>(to.size())) != 0 && errno != EINPROGRESS) {
        error = errno;
        ::close(descriptor);
        return nullptr;
    }
    return adopt_tcp(context, descriptor, to.address().is_v6(), false);
}

} // namespace cosdiag::net

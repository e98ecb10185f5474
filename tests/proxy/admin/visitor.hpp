// SPDX-License-Identifier: Apache-2.0
// The admin listener on a real socket, and visitors that say what they like.
#pragma once

#include "proxy/admin/server.hpp"
#include "tests/proxy/admin/support.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <sys/socket.h>

#include <cerrno>
#include <optional>
#include <string>
#include <string_view>

namespace cosdiag::test {

namespace asio = boost::asio;

/// A listener on a port of the system's choice, and the program that it tells about.
struct Listening {
    Listening() { program.now.ready = true; }

    static config::Admin settings()
    {
        config::Admin admin;
        admin.address = config::Address{"127.0.0.1", 0};
        return admin;
    }

    Program program;
    std::optional<admin::Server> server{
        std::in_place,
        settings(),
        admin::Server::Parts{program, program.journal, program.meters, program.tallies}};
};

/// A visitor's end. Waits for 20 s at most.
class Visitor {
public:
    explicit Visitor(const Listening& listening) : x_socket_(x_io_)
    {
        x_socket_.connect(listening.server->address());
        const timeval most{20, 0};
        ::setsockopt(x_socket_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &most, sizeof most);
    }

    Visitor& say(std::string_view text)
    {
        boost::system::error_code gone;
        asio::write(x_socket_, asio::buffer(text.data(), text.size()), gone);
        return *this;
    }

    /// As much of it as the system takes at once.
    void say_some(std::string_view text)
    {
        static_cast<void>(
            ::send(x_socket_.native_handle(), text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL)
        );
    }

    void half_close() { x_socket_.shutdown(asio::ip::tcp::socket::shutdown_send); }

    /// What has come once that text is in it.
    const std::string& heard(std::string_view text)
    {
        while (x_heard_.find(text) == std::string::npos && more())
            ;
        return x_heard_;
    }

    /// All that comes until the other end closes.
    const std::string& all()
    {
        while (more())
            ;
        return x_heard_;
    }

    bool was_reset() const { return x_error_ == asio::error::connection_reset; }

    bool waited_in_vain() const { return x_error_ == asio::error::would_block; }

private:
    bool more()
    {
        char some[65536];
        const ssize_t got = ::recv(x_socket_.native_handle(), some, sizeof some, 0);
        if (got > 0)
            x_heard_.append(some, static_cast<std::size_t>(got));
        else if (got < 0)
            x_error_.assign(errno, boost::system::system_category());
        return got > 0;
    }

    asio::io_context x_io_;
    asio::ip::tcp::socket x_socket_;
    boost::system::error_code x_error_;
    std::string x_heard_;
};

inline std::string
request(std::string_view target, std::string_view more = "", std::string_view method = "GET")
{
    return join(method, " ", target, " HTTP/1.1\r\nHost: localhost\r\n", more, "\r\n");
}

inline constexpr std::string_view stream_wanted = "Accept: text/event-stream\r\n";

/// One request on a connection of its own, whole to its end.
inline std::string ask(const Listening& listening, std::string_view text)
{
    Visitor visitor(listening);
    visitor.say(text);
    visitor.half_close();
    return visitor.all();
}

inline bool is_answered(const Listening& listening)
{
    return ask(listening, request("/livez")).ends_with("\r\n\r\nok\n");
}

inline std::string_view body_of(std::string_view answer)
{
    const std::size_t end = answer.find("\r\n\r\n");
    REQUIRE(end != std::string_view::npos);
    return answer.substr(end + 4);
}

inline bool has(std::string_view text, std::string_view part)
{
    return text.find(part) != std::string_view::npos;
}

} // namespace cosdiag::test

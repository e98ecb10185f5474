// SPDX-License-Identifier: Apache-2.0
#include "proxy/healthcheck_command.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <optional>
#include <sstream>
#include <stdexcept>
#include <thread>

using namespace cosdiag;

namespace {

/// Listens on a port of the system's choice, and says this to the first who connects.
class Answering {
public:
    explicit Answering(std::optional<std::string> answer)
    {
        sockaddr_in any{};
        any.sin_family = AF_INET;
        any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof any;
        auto* const name = reinterpret_cast<sockaddr*>(&any);
        if (::bind(x_listener_, name, size) != 0 || ::listen(x_listener_, 1) != 0 ||
            ::getsockname(x_listener_, name, &size) != 0)
            throw std::runtime_error("no port to listen on");
        port = ntohs(any.sin_port);
        if (answer)
            x_thread_ = std::thread([this, text = *answer] { say(text); });
    }

    ~Answering()
    {
        if (x_thread_.joinable())
            x_thread_.join();
        ::close(x_listener_);
    }

    Answering(const Answering&) = delete;
    Answering& operator=(const Answering&) = delete;

    std::uint16_t port = 0;
    std::string asked;

private:
    void say(const std::string& text)
    {
        const int client = ::accept(x_listener_, nullptr, nullptr);
        char some[4096];
        while (asked.find("\r\n\r\n") == std::string::npos) {
            const auto got = ::read(client, some, sizeof some);
            if (got <= 0)
                break;
            asked.append(some, static_cast<std::size_t>(got));
        }
        (void)::send(client, text.data(), text.size(), MSG_NOSIGNAL);
        ::shutdown(client, SHUT_WR);
        while (::read(client, some, sizeof some) > 0) {
        }
        ::close(client);
    }

    int x_listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    std::thread x_thread_;
};

struct Checked {
    int status;
    std::string err, asked;
};

Checked check(const std::optional<std::string>& answer, const std::string& host = "127.0.0.1")
{
    Checked checked;
    std::ostringstream err;
    std::string port;
    {
        Answering listener(answer);
        port = std::to_string(listener.port);
        checked.status = healthcheck_command({{host, listener.port}}, err);
        checked.asked = listener.asked;
    }
    checked.err = err.str();
    for (auto at = checked.err.find(port); at != std::string::npos; at = checked.err.find(port))
        checked.err.replace(at, port.size(), "PORT");
    return checked;
}

std::string http(const std::string& status, const std::string& body)
{
    return "HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

} // namespace

TEST_SUITE("proxy/healthcheck_command")
{
    TEST_CASE("a program that is ready makes it succeed without a word")
    {
        const auto checked = check(http("200 OK", "ready\n"));
        CHECK(checked.status == 0);
        CHECK(checked.err == "");
        CHECK(checked.asked.starts_with("GET /readyz HTTP/1.1\r\nHost: 127.0.0.1:"));
        CHECK(
            check(http("200 OK", "ready\n"), "0.0.0.0").asked.find("Host: 127.0.0.1:") != std::string::npos
        );
    }

    TEST_CASE("each reason why not is one line")
    {
        struct Row {
            std::string answer, line;
        };

        const std::string another = "what answers at 127.0.0.1:PORT is not cosdiag's admin listener (status ";
        const Row rows[] = {
            {http("503 Service Unavailable", "draining\n"), "the program at 127.0.0.1:PORT is ending"},
            {http("503 Service Unavailable", "starting\n"), "the program at 127.0.0.1:PORT is starting"},
            {http("200 OK", "<html>"), another + "200)"},
            {http("404 Not Found", ""), another + "404)"},
            {"SSH-2.0-OpenSSH_9.2p1\r\n", "what answers at 127.0.0.1:PORT is no HTTP that cosdiag speaks"},
            {"", "the connection to 127.0.0.1:PORT broke: it was closed"},
            {"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nrea",
             "the connection to 127.0.0.1:PORT broke: it was closed"},
        };
        for (const auto& [answer, line] : rows) {
            CAPTURE(answer);
            const auto checked = check(answer);
            CHECK(checked.status == 1);
            CHECK(checked.err == "cosdiag: not ready: " + line + ".\n");
        }
    }

    TEST_CASE("what never answers is given up, and what does not listen is told with what to do")
    {
        const auto silent = check(std::nullopt);
        CHECK(silent.status == 1);
        CHECK(silent.err == "cosdiag: not ready: nothing came from 127.0.0.1:PORT within 2 s.\n");
        std::uint16_t port = Answering(std::nullopt).port;
        std::ostringstream err;
        CHECK(healthcheck_command({{"127.0.0.1", port}}, err) == 1);
        const auto address = "127.0.0.1:" + std::to_string(port);
        CHECK(
            err.str() == "cosdiag: not ready: nothing listens at " + address + ". Serve with --admin " +
                             address + ", or name another address with healthcheck --admin.\n"
        );
    }
}

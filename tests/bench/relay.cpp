// SPDX-License-Identifier: Apache-2.0
// bench_relay --to ADDRESS:PORT [--listen ADDRESS:PORT] [--splice] — carries bytes both ways and looks at
// none: the floor under every proxy. Copies through 256 KiB, or splices through a pipe of 1 MiB. Prints the
// port it listens on.
#include "tests/bench/arguments.hpp"
#include "tests/bench/relay_flow.hpp"
#include "tests/bench/socket.hpp"

#include <csignal>
#include <cstdio>
#include <span>
#include <utility>
#include <vector>

namespace cosdiag::bench {

namespace {

struct Pair;

/// One of the two sockets, as epoll knows it.
struct End {
    Pair* pair;
    Flow* reads;
    Flow* writes;

    /// False once the pair is over, for good or ill.
    bool on_ready(std::uint32_t events);
};

/// A client's connection and its way on.
struct Pair {
    Pair(RelayWay way, std::span<char> buffer, Fd accepted, const sockaddr_in& target)
        : client(std::move(accepted)),
          server(connect_to(target)),
          up(way, buffer, client, server),
          down(way, buffer, server, client),
          client_end{this, &up, &down},
          server_end{this, &down, &up}
    {
    }

    Pair(const Pair&) = delete;
    Pair& operator=(const Pair&) = delete;

    Fd client;
    Fd server;
    Flow up;
    Flow down;
    End client_end;
    End server_end;
    bool over = false;
};

bool End::on_ready(std::uint32_t events)
{
    if ((events & EPOLLERR) != 0)
        return false;
    const bool ending = (events & (EPOLLRDHUP | EPOLLHUP)) != 0;
    if (writes->blocked() && (events & EPOLLOUT) != 0 && !writes->run(false))
        return false;
    if ((ending || (events & EPOLLIN) != 0) && !reads->finished() && !reads->run(ending))
        return false;
    return !(pair->up.finished() && pair->down.finished());
}

class Relay {
public:
    Relay(RelayWay way, const sockaddr_in& target) : x_way(way), x_target(target), x_buffer(256 * 1024) {}

    [[noreturn]] void serve(const Fd& listener)
    {
        x_poll.add(listener, EPOLLIN, nullptr);
        for (;;) {
            for (const auto& event : x_poll.wait()) {
                if (event.data.ptr == nullptr)
                    accept_all(listener);
                else
                    advance(*static_cast<End*>(event.data.ptr), event.events);
            }
            for (auto* pair : std::exchange(x_over, {}))
                delete pair;
        }
    }

private:
    void accept_all(const Fd& listener)
    {
        constexpr std::uint32_t everything = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
        while (auto client = accept_from(listener)) {
            auto* const pair = new Pair(x_way, x_buffer, std::move(client), x_target);
            x_poll.add(pair->client, everything, &pair->client_end);
            x_poll.add(pair->server, everything, &pair->server_end);
        }
    }

    void advance(End& end, std::uint32_t events)
    {
        if (end.pair->over || end.on_ready(events))
            return;
        end.pair->over = true;
        x_over.push_back(end.pair);
    }

    RelayWay x_way;
    sockaddr_in x_target;
    std::vector<char> x_buffer;
    Poll x_poll;
    std::vector<Pair*> x_over; ///< freed after the round, as later events of it may name them
};

int relay(Arguments& arguments)
{
    const auto way = arguments.flag("--splice") ? RelayWay::splice : RelayWay::copy;
    const auto target = parse_address(arguments.text("--to"));
    const auto address = parse_address(arguments.text("--listen", "127.0.0.1:0"));
    arguments.finish();
    std::signal(SIGPIPE, SIG_IGN);
    const auto listener = listen_on(address);
    std::printf("%u\n", static_cast<unsigned>(port_of(listener)));
    std::fflush(stdout);
    Relay(way, target).serve(listener);
}

} // namespace

} // namespace cosdiag::bench

int main(int argc, char** argv)
{
    return cosdiag::bench::run_guarded("bench_relay", cosdiag::bench::relay, argc, argv);
}

// SPDX-License-Identifier: Apache-2.0
#include "proxy/net/reactor.hpp"

#include <sys/epoll.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace cosdiag::net {

namespace {

/// Events taken at once, before timers and new clients get their turn.
constexpr std::size_t most_events = 128;

int make_epoll()
{
    const int descriptor = ::epoll_create1(EPOLL_CLOEXEC);
    if (descriptor < 0)
        throw std::system_error(errno, std::generic_category(), "epoll_create1");
    return descriptor;
}

} // namespace

Reactor::Reactor(asio::io_context& io) : x_io_(io), x_epoll_(io, make_epoll())
{
    wait();
}

Reactor::~Reactor() = default;

void Reactor::add(int descriptor, Watched& watched)
{
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
    event.data.ptr = &watched;
    if (::epoll_ctl(x_epoll_.native_handle(), EPOLL_CTL_ADD, descriptor, &event) != 0)
        throw std::system_error(errno, std::generic_category(), "epoll_ctl");
}

void Reactor::soon(Watched& watched, std::uint32_t events)
{
    if (x_made_.empty() && !x_dispatching_)
        asio::post(x_io_, [this] { dispatch(); });
    x_made_.push_back({&watched, events});
}

void Reactor::bury(std::unique_ptr<Watched> watched)
{
    if (x_dispatching_ || !x_made_.empty())
        x_buried_.push_back(std::move(watched));
}

void Reactor::wait()
{
    x_epoll_.async_wait(
        asio::posix::descriptor_base::wait_read,
        [this](const boost::system::error_code& error) {
            if (error)
                return;
            dispatch();
            wait();
        }
    );
}

void Reactor::dispatch()
{
    x_dispatching_ = true;
    std::array<epoll_event, most_events> events{};
    const int count = ::epoll_wait(x_epoll_.native_handle(), events.data(), most_events, 0);
    for (int i = 0; i < count; ++i) {
        const epoll_event& event = events[static_cast<std::size_t>(i)];
        static_cast<Watched*>(event.data.ptr)->on_events(event.events);
    }
    deliver_made();
    x_dispatching_ = false;
    if (x_made_.empty())
        x_buried_.clear();
}

void Reactor::deliver_made()
{
    const std::vector<Made> made = std::move(x_made_);
    x_made_.clear();
    for (const Made& each : made)
        each.watched->on_events(each.events);
    // What these made in turn waits for the next round, or two streams could keep each other here.
    if (!x_made_.empty())
        asio::post(x_io_, [this] { dispatch(); });
}

} // namespace cosdiag::net

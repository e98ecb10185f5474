// SPDX-License-Identifier: Apache-2.0
// Readiness of a thread's streams, edge-triggered, behind one descriptor that Asio waits on.
// Why not Asio's own: its wait for readiness costs an epoll_ctl and an operation object each time; here a
// stream is registered once and an event costs nothing but its delivery.
#pragma once

#include "proxy/net/asio.hpp"

#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include <cstdint>
#include <memory>
#include <vector>

namespace cosdiag::net {

class Reactor {
public:
    /// What is registered.
    class Watched {
    public:
        virtual ~Watched() = default;

    private:
        friend class Reactor;

        /// `events`: as epoll(7) has them.
        virtual void on_events(std::uint32_t events) = 0;
    };

    /// Throws std::system_error without descriptors.
    explicit Reactor(asio::io_context& io);
    ~Reactor();
    Reactor(const Reactor&) = delete;
    Reactor& operator=(const Reactor&) = delete;

    /// Delivers the descriptor's events from now on, what it is ready for already included. Closing the
    /// descriptor ends that. Throws std::system_error.
    void add(int descriptor, Watched& watched);

    /// Delivers these events from the loop, as if they had come.
    void soon(Watched& watched, std::uint32_t events);

    /// Destroys it once no event that is under way can reach it any more.
    void bury(std::unique_ptr<Watched> watched);

private:
    void wait();
    void dispatch();
    void deliver_made();

    struct Made {
        Watched* watched;
        std::uint32_t events;
    };

    asio::io_context& x_io_;
    asio::posix::basic_stream_descriptor<Executor> x_epoll_;
    std::vector<Made> x_made_;
    std::vector<std::unique_ptr<Watched>> x_buried_;
    bool x_dispatching_ = false;
};

} // namespace cosdiag::net

// SPDX-License-Identifier: Apache-2.0
// How a thread comes to its end: no further clients, those who are here served, or broken off.
#include "proxy/net/door.hpp"
#include "proxy/net/listener.hpp"
#include "proxy/net/session.hpp"
#include "proxy/net/worker.hpp"

#include <algorithm>

namespace cosdiag::net {

namespace {

using std::chrono::milliseconds;

/// How long connections that were just being made may take to come up.
constexpr milliseconds last_accept{100};

/// A client that goes on using its connection learns from an answer that it ends; those who do not are turned
/// out after so long.
constexpr milliseconds idle_grace{1000};

} // namespace

void Worker::session_ended()
{
    x_shared_.clients.fetch_sub(1, std::memory_order_relaxed);
    x_full_told_ = false;
    x_context_.memory_freed();
    if (x_context_.draining())
        asio::post(x_io_, [this] { end_if_drained(); });
}

void Worker::end_if_drained()
{
    const bool any_open =
        std::any_of(x_doors_.begin(), x_doors_.end(), [](const auto& door) { return door->is_open(); });
    if (x_context_.sessions.empty() && !any_open)
        x_io_.stop();
}

void Worker::drain()
{
    asio::post(x_io_, [this] { begin_drain(); });
}

void Worker::retire(std::vector<const Entrance*> closing)
{
    asio::post(x_io_, [this, closing = std::move(closing)] { begin_retire(closing); });
}

void Worker::stop()
{
    asio::post(x_io_, [this] { begin_stop(); });
}

void Worker::beat()
{
    asio::post(x_io_, [this] { x_beats_.fetch_add(1, std::memory_order_relaxed); });
}

void Worker::begin_drain()
{
    if (std::exchange(x_draining_, true))
        return;
    x_context_.ending = std::max(x_context_.ending, Context::Ending::soon);
    close_doors();
    const milliseconds deadline = x_shared_.config.drain_deadline;
    x_idle_grace_.expires_after(std::min(idle_grace, deadline));
    x_idle_grace_.async_wait([this](const boost::system::error_code& cancelled) {
        if (!cancelled)
            end_idle();
    });
    x_drain_deadline_.expires_after(deadline);
    x_drain_deadline_.async_wait([this](const boost::system::error_code& cancelled) {
        if (!cancelled)
            begin_stop();
    });
}

void Worker::begin_retire(const std::vector<const Entrance*>& closing)
{
    x_context_.ending = std::max(x_context_.ending, Context::Ending::soon);
    for (const auto& door : x_doors_)
        if (std::find(closing.begin(), closing.end(), &door->entrance) == closing.end())
            door->close();
    close_doors();
}

/// After who has connected has been let in, and who was just connecting.
void Worker::close_doors()
{
    bool any = false;
    for (const auto& door : x_doors_) {
        if (door->lasting)
            door->close();
        if (!door->is_open())
            continue;
        refuse_newcomers(door->acceptor.native_handle());
        any = true;
    }
    take_the_last(any ? last_accept : milliseconds(0));
}

/// Those who cannot be taken yet, for want of descriptors, wait on until some have come back.
void Worker::take_the_last(milliseconds after)
{
    x_last_accept_.expires_after(after);
    x_last_accept_.async_wait([this](const boost::system::error_code& cancelled) {
        if (cancelled)
            return;
        bool more = false;
        for (const auto& door : x_doors_) {
            while (door->is_open() && accept_one(*door)) {
            }
            if (door->is_open() && somebody_waits(door->acceptor.native_handle()))
                more = true;
            else
                door->close();
        }
        if (more)
            take_the_last(last_accept);
        end_if_drained();
    });
}

void Worker::end_idle()
{
    x_context_.ending = Context::Ending::now;
    for (auto it = x_context_.sessions.begin(); it != x_context_.sessions.end();)
        static_cast<Session&>(*it++).nudge();
    end_if_drained();
}

void Worker::begin_stop()
{
    x_context_.ending = Context::Ending::now;
    for (const auto& door : x_doors_)
        door->close();
    for (auto it = x_context_.sessions.begin(); it != x_context_.sessions.end();)
        static_cast<Session&>(*it++).stop();
    end_if_drained();
}

} // namespace cosdiag::net

// SPDX-License-Identifier: Apache-2.0
// A connection to the admin listener, from its first request to its end.
#pragma once

#include "proxy/admin/routes.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/tcp_stream.hpp>

#include <cstddef>
#include <list>
#include <memory>

namespace cosdiag::admin {

using Stream = boost::beast::tcp_stream;

/// What all visitors have in common. Touched by the listener's thread alone.
struct Hall {
    const Knowledge known;
    net::Users users;
    bool draining = false; ///< the program takes no more clients

    std::size_t visitors = 0;
    std::list<Stream*> idle{};                      ///< those who have yet to ask, longest there first
    std::list<Stream*> answered{};                  ///< those who are being answered, likewise
    std::list<Stream*> following{};                 ///< those who get diagnoses as they come
    std::list<boost::asio::steady_timer*> asleep{}; ///< those who wait for news

    /// Lets those who follow diagnoses look for news.
    void wake();

    /// Shows the one out who has been idle longest, or else has been reading longest. Whether there was one.
    bool make_room();
};

/// A visitor's place in the count, given back when it goes.
struct Leave {
    void operator()(std::size_t* visitors) const noexcept { --*visitors; }
};

using Place = std::unique_ptr<std::size_t, Leave>;

Place take_place(Hall& hall) noexcept;

/// Answers one request after the other. `hall` outlives it.
boost::asio::awaitable<void> visit(Stream stream, Place place, Hall& hall);

} // namespace cosdiag::admin

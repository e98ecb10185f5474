// SPDX-License-Identifier: Apache-2.0
// How the program knows its own connections when they come back: with rules that redirect them too, each
// would make the next, for ever.
#pragma once

#include "proxy/net/waiter.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <cstddef>
#include <mutex>
#include <vector>

namespace cosdiag::net {

/// The connections that were begun a moment ago. Any thread.
class Departures {
public:
    using Endpoint = boost::asio::ip::tcp::endpoint;

    void note(const Endpoint& from, const Endpoint& to, Ticks now);

    /// Whether one from there, that wanted to get there, is one of these.
    bool has(const Endpoint& from, const Endpoint& to, Ticks now) const;

    /// What comes back does so at once; later the same ports may be somebody else's. Units: milliseconds.
    static constexpr Ticks remembered = 1000;

    static constexpr std::size_t most = 1024; ///< remembered at once

private:
    struct Departure {
        Endpoint from, to;
        Ticks at = -remembered;
    };

    mutable std::mutex x_mutex_;
    std::vector<Departure>
        x_latest_; ///< by port: a later one takes the place of an earlier one; empty before the first
};

} // namespace cosdiag::net

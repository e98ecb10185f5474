// SPDX-License-Identifier: Apache-2.0
#include "proxy/net/departures.hpp"

namespace cosdiag::net {

void Departures::note(const Endpoint& from, const Endpoint& to, Ticks now)
{
    const std::lock_guard lock(x_mutex_);
    x_latest_.resize(most);
    x_latest_[from.port() % most] = {from, to, now};
}

bool Departures::has(const Endpoint& from, const Endpoint& to, Ticks now) const
{
    const std::lock_guard lock(x_mutex_);
    if (x_latest_.empty())
        return false;
    const Departure& latest = x_latest_[from.port() % most];
    return latest.from == from && latest.to == to && now - latest.at < remembered;
}

} // namespace cosdiag::net

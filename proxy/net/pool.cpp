// SPDX-License-Identifier: Apache-2.0
#include "proxy/net/pool.hpp"

#include <algorithm>

namespace cosdiag::net {

/// A connection nobody uses. It is watched: bytes, an end or a reset all mean that it must not be used again.
struct Pool::Idle final : Observer {
    Idle(Pool& pool_, Origin& origin_, StreamPtr stream_, Ticks since_)
        : pool(pool_), origin(origin_), stream(std::move(stream_)), since(since_)
    {
        stream->watch(this);
        stream->want_read();
    }

    void on_ready() override
    {
        if (stream->peek().io != Io::blocked)
            pool.drop(*this);
        else
            stream->want_read();
    }

    Pool& pool;
    Origin& origin; ///< stays put: the map's nodes do not move
    StreamPtr stream;
    Ticks since;
};

Pool::Pool(Wheel& wheel, Ticks keep_alive, Count& size) noexcept
    : Alarm(wheel), x_size_(size), x_keep_alive_(keep_alive)
{
}

Pool::~Pool() = default;

StreamPtr Pool::take(const std::string& origin, Use use)
{
    const auto found = x_origins_.find(origin);
    if (found == x_origins_.end())
        return nullptr;
    auto& idle = found->second.idle;
    const Ticks oldest = now() - (use == Use::once ? std::min(young, x_keep_alive_) : x_keep_alive_);
    while (!idle.empty() && idle.back()->since > oldest) {
        StreamPtr stream = std::move(idle.back()->stream);
        idle.pop_back();
        x_size_.set(size() - 1);
        stream->watch(nullptr);
        if (use == Use::awaited || stream->peek().io == Io::blocked)
            return stream;
    }
    return nullptr;
}

void Pool::give(const std::string& origin, StreamPtr stream)
{
    if (size() == most || x_keep_alive_ <= 0)
        return;
    Origin& home = x_origins_[origin];
    if (home.idle.size() == most_of_origin)
        return;
    home.idle.push_back(std::make_unique<Idle>(*this, home, std::move(stream), now()));
    x_size_.add();
    if (size() == 1)
        set(now() + x_keep_alive_ / 4 + 1);
}

void Pool::note_version(const std::string& origin, bool http10)
{
    if (!http10) {
        if (x_http10_ == 0)
            return;
        const auto found = x_origins_.find(origin);
        if (found != x_origins_.end() && std::exchange(found->second.http10_until, 0) != 0)
            --x_http10_;
        return;
    }
    if (x_http10_ == most_remembered)
        return;
    if (std::exchange(x_origins_[origin].http10_until, now() + remembered) == 0)
        ++x_http10_;
    if (size() == 0)
        set(now() + x_keep_alive_ / 4 + 1);
}

bool Pool::speaks_http10(const std::string& origin) const
{
    const auto found = x_origins_.find(origin);
    return found != x_origins_.end() && found->second.http10_until > now();
}

void Pool::drop(Idle& idle)
{
    auto& all = idle.origin.idle;
    const auto it =
        std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.get() == &idle; });
    if (it == all.end())
        return;
    all.erase(it);
    x_size_.set(size() - 1);
}

void Pool::on_deadline()
{
    const Ticks oldest = now() - x_keep_alive_;
    for (auto it = x_origins_.begin(); it != x_origins_.end();) {
        auto& idle = it->second.idle;
        const auto young_ones =
            std::find_if(idle.begin(), idle.end(), [&](const auto& each) { return each->since > oldest; });
        x_size_.set(size() - static_cast<std::size_t>(young_ones - idle.begin()));
        idle.erase(idle.begin(), young_ones);
        if (it->second.http10_until != 0 && it->second.http10_until <= now()) {
            it->second.http10_until = 0;
            --x_http10_;
        }
        it = idle.empty() && it->second.http10_until == 0 ? x_origins_.erase(it) : std::next(it);
    }
    if (size() != 0 || x_http10_ != 0)
        set(now() + x_keep_alive_ / 4 + 1);
}

void Pool::clear()
{
    x_origins_.clear();
    x_size_.set(0);
    x_http10_ = 0;
}

} // namespace cosdiag::net

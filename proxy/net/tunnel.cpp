// SPDX-License-Identifier: Apache-2.0
#include "proxy/net/tunnel.hpp"

#include "proxy/net/flow.hpp"

namespace cosdiag::net {

namespace {

constexpr http::Framing until_close{http::Framing::Kind::until_close, 0};

/// One direction, and what its end means for its sink.
class Lane {
public:
    explicit Lane(Stores& stores) noexcept : x_flow_(stores) {}

    void start(Stream& from, Stream& to, std::span<char> first)
    {
        x_to_ = &to;
        x_flow_.start(from, to, until_close, {}, first);
    }

    void advance()
    {
        if (x_ended_)
            return;
        Flow::State state = x_flow_.pump();
        if (state == Flow::State::sink_failed) {
            // Nobody reads there any more; what comes the other way may still be wanted.
            x_broken_ = true;
            x_flow_.discard();
            state = x_flow_.pump();
        }
        if (state == Flow::State::moving)
            return;
        x_ended_ = true;
        if (state == Flow::State::source_failed)
            x_reset_ = true;
        else if (!x_broken_)
            x_to_->end_write();
    }

    void arm() { x_flow_.arm(); }

    bool ended() const noexcept { return x_ended_; }

    bool reset() const noexcept { return x_reset_; }

    bool broken() const noexcept { return x_broken_; }

    bool again() const noexcept { return !x_ended_ && x_flow_.again(); }

    std::uint64_t progress() const noexcept { return x_flow_.progress(); }

private:
    Flow x_flow_;
    Stream* x_to_ = nullptr;
    bool x_ended_ = false;
    bool x_broken_ = false;
    bool x_reset_ = false;
};

} // namespace

Task<> run_tunnel(Context& context, Stream& client, Stream& upstream, TunnelStart start, Waiter& waiter)
{
    Lane up(context.stores);
    Lane down(context.stores);
    up.start(client, upstream, start.to_upstream);
    down.start(upstream, client, start.to_client);
    std::uint64_t progress = 0;
    Ticks moved_at = now();
    const Ticks idle = context.config.timeouts.tunnel_idle.count();
    while (!waiter.stopped()) {
        up.advance();
        down.advance();
        if (up.reset() || down.reset() || (up.ended() && down.ended()) || (up.broken() && down.broken()))
            break;
        // With one side deaf, its own end is all that is left to wait for.
        if ((up.broken() && down.ended()) || (down.broken() && up.ended()))
            break;
        if (up.again() || down.again()) {
            co_await context.yield();
            continue;
        }
        if (const std::uint64_t sum = up.progress() + down.progress(); sum != progress) {
            progress = sum;
            moved_at = now();
        }
        up.arm();
        down.arm();
        waiter.set(moved_at + idle);
        co_await waiter.sleep();
        if (waiter.take_expired() && now() >= moved_at + idle)
            break;
    }
    if (up.reset() || up.broken() || down.reset() || down.broken()) {
        client.abort();
        upstream.abort();
    }
}

} // namespace cosdiag::net

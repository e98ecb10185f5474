// SPDX-License-Identifier: Apache-2.0
// One direction of an exchange: a head that is ready to be sent, then a body from one stream to the other.
#pragma once

#include "proxy/http/chunked.hpp"
#include "proxy/http/framing.hpp"
#include "proxy/net/buffers.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace cosdiag::net {

class Flow {
public:
    enum class State : std::uint8_t {
        moving,
        finished,      ///< all of the body has been passed on
        source_ended,  ///< FIN before the body's end; what came before it has been passed on
        source_failed, ///< the same with a reset
        sink_failed,   ///< the other side takes no more
        malformed,     ///< the chunked coding is broken; `fault` says how
    };

    explicit Flow(Stores& stores) noexcept : x_stores_(stores) {}

    Flow(const Flow&) = delete;
    Flow& operator=(const Flow&) = delete;

    ~Flow() { release(); }

    /// Begins. `head` and `bytes`, what has been read of the body already, are borrowed until they have been
    /// sent; `bytes` may be changed in place.
    void start(
        Stream& from, Stream& to, const http::Framing& framing, std::string_view head, std::span<char> bytes
    );

    /// Turns chunks into plain data, for a peer of HTTP/1.0. Before the first pump.
    void decode_chunks() noexcept { x_chunks_ = http::ChunkedBody(http::ChunkedBody::Output::decode); }

    /// Copies the body's data aside; keeps the body in user space until the tap is full.
    void tap(http::Tap* tap) noexcept { x_tap_ = tap; }

    /// Moves as much as goes without waiting, within a fair share.
    State pump();

    State state() const noexcept { return x_state_; }

    /// Whether the fair share was used up: there is more to move at once.
    bool again() const noexcept { return x_again_; }

    bool blocked_on_source() const noexcept { return x_wants_read_; }

    bool blocked_on_sink() const noexcept { return x_wants_write_; }

    /// Asks the streams for what the last pump was blocked on.
    void arm();

    /// While held, the body is read but nothing leaves. Bounds: `limit` bytes, or what a buffer can hold.
    void hold(std::size_t limit) noexcept
    {
        x_hold_ = std::clamp<std::size_t>(limit, 1, Stores::large / 4 * 3);
    }

    void release_hold(std::string_view head) noexcept
    {
        x_hold_ = 0;
        x_head_ = head;
    }

    bool holding() const noexcept { return x_hold_ != 0; }

    /// Whether holding on would bring nothing: the body is whole, the hold is full or the source is at its
    /// end.
    bool held_enough() const noexcept
    {
        return x_body_done_ || x_out_.size() >= x_hold_ || x_source_ != Io::moved;
    }

    /// Whether the body has been read to its end.
    bool whole() const noexcept { return x_body_done_; }

    /// Whether not a byte of the body has come yet.
    bool waits_for_first_byte() const noexcept { return x_received_ == 0 && !x_began_with_body_; }

    /// From now on the source is read to the body's end and dropped.
    void discard() noexcept;

    bool discarding() const noexcept { return x_to_ == nullptr; }

    /// Whether nothing of the head has left yet.
    bool pristine() const noexcept { return x_sent_ == 0; }

    /// Whether the body could be sent again: it is none, or it lies whole and unchanged in the borrowed
    /// bytes.
    bool repeatable() const noexcept { return x_repeatable_; }

    /// Bytes that have come and gone so far; grows with every progress.
    std::uint64_t progress() const noexcept { return x_received_ + x_sent_; }

    /// Bytes that have left.
    std::uint64_t sent() const noexcept { return x_sent_; }

    std::string_view fault() const noexcept { return x_fault_; }

    /// Bytes read beyond the body's end. Valid until the next start.
    std::string_view leftover() const noexcept { return {x_raw_.data(), x_raw_.size()}; }

    /// Gives memory and pipe back.
    void release();

private:
    enum class Step : std::uint8_t { on, stop };

    bool filter();
    Step flush();
    Step fill();
    Step splice();
    bool may_splice() const noexcept;
    std::span<char> make_room();
    void took(std::size_t bytes) noexcept;
    void ran_dry();
    Step end(State state) noexcept;

    Stores& x_stores_;
    Stream* x_from_ = nullptr;
    Stream* x_to_ = nullptr; ///< null: discarding
    http::Framing x_framing_;
    std::uint64_t x_left_ = 0; ///< body bytes still to come, for a framing by length
    http::ChunkedBody x_chunks_;
    http::Tap* x_tap_ = nullptr;

    std::string_view x_head_;
    std::span<char> x_out_; ///< ready to leave
    std::span<char> x_raw_; ///< read, not yet looked at
    Buffer x_buffer_;       ///< empty while the borrowed bytes last, and while nothing is under way
    std::unique_ptr<Pipe> x_pipe_;

    std::uint64_t x_received_ = 0;
    std::uint64_t x_run_ = 0;        ///< bytes since the source last ran dry
    std::uint64_t x_bulk_ = 0;       ///< bytes of the long runs in a row
    std::uint64_t x_unhindered_ = 0; ///< bytes that have left since the sink last had to be waited for
    std::uint64_t x_sent_ = 0;
    std::size_t x_hold_ = 0;
    std::string_view x_fault_;
    State x_state_ = State::finished;
    Io x_source_ = Io::moved; ///< `ended` or `failed` once the source is
    bool x_body_done_ = true;
    bool x_wants_read_ = false;
    bool x_wants_write_ = false;
    bool x_again_ = false;
    bool x_repeatable_ = false;
    bool x_began_with_body_ = false;
    bool x_no_splice_ = false;
};

} // namespace cosdiag::net

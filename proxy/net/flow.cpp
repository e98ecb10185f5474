// SPDX-License-Identifier: Apache-2.0
#include "proxy/net/flow.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <system_error>

namespace cosdiag::net {

namespace {

using Kind = http::Framing::Kind;

/// Reads or writes of one pump, before others of the thread get their turn.
constexpr unsigned fair_share = 32;

/// What comes in runs shorter than this is a conversation, and copied.
constexpr std::uint64_t short_run = 8 * 1024;

/// What has left so much without a wait gets more memory: the system is called half as often. Whoever has to
/// be waited for would only have it filled.
constexpr std::uint64_t long_run = 1024 * 1024;

} // namespace

void Flow::start(
    Stream& from, Stream& to, const http::Framing& framing, std::string_view head, std::span<char> bytes
)
{
    x_from_ = &from;
    x_to_ = &to;
    x_framing_ = framing;
    x_left_ = framing.length;
    x_chunks_ = http::ChunkedBody();
    x_tap_ = nullptr;
    x_head_ = head;
    x_out_ = {};
    x_raw_ = bytes;
    x_began_with_body_ = !bytes.empty();
    x_received_ = x_sent_ = x_run_ = x_bulk_ = x_unhindered_ = 0;
    x_hold_ = 0;
    x_fault_ = {};
    x_state_ = State::moving;
    x_source_ = Io::moved;
    x_body_done_ = framing.kind == Kind::none || (framing.kind == Kind::length && framing.length == 0);
    x_wants_read_ = x_wants_write_ = x_again_ = x_no_splice_ = false;
    x_repeatable_ = x_body_done_ || (framing.kind == Kind::length && bytes.size() >= framing.length);
}

Flow::State Flow::pump()
{
    x_wants_read_ = x_wants_write_ = x_again_ = false;
    if (x_state_ != State::moving)
        return x_state_;
    for (unsigned turn = 0; turn < fair_share; ++turn) {
        if (!x_body_done_ && !x_raw_.empty() && !filter()) {
            end(State::malformed);
            return x_state_;
        }
        if (x_hold_ == 0 && flush() == Step::stop)
            return x_state_;
        if (x_hold_ != 0 && held_enough())
            return x_state_;
        if (x_body_done_ || x_source_ != Io::moved) {
            end(x_body_done_             ? State::finished
                : x_source_ == Io::ended ? State::source_ended
                                         : State::source_failed);
            return x_state_;
        }
        if ((may_splice() ? splice() : fill()) == Step::stop)
            return x_state_;
    }
    x_again_ = true;
    return x_state_;
}

void Flow::arm()
{
    if (x_state_ != State::moving)
        return;
    if (x_wants_read_)
        x_from_->want_read();
    if (x_wants_write_)
        x_to_->want_write();
}

/// Turns what was read into what is to leave, in place. False if it is malformed.
bool Flow::filter()
{
    std::size_t consumed = 0;
    std::size_t produced = 0;
    if (x_framing_.kind == Kind::chunked) {
        const auto step = x_chunks_.filter(x_raw_.data(), x_raw_.size(), x_tap_);
        x_fault_ = step.fault;
        consumed = step.consumed;
        produced = step.produced;
        x_body_done_ = step.done;
    } else {
        consumed = x_raw_.size();
        if (x_framing_.kind == Kind::length) {
            consumed = static_cast<std::size_t>(std::min<std::uint64_t>(consumed, x_left_));
            x_left_ -= consumed;
            x_body_done_ = x_left_ == 0;
        }
        produced = consumed;
        if (x_tap_ != nullptr)
            x_tap_->add({x_raw_.data(), produced});
    }
    if (x_out_.empty()) {
        x_out_ = x_raw_.first(produced);
    } else { // held: behind what is held already
        std::memmove(x_out_.data() + x_out_.size(), x_raw_.data(), produced);
        x_out_ = {x_out_.data(), x_out_.size() + produced};
    }
    x_raw_ = x_raw_.subspan(consumed);
    return x_fault_.empty();
}

Flow::Step Flow::flush()
{
    while (!x_head_.empty() || !x_out_.empty()) {
        if (x_to_ == nullptr) {
            x_head_ = {};
            x_out_ = {};
            return Step::on;
        }
        std::array<iovec, 2> parts{};
        std::size_t count = 0;
        if (!x_head_.empty())
            parts[count++] = {const_cast<char*>(x_head_.data()), x_head_.size()}; // iovec knows no const
        if (!x_out_.empty())
            parts[count++] = {x_out_.data(), x_out_.size()};
        const IoResult result = x_to_->write({parts.data(), count});
        if (result.io == Io::blocked) {
            x_wants_write_ = true;
            x_unhindered_ = 0;
            return Step::stop;
        }
        if (result.io != Io::moved)
            return end(State::sink_failed);
        x_sent_ += result.bytes;
        x_unhindered_ += result.bytes;
        const std::size_t of_head = std::min(result.bytes, x_head_.size());
        x_head_.remove_prefix(of_head);
        x_out_ = x_out_.subspan(result.bytes - of_head);
    }
    return Step::on;
}

/// Free space to read into, behind what is not yet looked at.
std::span<char> Flow::make_room()
{
    const std::size_t wanted = x_hold_ == 0 && x_unhindered_ >= long_run ? Stores::huge : Stores::large;
    if (!x_buffer_ || (x_hold_ == 0 && x_raw_.empty() && x_buffer_.capacity() != wanted)) {
        x_stores_.give(std::move(x_buffer_));
        x_buffer_ = wanted == Stores::huge ? x_stores_.take_huge() : x_stores_.take_large();
    }
    char* const block = x_buffer_.data();
    if (x_hold_ == 0) { // nothing waits to leave: what is left of a chunk's line moves to the front
        if (x_raw_.data() != block && !x_raw_.empty())
            std::memmove(block, x_raw_.data(), x_raw_.size());
        x_raw_ = {block, x_raw_.size()};
    }
    const auto used = static_cast<std::size_t>(x_raw_.data() + x_raw_.size() - block);
    return {block + used, x_buffer_.capacity() - used};
}

Flow::Step Flow::fill()
{
    if (x_hold_ != 0 && !x_buffer_) { // held bytes must lie in one block that has room behind them
        x_buffer_ = x_stores_.take_large();
        char* const block = x_buffer_.data();
        const std::size_t out = x_out_.size();
        std::copy(x_out_.begin(), x_out_.end(), block);
        std::copy(x_raw_.begin(), x_raw_.end(), block + out);
        x_out_ = {block, out};
        x_raw_ = {block + out, x_raw_.size()};
    }
    std::span<char> room = make_room();
    if (room.empty()) { // only while held, and only if extensions of chunks filled the buffer
        x_hold_ = std::max<std::size_t>(x_out_.size(), 1);
        return Step::stop;
    }
    if (x_framing_.kind == Kind::length) // never read into the next message
        room = room.first(static_cast<std::size_t>(std::min<std::uint64_t>(room.size(), x_left_)));
    const IoResult result = x_from_->read(room);
    switch (result.io) {
    case Io::moved:
        x_raw_ = {x_raw_.data(), x_raw_.size() + result.bytes};
        took(result.bytes);
        return Step::on;
    case Io::blocked:
        ran_dry();
        return Step::stop;
    default:
        x_source_ = result.io;
        x_body_done_ = x_framing_.kind == Kind::until_close && result.io == Io::ended;
        return Step::on;
    }
}

void Flow::took(std::size_t bytes) noexcept
{
    x_received_ += bytes;
    x_run_ += bytes;
    x_repeatable_ = false;
}

/// The source has nothing for now: what is empty goes back to the stores while we wait.
void Flow::ran_dry()
{
    x_wants_read_ = true;
    x_bulk_ = x_run_ < short_run ? 0 : x_bulk_ + x_run_;
    x_run_ = 0;
    if (x_raw_.empty() && x_out_.empty()) {
        x_raw_ = {};
        x_stores_.give(std::move(x_buffer_));
        x_buffer_ = Buffer();
    }
    if (x_pipe_ && x_pipe_->held == 0)
        x_stores_.give(std::move(x_pipe_));
}

void Flow::discard() noexcept
{
    x_to_ = nullptr;
    x_head_ = {};
    x_out_ = {};
    x_hold_ = 0;
    x_pipe_.reset();
    if (x_state_ == State::sink_failed)
        x_state_ = State::moving;
}

Flow::Step Flow::end(State state) noexcept
{
    x_state_ = state;
    x_stores_.give(std::move(x_pipe_));
    return Step::stop;
}

void Flow::release()
{
    x_raw_ = {};
    x_out_ = {};
    x_stores_.give(std::move(x_buffer_));
    x_buffer_ = Buffer();
    x_stores_.give(std::move(x_pipe_));
    x_state_ = State::finished;
}

} // namespace cosdiag::net

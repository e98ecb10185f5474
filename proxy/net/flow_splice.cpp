// SPDX-License-Identifier: Apache-2.0
// The part of a flow that moves long bodies without their passing through user space.
#include "proxy/net/flow.hpp"

#include <algorithm>
#include <system_error>

namespace cosdiag::net {

using Kind = http::Framing::Kind;

namespace {

/// A pipe pays only for streams that have proved long, or say so.
constexpr std::uint64_t long_stream = 256 * 1024;

} // namespace

bool Flow::may_splice() const noexcept
{
    if (x_pipe_)
        return true;
    const bool is_long = (x_framing_.kind == Kind::length && x_left_ >= long_stream) ||
                         (x_framing_.kind == Kind::until_close && x_bulk_ + x_run_ >= long_stream);
    return is_long && !x_no_splice_ && x_hold_ == 0 && x_raw_.empty() && x_to_ != nullptr &&
           (x_tap_ == nullptr || x_tap_->full()) && x_from_->can_splice() && x_to_->can_splice();
}

Flow::Step Flow::splice()
{
    if (!x_pipe_) {
        try {
            x_pipe_ = x_stores_.take_pipe();
        } catch (const std::system_error&) { // out of descriptors: copying needs none
            x_no_splice_ = true;
            return Step::on;
        }
        x_stores_.give(std::move(x_buffer_));
        x_buffer_ = Buffer();
        x_raw_ = {};
    }
    IoResult in{Io::moved, 0, 0};
    if (x_pipe_->held == 0) {
        const std::uint64_t most = x_framing_.kind == Kind::length
                                       ? std::min<std::uint64_t>(x_left_, x_pipe_->capacity())
                                       : x_pipe_->capacity();
        in = x_from_->splice_to(*x_pipe_, static_cast<std::size_t>(most));
        took(in.bytes);
        if (x_framing_.kind == Kind::length)
            x_left_ -= in.bytes;
        if (in.io == Io::ended || in.io == Io::failed)
            x_source_ = in.io;
    }
    while (x_pipe_->held != 0) {
        if (x_to_ == nullptr) {
            x_pipe_.reset();
            return Step::on;
        }
        const IoResult out = x_to_->splice_from(*x_pipe_);
        if (out.io == Io::blocked) {
            x_wants_write_ = true;
            return Step::stop;
        }
        if (out.io != Io::moved || out.bytes == 0)
            return end(State::sink_failed);
        x_sent_ += out.bytes;
    }
    const bool whole = x_framing_.kind == Kind::length && x_left_ == 0;
    x_body_done_ = whole || (x_framing_.kind == Kind::until_close && x_source_ == Io::ended);
    if (in.io == Io::blocked && !x_body_done_) {
        ran_dry();
        return Step::stop;
    }
    return Step::on;
}

} // namespace cosdiag::net

// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/relay_flow.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

namespace cosdiag::bench {

namespace {

constexpr std::size_t pipe_bytes = 1024 * 1024;

} // namespace

Flow::Flow(RelayWay way, std::span<char> buffer, const Fd& from, const Fd& to)
    : x_way(way), x_buffer(buffer), x_from(from), x_to(to)
{
    if (way == RelayWay::copy)
        return;
    int ends[2];
    if (pipe2(ends, O_NONBLOCK | O_CLOEXEC) != 0)
        fail("pipe2");
    x_pipe_out = Fd(ends[0]);
    x_pipe_in = Fd(ends[1]);
    if (fcntl(ends[1], F_SETPIPE_SZ, static_cast<int>(pipe_bytes)) < 0)
        fail("F_SETPIPE_SZ");
}

bool Flow::run(bool ending)
{
    x_ending = x_ending || ending;
    auto step = Step::again;
    while (step == Step::again && !x_finished)
        step = x_way == RelayWay::copy ? copy_once() : splice_once();
    return step != Step::failed;
}

Flow::Step Flow::end_of_input()
{
    x_finished = true;
    return shutdown(x_to.get(), SHUT_WR) == 0 ? Step::wait : Step::failed;
}

Flow::Step Flow::write_pending()
{
    const ssize_t sent = send(x_to.get(), x_pending.get() + x_pending_at, x_pending_bytes, MSG_NOSIGNAL);
    if (sent < 0)
        return would_block() ? Step::wait : Step::failed;
    x_pending_at += static_cast<std::size_t>(sent);
    x_pending_bytes -= static_cast<std::size_t>(sent);
    if (x_pending_bytes > 0)
        return Step::wait;
    x_pending.reset();
    return Step::again;
}

Flow::Step Flow::copy_once()
{
    if (x_pending_bytes > 0)
        return write_pending();
    const ssize_t count = recv(x_from.get(), x_buffer.data(), x_buffer.size(), 0);
    if (count == 0)
        return end_of_input();
    if (count < 0)
        return would_block() ? Step::wait : Step::failed;
    const auto bytes = static_cast<std::size_t>(count);
    const ssize_t taken = send(x_to.get(), x_buffer.data(), bytes, MSG_NOSIGNAL);
    if (taken < 0 && !would_block())
        return Step::failed;
    const auto sent = taken < 0 ? 0 : static_cast<std::size_t>(taken);
    if (sent == bytes)
        return bytes == x_buffer.size() || x_ending ? Step::again : Step::wait;
    x_pending = std::make_unique<char[]>(bytes - sent);
    x_pending_at = 0;
    x_pending_bytes = bytes - sent;
    std::copy_n(x_buffer.data() + sent, x_pending_bytes, x_pending.get());
    return Step::wait;
}

/// A pipe may be full of small pieces before it is full of bytes, so only an empty pipe tells that the socket
/// is empty.
Flow::Step Flow::splice_once()
{
    const unsigned flags = SPLICE_F_NONBLOCK | SPLICE_F_MOVE;
    if (x_pending_bytes < pipe_bytes) {
        const auto room = pipe_bytes - x_pending_bytes;
        const ssize_t count = splice(x_from.get(), nullptr, x_pipe_in.get(), nullptr, room, flags);
        if (count < 0 && !would_block())
            return Step::failed;
        if (count == 0 && x_pending_bytes == 0)
            return end_of_input();
        if (count < 0 && x_pending_bytes == 0)
            return Step::wait;
        x_pending_bytes += count > 0 ? static_cast<std::size_t>(count) : 0;
    }
    const ssize_t sent = splice(x_pipe_out.get(), nullptr, x_to.get(), nullptr, x_pending_bytes, flags);
    if (sent < 0)
        return would_block() ? Step::wait : Step::failed;
    x_pending_bytes -= static_cast<std::size_t>(sent);
    return Step::again;
}

} // namespace cosdiag::bench

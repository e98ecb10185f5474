// SPDX-License-Identifier: Apache-2.0
// One direction of the byte relay: the least that any proxy must do.
#pragma once

#include "tests/bench/socket.hpp"

#include <cstddef>
#include <memory>
#include <span>

namespace cosdiag::bench {

enum class RelayWay { copy, splice };

/// Moves bytes from one socket to another until it has seen the end and passed it on. Sockets are watched
/// edge-triggered in both directions, so that a short read or write means "wait".
class Flow {
public:
    /// `buffer` is shared by all flows; bytes that the receiver does not take at once move to memory of the
    /// flow's own.
    Flow(RelayWay way, std::span<char> buffer, const Fd& from, const Fd& to);

    /// Moves what can be moved now; `ending` says that the sender's end is on its way, so that a short read
    /// is not the last. False on an error of either socket.
    bool run(bool ending);

    bool finished() const { return x_finished; }

    /// True while bytes wait for the receiver to become writable.
    bool blocked() const { return x_pending_bytes > 0; }

private:
    enum class Step { again, wait, failed };

    Step copy_once();
    Step splice_once();
    Step end_of_input();
    Step write_pending();

    RelayWay x_way;
    std::span<char> x_buffer;
    const Fd& x_from;
    const Fd& x_to;
    std::unique_ptr<char[]> x_pending;
    std::size_t x_pending_at = 0;
    std::size_t x_pending_bytes = 0;
    Fd x_pipe_in;
    Fd x_pipe_out;
    bool x_ending = false;
    bool x_finished = false;
};

} // namespace cosdiag::bench

// SPDX-License-Identifier: Apache-2.0
// How much of a thread's time may go into finding the mistake in a signature: traffic comes first.
#pragma once

#include <algorithm>
#include <chrono>

namespace cosdiag {

/// Time saved up at 5 % of what passes, up to 50 ms, and spent by searches. For one thread.
class SearchBudget {
public:
    using Clock = std::chrono::steady_clock;

    bool allows(Clock::time_point now) noexcept
    {
        x_saved_ = std::min<Clock::duration>(most, x_saved_ + (now - x_at_) / 20);
        x_at_ = now;
        return x_saved_ > Clock::duration::zero();
    }

    void spend(Clock::duration time) noexcept { x_saved_ -= time; }

private:
    static constexpr Clock::duration most = std::chrono::milliseconds(50);

    Clock::duration x_saved_ = most;
    Clock::time_point x_at_ = Clock::now();
};

} // namespace cosdiag

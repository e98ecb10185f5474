// SPDX-License-Identifier: Apache-2.0
#include "proxy/net/waiter.hpp"

#include <algorithm>
#include <ctime>

namespace cosdiag::net {

Ticks now() noexcept
{
    timespec time{};
    clock_gettime(CLOCK_MONOTONIC_COARSE, &time);
    return static_cast<Ticks>(time.tv_sec) * 1000 + time.tv_nsec / 1'000'000;
}

void Alarm::set(Ticks deadline)
{
    x_deadline_ = deadline;
    if (deadline == never || (x_link_ != nullptr && x_due_ <= deadline))
        return;
    unlink();
    x_wheel_.link(*this, deadline);
}

void Alarm::unlink() noexcept
{
    if (x_link_ == nullptr)
        return;
    *x_link_ = x_next_;
    if (x_next_ != nullptr)
        x_next_->x_link_ = x_link_;
    x_link_ = nullptr;
    x_next_ = nullptr;
    --x_wheel_.x_count_;
}

void Wheel::link(Alarm& alarm, Ticks due)
{
    // Rounded up, so that nothing fires early; at least one slot ahead, at most one turn.
    const Ticks first = x_reached_ / resolution + 1;
    const Ticks slot =
        std::clamp((due + resolution - 1) / resolution, first, first + static_cast<Ticks>(slots_) - 2);
    Alarm*& head = x_slots_[static_cast<std::size_t>(slot) % slots_];
    alarm.x_due_ = slot * resolution;
    alarm.x_next_ = head;
    if (head != nullptr)
        head->x_link_ = &alarm.x_next_;
    head = &alarm;
    alarm.x_link_ = &head;
    ++x_count_;
    if (alarm.x_due_ < x_next_) {
        x_next_ = alarm.x_due_;
        if (on_earlier)
            on_earlier(x_next_);
    }
}

Ticks Wheel::first_due() const noexcept
{
    if (empty())
        return Alarm::never;
    Ticks slot = x_reached_ / resolution + 1;
    while (x_slots_[static_cast<std::size_t>(slot) % slots_] == nullptr)
        ++slot;
    return slot * resolution;
}

void Wheel::advance(Ticks time)
{
    x_next_ = INT64_MIN; // whoever calls goes on with next()
    while (!empty() && x_reached_ / resolution < time / resolution) {
        x_reached_ = (x_reached_ / resolution + 1) * resolution;
        // Taken aside first: what fires may set alarms anew, or end others that are due too.
        Alarm* due =
            std::exchange(x_slots_[static_cast<std::size_t>(x_reached_ / resolution) % slots_], nullptr);
        if (due != nullptr)
            due->x_link_ = &due;
        while (due != nullptr) {
            Alarm& alarm = *due;
            alarm.unlink();
            if (alarm.x_deadline_ == Alarm::never)
                continue;
            if (alarm.x_deadline_ > x_reached_) {
                link(alarm, alarm.x_deadline_);
                continue;
            }
            alarm.x_deadline_ = Alarm::never;
            alarm.on_deadline();
        }
    }
    if (empty())
        x_reached_ = std::max(x_reached_, time);
    x_next_ = first_due();
}

} // namespace cosdiag::net

// SPDX-License-Identifier: Apache-2.0
// Where a session sleeps: until a stream is ready, a deadline passes or the program stops.
#pragma once

#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>

namespace cosdiag::net {

/// A moment of the monotonic clock at its coarse resolution (about 4 ms). Units: milliseconds.
using Ticks = std::int64_t;

/// Now, read from the vDSO without a system call.
Ticks now() noexcept;

/// Told when a stream it watches may have become ready.
class Observer {
public:
    virtual void on_ready() = 0;

protected:
    ~Observer() = default;
};

class Wheel;

/// Something with one deadline. Moving the deadline later costs nothing: the wheel notices when it gets
/// there.
class Alarm {
public:
    explicit Alarm(Wheel& wheel) noexcept : x_wheel_(wheel) {}

    Alarm(const Alarm&) = delete;
    Alarm& operator=(const Alarm&) = delete;

    void set(Ticks deadline);

    void clear() noexcept { x_deadline_ = never; }

    static constexpr Ticks never = INT64_MAX;

    virtual ~Alarm() { unlink(); }

private:
    friend class Wheel;

    virtual void on_deadline() = 0;

    void unlink() noexcept;

    Wheel& x_wheel_;
    Alarm* x_next_ = nullptr;
    Alarm** x_link_ = nullptr; ///< what points here; null while in no slot
    Ticks x_deadline_ = never;
    Ticks x_due_ = never; ///< when the wheel looks again
};

/// A hashed timing wheel: all deadlines of a thread behind one timer. Resolution: `resolution` ms, never
/// early.
class Wheel {
public:
    static constexpr Ticks resolution = 32;

    explicit Wheel(Ticks start) noexcept : x_reached_(start) {}

    /// Called with the moment at which `advance` is needed next, whenever that has become earlier.
    std::function<void(Ticks)> on_earlier;

    /// Fires what is due.
    void advance(Ticks time);

    /// When `advance` is needed next; Alarm::never if no alarm is set.
    Ticks next() const noexcept { return x_next_; }

    bool empty() const noexcept { return x_count_ == 0; }

private:
    friend class Alarm;

    static constexpr std::size_t slots_ =
        1024; ///< a turn takes 32 s; later deadlines are looked at once a turn

    void link(Alarm& alarm, Ticks due);
    Ticks first_due() const noexcept;

    Ticks x_reached_;
    Ticks x_next_ = Alarm::never;
    std::size_t x_count_ = 0;
    Alarm* x_slots_[slots_] = {};
};

/// One coroutine's bed. Woken by streams, by its deadline, or by `stop`; more wakes than sleeps do no harm.
class Waiter final : public Observer, public Alarm {
public:
    explicit Waiter(Wheel& wheel) noexcept : Alarm(wheel) {}

    void on_ready() override { wake(); }

    void wake()
    {
        x_woken_ = true;
        if (x_sleeper_)
            std::exchange(x_sleeper_, {}).resume();
    }

    /// Asks the coroutine to end.
    void stop()
    {
        x_stopped_ = true;
        wake();
    }

    bool stopped() const noexcept { return x_stopped_; }

    /// Whether the deadline has passed since it was last set; asking forgets it.
    bool take_expired() noexcept { return std::exchange(x_expired_, false); }

    /// Sleeps until woken; returns at once when a wake came since the last sleep.
    auto sleep() noexcept
    {
        struct Sleep {
            Waiter& bed;

            bool await_ready() const noexcept { return std::exchange(bed.x_woken_, false); }

            void await_suspend(std::coroutine_handle<> sleeper) const noexcept { bed.x_sleeper_ = sleeper; }

            void await_resume() const noexcept { bed.x_woken_ = false; }
        };

        return Sleep{*this};
    }

private:
    void on_deadline() override
    {
        x_expired_ = true;
        wake();
    }

    std::coroutine_handle<> x_sleeper_;
    bool x_woken_ = false;
    bool x_expired_ = false;
    bool x_stopped_ = false;
};

} // namespace cosdiag::net

// SPDX-License-Identifier: Apache-2.0
#include "proxy/net/waiter.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <vector>

using namespace cosdiag::net;

namespace {

struct Bell final : Alarm {
    explicit Bell(Wheel& wheel) : Alarm(wheel) {}

    void on_deadline() override
    {
        ++rung;
        if (then)
            then();
    }

    int rung = 0;
    std::function<void()> then;
};

} // namespace

TEST_SUITE("proxy/net/waiter")
{
    TEST_CASE("an alarm rings once, never early, and at most two turns of the wheel's resolution late")
    {
        for (const Ticks wait : {1, 31, 32, 33, 500, 30'000, 40'000, 3'600'000}) {
            CAPTURE(wait);
            Wheel wheel(1000);
            Bell bell(wheel);
            bell.set(1000 + wait);
            wheel.advance(1000 + wait - 1);
            CHECK(bell.rung == 0);
            wheel.advance(1000 + wait + 2 * Wheel::resolution);
            CHECK(bell.rung == 1);
            wheel.advance(1000 + 2 * wait + 100'000);
            CHECK(bell.rung == 1);
            CHECK(wheel.empty());
        }
    }

    TEST_CASE("an alarm set later or cleared does not ring at its old time; one set earlier does ring earlier"
    )
    {
        Wheel wheel(0);
        Bell later(wheel);
        Bell cleared(wheel);
        Bell earlier(wheel);
        later.set(100);
        later.set(10'000);
        cleared.set(100);
        cleared.clear();
        earlier.set(10'000);
        earlier.set(100);
        wheel.advance(200);
        CHECK(later.rung == 0);
        CHECK(cleared.rung == 0);
        CHECK(earlier.rung == 1);
        wheel.advance(10'100);
        CHECK(later.rung == 1);
        CHECK(earlier.rung == 1);
    }

    TEST_CASE("an alarm that rings may set itself anew and end another that is due with it")
    {
        Wheel wheel(0);
        auto other = std::make_unique<Bell>(wheel);
        Bell bell(wheel);
        other->set(100);
        bell.set(100);
        bell.then = [&] {
            other.reset();
            bell.then = nullptr;
            bell.set(200);
        };
        wheel.advance(150);
        CHECK(bell.rung == 1);
        CHECK(other == nullptr);
        wheel.advance(300);
        CHECK(bell.rung == 2);
    }

    TEST_CASE("the wheel says when it is needed next, and tells when that becomes earlier")
    {
        Wheel wheel(0);
        std::vector<Ticks> told;
        wheel.on_earlier = [&](Ticks due) { told.push_back(due); };
        CHECK(wheel.next() == Alarm::never);
        Bell slow(wheel);
        Bell fast(wheel);
        slow.set(5000);
        fast.set(500);
        REQUIRE(told.size() == 2);
        CHECK(told[0] >= 5000);
        CHECK(told[1] >= 500);
        CHECK(told[1] < 5000);
        CHECK(wheel.next() == told[1]);
        wheel.advance(600);
        CHECK(wheel.next() >= 5000);
        CHECK(told.size() == 2);
    }
}

// SPDX-License-Identifier: Apache-2.0
#include "proxy/net/meters.hpp"

#include <doctest/doctest.h>

#include <set>
#include <thread>

using namespace cosdiag::net;

namespace {

std::uint64_t clients_in(const MeterRoom& room)
{
    std::uint64_t all = 0;
    room.for_each([&](const Meters& each) { all += each.clients.value(); });
    return all;
}

} // namespace

TEST_SUITE("proxy/net/meters")
{
    TEST_CASE("a time falls into the first range that it does not exceed")
    {
        struct Row {
            std::int64_t milliseconds;
            std::size_t range;
            std::uint64_t sum;
        };

        for (const Row& row :
             {Row{-5, 0, 0},
              {0, 0, 0},
              {1, 0, 1},
              {2, 1, 2},
              {3, 2, 3},
              {5, 2, 5},
              {6, 3, 6},
              {100, 6, 100},
              {101, 7, 101},
              {300'000, 13, 300'000},
              {300'001, 14, 300'001},
              {1LL << 40, 14, 1ULL << 40}}) {
            CAPTURE(row.milliseconds);
            Histogram histogram;
            histogram.observe(row.milliseconds);
            for (std::size_t range = 0; range <= Histogram::bounds.size(); ++range)
                CHECK(histogram.in_range(range) == (range == row.range ? 1 : 0));
            CHECK(histogram.sum() == row.sum);
        }
    }

    TEST_CASE("methods and error types that are not told apart count as other")
    {
        std::set<std::size_t> places;
        for (const std::string_view method : counted_methods)
            places.insert(index_of_method(method));
        CHECK(places.size() == counted_methods.size());
        for (const char* method : {"PATCH", "get", "", "other", "GETT"})
            CHECK(counted_methods[index_of_method(method)] == "other");
        places.clear();
        for (const std::string_view error : counted_errors)
            places.insert(index_of_error(error));
        CHECK(places.size() == counted_errors.size());
        for (const char* error : {"", "other", "DNS_ERROR", "something new"})
            CHECK(counted_errors[index_of_error(error)] == "other");
    }

    TEST_CASE("each thread has meters of its own, and who comes later goes on where one has ended")
    {
        MeterRoom room;
        Meters& first = room.take();
        Meters& second = room.take();
        CHECK(&first != &second);
        first.clients.add(3);
        second.clients.add(4);
        room.give_back(first);
        CHECK(clients_in(room) == 7);
        Meters& third = room.take();
        CHECK(&third == &first);
        third.clients.add();
        CHECK(clients_in(room) == 8);
        CHECK(&room.take() != &third);
    }

    TEST_CASE("connections that were idle in a thread are not once it has ended")
    {
        MeterRoom room;
        Meters& meters = room.take();
        meters.pooled.set(5);
        meters.reused.add(2);
        room.give_back(meters);
        room.for_each([](const Meters& each) {
            CHECK(each.pooled.value() == 0);
            CHECK(each.reused.value() == 2);
        });
    }

    TEST_CASE("numbers that are read while threads come, count and go only grow")
    {
        constexpr int rounds = 200;
        MeterRoom room;
        std::atomic<int> done{0};
        std::vector<std::thread> counting;
        for (int thread = 0; thread < 3; ++thread)
            counting.emplace_back([&] {
                for (int round = 0; round < rounds; ++round) {
                    Meters& meters = room.take();
                    for (int i = 0; i < 10; ++i)
                        meters.clients.add();
                    room.give_back(meters);
                }
                ++done;
            });
        std::uint64_t before = 0;
        while (done < 3) {
            const std::uint64_t now = clients_in(room);
            CHECK(now >= before);
            before = now;
        }
        for (std::thread& each : counting)
            each.join();
        CHECK(clients_in(room) == 3 * rounds * 10);
        std::size_t all = 0;
        room.for_each([&](const Meters&) { ++all; });
        CHECK(all <= 3);
    }
}

// SPDX-License-Identifier: Apache-2.0
#include "proxy/log/journal.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <stdexcept>
#include <thread>

using cosdiag::log::Journal;

namespace {

using Numbers = std::vector<std::uint64_t>;

Numbers numbers(const std::vector<Journal::Entry>& entries)
{
    Numbers all;
    for (const Journal::Entry& each : entries)
        all.push_back(each.seq);
    return all;
}

void fill(Journal& journal, int count)
{
    for (int i = 1; i <= count; ++i)
        journal.add("entry " + std::to_string(i));
}

constexpr std::uint64_t end = std::numeric_limits<std::uint64_t>::max();

} // namespace

TEST_SUITE("proxy/log/journal")
{
    TEST_CASE("without entries there is nothing on either side")
    {
        const Journal journal;
        const Journal::View view = journal.before(end, 10);
        CHECK(view.entries.empty());
        CHECK(view.latest == 0);
        CHECK(view.kept == 0);
        CHECK(journal.latest() == 0);
        CHECK(journal.after(0, 10).empty());
    }

    TEST_CASE("entries are numbered from 1 and keep their text")
    {
        Journal journal;
        fill(journal, 3);
        const auto entries = journal.after(0, 10);
        REQUIRE(numbers(entries) == Numbers{1, 2, 3});
        CHECK(*entries[0].line == "entry 1");
        CHECK(*entries[2].line == "entry 3");
        CHECK(journal.latest() == 3);
    }

    TEST_CASE("before goes back from the latest, after goes on from the earliest")
    {
        Journal journal;
        fill(journal, 10);
        CHECK(numbers(journal.before(end, 3).entries) == Numbers{10, 9, 8});
        CHECK(numbers(journal.before(8, 3).entries) == Numbers{7, 6, 5});
        CHECK(numbers(journal.before(2, 3).entries) == Numbers{1});
        CHECK(journal.before(1, 3).entries.empty());
        CHECK(journal.before(0, 3).entries.empty());
        CHECK(journal.before(end, 0).entries.empty());
        CHECK(numbers(journal.after(0, 3)) == Numbers{1, 2, 3});
        CHECK(numbers(journal.after(8, 3)) == Numbers{9, 10});
        CHECK(journal.after(10, 3).empty());
        CHECK(journal.after(end, 3).empty());
        CHECK(journal.after(0, 0).empty());
    }

    TEST_CASE("the oldest are forgotten where there is no room for more of them")
    {
        Journal journal({.entries = 3});
        fill(journal, 10);
        const Journal::View view = journal.before(end, 100);
        CHECK(numbers(view.entries) == Numbers{10, 9, 8});
        CHECK(view.latest == 10);
        CHECK(view.kept == 3);
        CHECK(numbers(journal.after(0, 100)) == Numbers{8, 9, 10});
    }

    TEST_CASE("the oldest are forgotten where there is no room for their bytes; the latest is kept anyhow")
    {
        Journal journal({.entries = 100, .bytes = 100});
        const auto kept = [&] { return journal.before(end, 100).kept; };
        for (int i = 0; i < 10; ++i)
            journal.add(std::string(30, 'x'));
        CHECK(kept() == 3);
        journal.add(std::string(1000, 'x'));
        CHECK(kept() == 1);
        CHECK(journal.latest() == 11);
        journal.add(std::string(100, 'x'));
        CHECK(kept() == 1);
        journal.add("");
        CHECK(kept() == 2);
    }

    TEST_CASE("an entry outlives its place for who has it already")
    {
        Journal journal({.entries = 1});
        journal.add("first");
        const auto entries = journal.after(0, 1);
        journal.add("second");
        CHECK(*entries.at(0).line == "first");
    }

    TEST_CASE("news are told after each entry, and no more once nobody wants them")
    {
        Journal journal;
        int told = 0;
        journal.tell([&] { ++told; });
        fill(journal, 3);
        CHECK(told == 3);
        journal.tell({});
        fill(journal, 3);
        CHECK(told == 3);
        CHECK(journal.latest() == 6);
    }

    TEST_CASE("news that cannot be told cost no entry")
    {
        Journal journal;
        journal.tell([] { throw std::runtime_error("nobody is there"); });
        fill(journal, 2);
        CHECK(numbers(journal.after(0, 10)) == Numbers{1, 2});
    }

    TEST_CASE("while threads add, readers see every number once and in order")
    {
        constexpr int each = 5000;
        Journal journal({.entries = 4 * each});
        std::vector<std::thread> adding;
        for (int thread = 0; thread < 2; ++thread)
            adding.emplace_back([&] { fill(journal, each); });
        std::uint64_t seen = 0;
        bool in_order = true;
        while (seen < 2 * each) {
            for (const Journal::Entry& entry : journal.after(seen, 100))
                in_order = in_order && entry.seq == ++seen;
            const Journal::View view = journal.before(end, 100);
            in_order = in_order && view.kept == view.latest &&
                       (view.entries.empty() || view.entries.front().seq == view.latest);
        }
        for (std::thread& thread : adding)
            thread.join();
        CHECK(in_order);
    }
}

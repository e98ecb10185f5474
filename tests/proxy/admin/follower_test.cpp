// SPDX-License-Identifier: Apache-2.0
#include "proxy/admin/follower.hpp"
#include "tests/proxy/admin/support.hpp"

#include <doctest/doctest.h>

using namespace cosdiag;
using namespace cosdiag::admin;
using cosdiag::log::Journal;

namespace {

void add(Journal& journal, int count, std::string_view cause = "clock-skewed")
{
    for (int i = 0; i < count; ++i)
        journal.add(test::entry(cause, "a"));
}

/// The ids and other events in a piece of a stream: `1 2 forgotten:3-5 6`. Each event must be whole.
std::string summary(std::string_view events)
{
    std::string all;
    while (!events.empty()) {
        const std::size_t end = events.find("\n\n");
        REQUIRE(end != std::string_view::npos);
        const std::string_view event = events.substr(0, end);
        events.remove_prefix(end + 2);
        if (!all.empty())
            all += ' ';
        if (event.starts_with("id: ")) {
            const auto [id, rest] = split_at(event.substr(4), '\n');
            const std::string_view head = "event: diagnosis\ndata: ";
            REQUIRE(rest.starts_with(head));
            CHECK(rest.find('\n', head.size()) == std::string_view::npos);
            test::parsed(rest.substr(head.size()));
            all += id;
        } else {
            const std::string_view head = "event: forgotten\ndata: ";
            REQUIRE(event.starts_with(head));
            const json::value gap = test::parsed(event.substr(head.size()));
            all += "forgotten:" + std::to_string(number_in(gap, "from")) + "-" +
                   std::to_string(number_in(gap, "to"));
        }
    }
    return all;
}

Follower follow(const Journal& journal, std::string_view query = "")
{
    return {journal, std::get<Query>(parse_query(query)), "0123abcd"};
}

} // namespace

TEST_SUITE("proxy/admin/follower")
{
    TEST_CASE("who names no number sees what comes from now on")
    {
        Journal journal;
        add(journal, 3);
        Follower follower = follow(journal);
        CHECK(follower.greeting() == "event: instance\ndata: {\"instance\":\"0123abcd\",\"latest\":3}\n\n");
        CHECK(follower.next(100).empty());
        add(journal, 2);
        CHECK(summary(follower.next(100)) == "4 5");
        CHECK(follower.next(100).empty());
    }

    TEST_CASE("who names a number goes on behind it")
    {
        struct Row {
            const char* after;
            const char* seen;
        };

        for (const Row& row : {Row{"0", "1 2 3"}, {"1", "2 3"}, {"2", "3"}, {"3", ""}}) {
            CAPTURE(row.after);
            Journal journal;
            add(journal, 3);
            CHECK(summary(follow(journal, "after=" + std::string(row.after)).next(100)) == row.seen);
        }
    }

    TEST_CASE("a number that was not given yet is of an earlier process, so all that is kept is new")
    {
        Journal journal;
        add(journal, 3);
        CHECK(summary(follow(journal, "after=4").next(100)) == "1 2 3");
        CHECK(summary(follow(journal, "after=999999999999999999").next(100)) == "1 2 3");
        const Journal fresh;
        Follower waiting = follow(fresh, "after=17");
        CHECK(waiting.next(100).empty());
    }

    TEST_CASE("an entry is looked at once, and no more of them at once than that")
    {
        Journal journal;
        Follower follower = follow(journal);
        add(journal, 7);
        CHECK(summary(follower.next(3)) == "1 2 3");
        CHECK(summary(follower.next(3)) == "4 5 6");
        add(journal, 1);
        CHECK(summary(follower.next(3)) == "7 8");
        CHECK(follower.next(3).empty());
    }

    TEST_CASE("what memory let go of before it was read is told")
    {
        Journal journal({.entries = 3});
        Follower follower = follow(journal);
        add(journal, 2);
        CHECK(summary(follower.next(1)) == "1");
        add(journal, 8);
        CHECK(summary(follower.next(1)) == "forgotten:2-7 8");
        CHECK(summary(follower.next(100)) == "9 10");
        CHECK(summary(follow(journal, "after=0").next(100)) == "forgotten:1-7 8 9 10");
        CHECK(summary(follow(journal, "after=7").next(100)) == "8 9 10");
    }

    TEST_CASE("a filter shows what fits, and reads past what does not in one go")
    {
        Journal journal;
        Follower follower = follow(journal, "cause=anonymous-request");
        add(journal, 10);
        add(journal, 1, "anonymous-request");
        add(journal, 10);
        CHECK(summary(follower.next(2)) == "11");
        CHECK(follower.next(2).empty());
        add(journal, 1, "anonymous-request");
        CHECK(summary(follower.next(2)) == "22");
    }

    TEST_CASE("a gap is told though nothing behind it fits")
    {
        Journal journal({.entries = 3});
        Follower follower = follow(journal, "cause=anonymous-request");
        add(journal, 10);
        CHECK(summary(follower.next(100)) == "forgotten:1-7");
        CHECK(follower.next(100).empty());
    }

    TEST_CASE("two who follow do not take from each other")
    {
        Journal journal;
        Follower first = follow(journal);
        Follower second = follow(journal);
        add(journal, 2);
        CHECK(summary(first.next(100)) == "1 2");
        CHECK(summary(second.next(100)) == "1 2");
    }
}

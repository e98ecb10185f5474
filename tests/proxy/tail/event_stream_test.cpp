// SPDX-License-Identifier: Apache-2.0
#include "proxy/tail/event_stream.hpp"

#include <doctest/doctest.h>

#include <initializer_list>
#include <ostream>
#include <vector>

namespace cosdiag::tail {

std::ostream& operator<<(std::ostream& out, const Event& event)
{
    return out << event.type << '|' << event.data << '|' << event.id;
}

} // namespace cosdiag::tail

using namespace cosdiag::tail;

namespace {

using Events = std::vector<Event>;

Events read(std::initializer_list<std::string_view> pieces)
{
    Events events;
    EventStream stream;
    for (const auto piece : pieces)
        stream.feed(piece, [&](const Event& event) { events.push_back(event); });
    return events;
}

struct Transcript {
    const char* name;
    std::string_view bytes;
    Events events;
};

} // namespace

TEST_SUITE("proxy/tail/event_stream")
{
    TEST_CASE("a stream tells the same events in whatever three pieces it comes")
    {
        using namespace std::string_view_literals;
        const Transcript transcripts[] = {
            {"the admin listener's",
             "event: instance\ndata: {\"instance\":\"0a1b2c3d\",\"latest\":41}\n\n: \n\nid: 42\nevent: "
             "diagnosis\ndata: {\"id\":1}\n\nevent: draining\ndata: {}\n\n",
             {{"instance", "{\"instance\":\"0a1b2c3d\",\"latest\":41}", ""},
              {"diagnosis", "{\"id\":1}", "42"},
              {"draining", "{}", "42"}}},
            {"line ends of three kinds",
             "data: a\r\n\r\ndata: b\r\rdata: c\n\nid: 1\r\ndata: d\n\r\n",
             {{"message", "a", ""}, {"message", "b", ""}, {"message", "c", ""}, {"message", "d", "1"}}},
            {"several lines of data", "data: a\ndata\ndata:\ndata:  b\n\n", {{"message", "a\n\n\n b", ""}}},
            {"data that is empty", "data\n\n", {{"message", "", ""}}},
            {"no data", "event: x\nid: 7\n\ndata: y\n\n", {{"message", "y", "7"}}},
            {"a mark of the byte order",
             "\xEF\xBB\xBF"
             "data: a\n\n",
             {{"message", "a", ""}}},
            {"fields that nobody knows",
             "retry: 10\ndate: x\n datum: x\ndata: a\n\n",
             {{"message", "a", ""}}},
            {"an id with a zero byte", "id: 1\nid: 2\0\ndata: a\n\n"sv, {{"message", "a", "1"}}},
            {"an id that is taken back",
             "id: 1\ndata: a\n\nid\ndata: b\n\n",
             {{"message", "a", "1"}, {"message", "b", ""}}},
            {"an event without its end", "data: a\n\ndata: b\n", {{"message", "a", ""}}},
            {"comments between fields", "data: a\n:data: b\n:\ndata: c\n\n", {{"message", "a\nc", ""}}},
        };
        for (const auto& [name, bytes, events] : transcripts) {
            CAPTURE(name);
            for (std::size_t one = 0; one <= bytes.size(); ++one) {
                for (std::size_t two = one; two <= bytes.size(); ++two) {
                    const auto seen =
                        read({bytes.substr(0, one), bytes.substr(one, two - one), bytes.substr(two)});
                    if (seen == events)
                        continue;
                    CAPTURE(one);
                    CAPTURE(two);
                    CHECK(seen == events);
                }
            }
        }
    }

    TEST_CASE("an event longer than the bound is left out and counted, and the next one is told")
    {
        const std::string half(EventStream::longest / 2 + 1, 'x');
        for (const std::string& huge :
             {"data: " + half + half + "\n", "data: " + half + "\ndata: " + half + "\n"}) {
            Events events;
            EventStream stream;
            const EventStream::EachEvent each = [&](const Event& event) { events.push_back(event); };
            stream.feed("data: a\n\n" + huge, each);
            stream.feed("\ndata: b\n\n", each);
            CHECK(events == Events{{"message", "a", ""}, {"message", "b", ""}});
            CHECK(stream.too_long() == 1);
        }
    }
}

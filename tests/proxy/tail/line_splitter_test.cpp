// SPDX-License-Identifier: Apache-2.0
#include "proxy/tail/line_splitter.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace cosdiag::tail;

namespace {

using Lines = std::vector<std::string>;

/// The lines of a text that comes in pieces which end at these places, its open end included.
Lines split(std::string_view text, std::initializer_list<std::size_t> places)
{
    Lines lines;
    LineSplitter splitter;
    const EachLine each = [&](std::string_view line) { lines.emplace_back(line); };
    std::size_t begin = 0;
    for (const auto end : places) {
        splitter.feed(text.substr(begin, end - begin), each);
        begin = end;
    }
    splitter.feed(text.substr(begin), each);
    splitter.finish(each);
    return lines;
}

} // namespace

TEST_SUITE("proxy/tail/line_splitter")
{
    TEST_CASE("a text has the same lines in whatever two pieces it comes")
    {
        const std::string_view text = "first\n\nthird\r\nno end";
        for (std::size_t at = 0; at <= text.size(); ++at) {
            CAPTURE(at);
            const auto lines = split(text, {at});
            Lines filled;
            for (const auto& line : lines) {
                if (!line.empty())
                    filled.push_back(line);
            }
            CHECK(filled == Lines{"first", "third\r", "no end"});
        }
    }

    TEST_CASE("nothing follows the last line feed")
    {
        CHECK(split("one\n", {}) == Lines{"one"});
        CHECK(split("", {}).empty());
    }

    TEST_CASE("a line longer than the bound is left out, counted once, and costs only itself")
    {
        Lines lines;
        LineSplitter splitter;
        const EachLine each = [&](std::string_view line) { lines.emplace_back(line.substr(0, 8)); };
        const std::string longest(longest_line, 'a');
        splitter.feed("before\n" + longest + "\n", each);
        CHECK(lines == Lines{"before", "aaaaaaaa"});
        CHECK(splitter.too_long() == 0);
        for (int i = 0; i < 3; ++i)
            splitter.feed(longest, each);
        splitter.feed("\nafter\n", each);
        splitter.feed("b" + longest + "\nlast\n", each);
        CHECK(lines == Lines{"before", "aaaaaaaa", "after", "last"});
        CHECK(splitter.too_long() == 2);
    }
}

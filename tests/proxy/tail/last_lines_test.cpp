// SPDX-License-Identifier: Apache-2.0
#include "proxy/tail/last_lines.hpp"
#include "proxy/tail/line_splitter.hpp"
#include "support.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

using namespace cosdiag;
using namespace cosdiag::tail;

namespace {

/// What a file that holds this text would be read from.
std::string last(const std::string& text, std::size_t count, char counted = 'x')
{
    const test::Folder folder;
    test::append(folder.file("log"), text);
    const int file = ::open(folder.file("log").c_str(), O_RDONLY);
    const auto begin = begin_of_last(file, text.size(), count, [&](std::string_view line) {
        return line.starts_with(counted);
    });
    ::close(file);
    return text.substr(begin);
}

} // namespace

TEST_SUITE("proxy/tail/last_lines")
{
    TEST_CASE("the last lines that count are found from the end")
    {
        const std::string text = "x1\ny1\nx2\ny2\n\nx3\ny3\n";
        CHECK(last(text, 0) == "");
        CHECK(last(text, 1) == "x3\ny3\n");
        CHECK(last(text, 2) == "x2\ny2\n\nx3\ny3\n");
        CHECK(last(text, 3) == text);
        CHECK(last(text, 4) == text);
        CHECK(last("", 3) == "");
        CHECK(last("x1\nx2", 1) == "x2");
        CHECK(last("y1\nx1", 5) == "y1\nx1");
    }

    TEST_CASE("lines that begin and end anywhere in the blocks that are read are found whole")
    {
        for (const std::size_t size : {65533U, 65534U, 65535U, 65536U, 65537U, 200000U}) {
            CAPTURE(size);
            const std::string long_line = "x" + std::string(size, 'a') + "\n";
            CHECK(last("x1\n" + long_line + "y\n", 1) == long_line + "y\n");
            CHECK(last("x1\n" + long_line + "y\n", 2) == "x1\n" + long_line + "y\n");
        }
    }

    TEST_CASE("a line longer than the bound does not count")
    {
        const std::string huge = "x" + std::string(3 * longest_line, 'a') + "\n";
        CHECK(last("x1\n" + huge + "x2\n", 2).size() == huge.size() + 6);
        CHECK(last("x0\nx1\n" + huge + "x2\n", 2).substr(0, 3) == "x1\n");
        CHECK(last(huge, 1) == huge);
    }
}

// SPDX-License-Identifier: Apache-2.0
#include "proxy/log/notices.hpp"
#include "proxy/log/outlet.hpp"
#include "tests/proxy/log/support.hpp"
#include "tests/proxy/log/terminal.hpp"

#include <doctest/doctest.h>

#include <cctype>
#include <climits>

using namespace cosdiag;
using namespace cosdiag::log;

namespace {

struct Pipe {
    Pipe()
    {
        int ends[2];
        REQUIRE(::pipe(ends) == 0);
        reader = test::Descriptor(ends[0]);
        writer = test::Descriptor(ends[1]);
    }

    test::Descriptor reader, writer;
};

/// With every digit as 0, and the sign of a zone's offset as +.
std::string shape_of(std::string text)
{
    for (char& c : text)
        if (std::isdigit(static_cast<unsigned char>(c)) != 0)
            c = '0';
    if (text.size() == 29 && text[23] == '-')
        text[23] = '+';
    return text;
}

std::string on_terminal(const char* no_color, const char* term)
{
    const test::Variable first("NO_COLOR", no_color);
    const test::Variable second("TERM", term);
    const test::Terminal terminal;
    const test::InPlaceOf stream(STDERR_FILENO, terminal.end.number);
    warn("seen");
    return terminal.shown();
}

} // namespace

TEST_SUITE("proxy/log/notices")
{
    TEST_CASE("nothing that moves a cursor stays, and long texts are cut")
    {
        CHECK(harmless("a\x1b[31mb\r\n\tc\x7f") == "a\\x1b[31mb\\x0d\\x0a\\x09c\\x7f");
        CHECK(harmless("\xc2\x9b") == "\\x9b");
        CHECK(harmless("\xff") == "\\xff");
        CHECK(harmless("中文") == "中文");
        CHECK(harmless("abcdefghij", 8) == "abcde...");
        CHECK(harmless("中文中文", 9) == "中文...");
        CHECK(harmless(std::string(10'000, '\x1b')).size() <= 2000);
    }

    TEST_CASE("a message is one line with its time and its weight")
    {
        const Pipe pipe;
        {
            const test::InPlaceOf stream(STDERR_FILENO, pipe.writer.number);
            note("one\ntwo");
            warn("three {} %v");
            error("four");
        }
        const auto lines = test::lines_in(pipe.reader.take());
        REQUIRE(lines.size() == 3);
        CHECK(shape_of(lines[0].substr(0, 29)) == "0000-00-00T00:00:00.000+00:00");
        CHECK(lines[0].substr(29) == " info one\\x0atwo");
        CHECK(lines[1].substr(29) == " warning three {} %v");
        CHECK(lines[2].substr(29) == " error four");
    }

    TEST_CASE("the weight has a colour on terminals that want one, and nowhere else")
    {
        CHECK(on_terminal(nullptr, "xterm").find("\x1b[33mwarning\x1b[0m seen") != std::string::npos);
        CHECK(on_terminal("", "xterm").find("\x1b[33mwarning\x1b[0m seen") != std::string::npos);
        CHECK(on_terminal("1", "xterm").find(" warning seen") != std::string::npos);
        CHECK(on_terminal(nullptr, "dumb").find(" warning seen") != std::string::npos);
    }

    TEST_CASE("who does not read the messages holds nobody up")
    {
        const Pipe pipe;
        const Outlet outlet = Outlet::of_stream(pipe.writer.number);
        while (outlet.put(std::string(PIPE_BUF, 'x')) > 0) {
        }
        {
            const test::InPlaceOf stream(STDERR_FILENO, pipe.writer.number);
            warn("dropped");
            CHECK(pipe.reader.take().find("dropped") == std::string::npos);
            warn("told");
        }
        CHECK(test::lines_in(pipe.reader.take()).size() == 1);
    }
}

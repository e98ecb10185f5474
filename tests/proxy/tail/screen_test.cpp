// SPDX-License-Identifier: Apache-2.0
#include "proxy/tail/screen.hpp"
#include "support.hpp"

#include <doctest/doctest.h>

#include <sstream>

using namespace cosdiag;
using namespace cosdiag::tail;

namespace {

struct Shown {
    std::ostringstream out, err;
    Screen screen{
        [] {
            PrintStyle style;
            style.json = true;
            return style;
        }(),
        out,
        err};
};

} // namespace

TEST_SUITE("proxy/tail/screen")
{
    TEST_CASE("lines come whole, however their bytes came, and the last one without its end too")
    {
        const std::string first = json_line(test::anonymous("5f2c9a0000000001"));
        const std::string second = json_line(test::anonymous("5f2c9a0000000002"));
        Shown shown;
        shown.screen.take(first.substr(0, 10));
        CHECK(shown.out.str().empty());
        shown.screen.take(first.substr(10) + "\n" + second);
        CHECK(shown.out.str() == first + "\n");
        shown.screen.finish();
        CHECK(shown.out.str() == first + "\n" + second + "\n");
        CHECK(shown.err.str().empty());
        CHECK(shown.screen.fits(first));
    }

    TEST_CASE("a line under way ends where another file begins")
    {
        Shown shown;
        shown.screen.take(R"({"time":)");
        shown.screen.end_file();
        const std::string whole = json_line(test::anonymous("5f2c9a0000000001"));
        shown.screen.take(whole + "\n");
        CHECK(shown.out.str() == whole + "\n");
    }

    TEST_CASE("lines that are no entries are told of: once while it goes on, and counted at the end")
    {
        Shown one;
        one.screen.note_passed_over();
        CHECK(one.err.str().empty());
        one.screen.take("GET / HTTP/1.1\n");
        one.screen.note_passed_over();
        one.screen.note_passed_over();
        CHECK(one.err.str() == "cosdiag: lines that are no entries of the diagnosis log are passed over.\n");
        one.err.str("");
        one.screen.finish();
        CHECK(one.err.str() == "cosdiag: 1 line was passed over: it is no entry of the diagnosis log.\n");

        Shown two;
        two.screen.take("a\nb");
        two.screen.finish();
        CHECK(
            two.err.str() == "cosdiag: 2 lines were passed over: they are no entries of the diagnosis log.\n"
        );
        CHECK(two.out.str().empty());
    }

    TEST_CASE("a note cannot command the terminal, and who cannot be written to is told")
    {
        Shown shown;
        shown.screen.note("a\x1b[2Jb");
        CHECK(shown.err.str().find('\x1b') == std::string::npos);
        CHECK(shown.screen.flush());
        shown.out.setstate(std::ios::badbit);
        CHECK_FALSE(shown.screen.flush());
    }
}

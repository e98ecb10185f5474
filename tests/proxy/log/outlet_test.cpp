// SPDX-License-Identifier: Apache-2.0
#include "proxy/log/outlet.hpp"
#include "tests/proxy/log/support.hpp"

#include <doctest/doctest.h>
#include <sys/fsuid.h>
#include <sys/socket.h>

#include <cerrno>
#include <climits>
#include <csignal>

using namespace cosdiag;
using log::Outlet;

namespace {

struct Pair {
    test::Descriptor reader, writer;
};

Pair blocking_pipe()
{
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    return {test::Descriptor(ends[0]), test::Descriptor(ends[1])};
}

Pair blocking_sockets()
{
    int ends[2];
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    return {test::Descriptor(ends[0]), test::Descriptor(ends[1])};
}

/// Bytes it took until it would have waited.
std::size_t fill(const Outlet& outlet)
{
    const std::string some(PIPE_BUF, 'x');
    std::size_t all = 0;
    for (;;) {
        const auto taken = outlet.put(some);
        if (taken < 0) {
            CHECK(errno == EAGAIN);
            return all;
        }
        all += static_cast<std::size_t>(taken);
    }
}

/// While it lives, this thread may open nothing that is closed to all (also where root runs the tests).
class Powerless {
public:
    Powerless() : x_before_(::setfsuid(65534)) {}

    ~Powerless() { ::setfsuid(static_cast<uid_t>(x_before_)); }

    Powerless(const Powerless&) = delete;
    Powerless& operator=(const Powerless&) = delete;

private:
    int x_before_;
};

} // namespace

TEST_SUITE("proxy/log/outlet")
{
    TEST_CASE("a pipe that is full takes nothing, is not waited for, and keeps the flags others count on")
    {
        const Pair ends = blocking_pipe();
        const Outlet outlet = Outlet::of_stream(ends.writer.number);
        REQUIRE(outlet.is_open());
        CHECK(outlet.has_reader());
        CHECK(fill(outlet) >= PIPE_BUF);
        CHECK((::fcntl(ends.writer.number, F_GETFL) & O_NONBLOCK) == 0);
        CHECK(!ends.reader.take().empty());
        CHECK(outlet.put("more") == 4);
    }

    TEST_CASE("a pipe that may not be opened once more is asked for room first")
    {
        const test::Folder folder;
        test::Fifo fifo(folder.file("fifo"));
        const test::Descriptor writer(::open(fifo.name.c_str(), O_WRONLY));
        REQUIRE(::chmod(fifo.name.c_str(), 0) == 0);
        const Powerless powerless;
        const Outlet outlet = Outlet::of_stream(writer.number);
        REQUIRE(outlet.is_open());
        CHECK(fill(outlet) >= PIPE_BUF);
        CHECK(!fifo.reader.take().empty());
        CHECK(outlet.put(std::string(3 * PIPE_BUF, 'x')) == PIPE_BUF);
    }

    TEST_CASE("a socket that is full takes nothing and is not waited for")
    {
        const Pair ends = blocking_sockets();
        const Outlet outlet = Outlet::of_stream(ends.writer.number);
        CHECK(fill(outlet) >= PIPE_BUF);
        CHECK((::fcntl(ends.writer.number, F_GETFL) & O_NONBLOCK) == 0);
    }

    TEST_CASE("a reader that has gone is an error and no signal")
    {
        std::signal(SIGPIPE, SIG_IGN); // as main does
        for (auto* const connected : {&blocking_pipe, &blocking_sockets}) {
            Pair ends = connected();
            const Outlet before = Outlet::of_stream(ends.writer.number);
            ends.reader.close();
            const Outlet after = Outlet::of_stream(ends.writer.number);
            CHECK(before.put("x") < 0);
            CHECK(errno == EPIPE);
            CHECK(after.put("x") < 0);
            CHECK(errno == EPIPE);
        }
    }

    TEST_CASE("what is not open cannot be written to")
    {
        Pair ends = blocking_pipe();
        const int number = ends.writer.number;
        ends.writer.close();
        CHECK(!Outlet::of_stream(number).is_open());
        CHECK(!Outlet::of_file("/nonexistent/file").is_open());
    }

    TEST_CASE("a file is made for its owner only, and one that is there keeps its mode")
    {
        const test::Folder folder;
        CHECK(Outlet::of_file(folder.file("new").c_str()).put("x") == 1);
        CHECK(test::mode_of(folder.file("new")) == 0600);

        std::ofstream(folder.file("old")) << "a";
        REQUIRE(::chmod(folder.file("old").c_str(), 0644) == 0);
        CHECK(Outlet::of_file(folder.file("old").c_str()).put("b") == 1);
        CHECK(test::mode_of(folder.file("old")) == 0644);
        CHECK(test::lines_of(folder.file("old")) == std::vector<std::string>{"ab"});
    }
}

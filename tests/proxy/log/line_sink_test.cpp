// SPDX-License-Identifier: Apache-2.0
#include "proxy/log/line_sink.hpp"
#include "tests/proxy/log/support.hpp"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <csignal>

using namespace cosdiag;
using log::Entries;
using log::LineSink;

namespace {

/// Letters that tell the entry, `size` bytes with the newline.
std::string entry(std::size_t number, std::size_t size)
{
    return std::string(size - 1, static_cast<char>('a' + number % 26)) + '\n';
}

Entries entries(std::size_t count, std::size_t size)
{
    Entries out;
    for (std::size_t i = 0; i < count; ++i)
        out.add(entry(i, size));
    return out;
}

bool is_whole(const std::string& line, std::size_t size)
{
    return line.size() == size - 1 && line.find_first_not_of(line.front()) == std::string::npos;
}

/// While it lives, no file of this process grows beyond so many bytes: a disk that fills up.
class DiskOf {
public:
    explicit DiskOf(rlim_t bytes)
    {
        std::signal(SIGXFSZ, SIG_IGN);
        ::getrlimit(RLIMIT_FSIZE, &x_before_);
        const rlimit limit{bytes, x_before_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }

    ~DiskOf() { ::setrlimit(RLIMIT_FSIZE, &x_before_); }

    DiskOf(const DiskOf&) = delete;
    DiskOf& operator=(const DiskOf&) = delete;

private:
    rlimit x_before_{};
};

} // namespace

TEST_SUITE("proxy/log/line_sink")
{
    TEST_CASE("entries go out in order, each once")
    {
        const test::Folder folder;
        LineSink sink(folder.file("log"));
        sink.write(entries(26, 100));
        sink.write(entries(3, 10));
        CHECK(sink.written() == 29);
        CHECK(sink.lost() == 0);
        CHECK(sink.failure().empty());
        const auto lines = test::lines_of(folder.file("log"));
        REQUIRE(lines.size() == 29);
        CHECK(lines[25] + "\n" == entry(25, 100));
        CHECK(lines[28] + "\n" == entry(2, 10));
    }

    TEST_CASE("a disk that fills up costs entries; the one it cuts is finished when there is room")
    {
        const test::Folder folder;
        LineSink sink(folder.file("log"));
        {
            const DiskOf disk(250);
            sink.write(entries(5, 100));
            CHECK(sink.written() == 2);
            CHECK(sink.lost() == 2);
            CHECK(sink.failure().find("log failed: File too large") != std::string::npos);
            sink.write(entries(4, 100));
            CHECK(sink.written() == 2);
            CHECK(sink.lost() == 6);
        }
        sink.write(entries(1, 100));
        CHECK(sink.written() == 4);
        CHECK(sink.lost() == 6);
        CHECK(sink.failure().empty());
        const auto lines = test::lines_of(folder.file("log"));
        CHECK(lines.size() == 4);
        CHECK(std::all_of(lines.begin(), lines.end(), [](const auto& line) { return is_whole(line, 100); }));
    }

    TEST_CASE("a reader that has stopped costs entries; when it goes on it finds every line whole")
    {
        for (const std::size_t size : {std::size_t{100}, std::size_t{3000}, std::size_t{10'000}}) {
            CAPTURE(size);
            const test::Folder folder;
            test::Fifo fifo(folder.file("fifo"));
            LineSink sink(fifo.name);
            sink.write(entries(200'000 / size, size));
            CHECK(sink.lost() > 0);
            CHECK(sink.failure().find("has stopped reading") != std::string::npos);
            std::string read = fifo.reader.take();
            sink.write(entries(2, size));
            CHECK(sink.failure().empty());
            read += fifo.reader.take();
            const auto lines = test::lines_in(read);
            CHECK(lines.size() == sink.written());
            CHECK(sink.written() + sink.lost() == 200'000 / size + 2);
            CHECK(std::all_of(lines.begin(), lines.end(), [&](const auto& line) {
                return is_whole(line, size);
            }));
        }
    }

    TEST_CASE("a reader that goes away costs entries; the next one finds every line whole")
    {
        std::signal(SIGPIPE, SIG_IGN); // as main does
        const test::Folder folder;
        test::Fifo fifo(folder.file("fifo"));
        LineSink sink(fifo.name);
        sink.write(entries(20, 10'000));
        const auto lost = sink.lost();
        fifo.reader.close();
        sink.write(entries(3, 10'000));
        CHECK(sink.failure().find("Broken pipe") != std::string::npos);
        CHECK(sink.lost() == lost + 3);
        fifo.listen();
        std::string read = fifo.reader.take();
        sink.write(entries(2, 10'000));
        read += fifo.reader.take();
        CHECK(sink.lost() == lost + 3);
        CHECK(sink.written() == 25 - sink.lost());
        const auto lines = test::lines_in(read);
        CHECK(lines.size() == sink.written());
        CHECK(std::all_of(lines.begin(), lines.end(), [](const auto& line) { return is_whole(line, 10'000); })
        );
    }

    TEST_CASE("a reader gets whole entries as far as a pipe takes them at once")
    {
        int ends[2];
        REQUIRE(::socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) == 0);
        const test::Descriptor reader(ends[0]);
        const test::Descriptor writer(ends[1]);
        {
            const test::InPlaceOf stream(STDOUT_FILENO, writer.number);
            LineSink sink("");
            sink.write(entries(10, 1500));
        }
        std::vector<ssize_t> pieces;
        char packet[65'536];
        for (ssize_t got = 0; (got = ::recv(reader.number, packet, sizeof packet, MSG_DONTWAIT)) > 0;)
            pieces.push_back(got);
        CHECK(pieces == std::vector<ssize_t>(5, 3000));
    }

    TEST_CASE("after the deadline nothing is waited for, and everything is counted")
    {
        const test::Folder folder;
        const test::Fifo fifo(folder.file("fifo"));
        LineSink sink(fifo.name);
        sink.finish_by(LineSink::Clock::now());
        for (int i = 0; i < 1000; ++i)
            sink.write(entries(10, 1000));
        CHECK(sink.written() < 70);
        CHECK(sink.written() + sink.lost() >= 9999);
    }

    TEST_CASE("reopening finishes what was cut, or counts it as lost")
    {
        const test::Folder folder;
        LineSink sink(folder.file("log"));
        {
            const DiskOf disk(250);
            sink.write(entries(3, 100));
            std::filesystem::rename(folder.file("log"), folder.file("old"));
            CHECK(sink.reopen());
            CHECK(sink.lost() == 1);
        }
        sink.write(entries(2, 100));
        CHECK(sink.written() == 4);
        CHECK(test::lines_of(folder.file("old")).size() == 3);
        CHECK(test::lines_of(folder.file("log")).size() == 2);
    }

    TEST_CASE("what cannot be reopened is written on")
    {
        const test::Folder folder;
        std::filesystem::create_directory(folder.path / "sub");
        LineSink sink(folder.file("sub/log"));
        std::filesystem::rename(folder.file("sub"), folder.file("away"));
        CHECK(!sink.reopen());
        CHECK(sink.failure().find("sub/log anew: No such file or directory") != std::string::npos);
        sink.write(entries(1, 10));
        CHECK(sink.failure().empty());
        CHECK(test::lines_of(folder.file("away/log")).size() == 1);
    }

    TEST_CASE("a standard output that is closed is told, with what to do")
    {
        std::string told;
        {
            const test::Descriptor kept(::dup(STDOUT_FILENO));
            ::close(STDOUT_FILENO);
            try {
                const LineSink sink("");
            } catch (const std::exception& failure) {
                told = failure.what();
            }
            ::dup2(kept.number, STDOUT_FILENO);
        }
        CHECK(told == "standard output is closed: name a file for the diagnosis log with --log");
    }
}

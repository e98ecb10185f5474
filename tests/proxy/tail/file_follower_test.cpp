// SPDX-License-Identifier: Apache-2.0
#include "proxy/tail/file_follower.hpp"
#include "proxy/tail/file_watch.hpp"
#include "support.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <thread>
#include <vector>

using namespace cosdiag;
using namespace cosdiag::tail;

namespace {

using News = FileFollower::News;

struct Following {
    test::Folder folder;
    std::string log = folder.file("log"), old = folder.file("log.1");
    FileFollower follower{log};
    std::string read;
    std::vector<News> news;

    std::string step()
    {
        read.clear();
        follower.step(
            {[this](std::string_view bytes) { read += bytes; }, [this](News each) { news.push_back(each); }}
        );
        return read;
    }
};

} // namespace

TEST_SUITE("proxy/tail/file_follower")
{
    TEST_CASE("what is appended is read once")
    {
        Following at;
        test::append(at.log, "a\n");
        CHECK(at.step() == "a\n");
        CHECK(at.step() == "");
        test::append(at.log, "b\nc");
        CHECK(at.step() == "b\nc");
        CHECK(at.news.empty());
    }

    TEST_CASE("it is read on from where it is told to")
    {
        Following at;
        test::append(at.log, "a\nb\n");
        REQUIRE(at.follower.open());
        CHECK(at.follower.descriptor() >= 0);
        CHECK(at.follower.size() == 4);
        at.follower.seek(2);
        CHECK(at.step() == "b\n");
    }

    TEST_CASE("a file that is not there yet is read from its beginning when it is")
    {
        Following at;
        CHECK(at.step() == "");
        CHECK_FALSE(at.follower.is_open());
        test::append(at.log, "a\n");
        CHECK(at.step() == "a\n");
        CHECK(at.follower.is_regular());
    }

    TEST_CASE("a file that was renamed is read on until the one in its place holds something")
    {
        Following at;
        test::append(at.log, "a\n");
        CHECK(at.step() == "a\n");
        std::filesystem::rename(at.log, at.old);
        test::append(at.old, "b\n");
        CHECK(at.step() == "b\n");
        std::ofstream(at.log).flush();
        test::append(at.old, "c\n");
        CHECK(at.step() == "c\n");
        CHECK(at.news.empty());
        test::append(at.old, "d\n");
        test::append(at.log, "e\n");
        CHECK(at.step() == "d\ne\n");
        CHECK(at.news == std::vector{News::replaced});
        test::append(at.old, "lost\n");
        test::append(at.log, "f\n");
        CHECK(at.step() == "f\n");
    }

    TEST_CASE("a file that was copied and cut short is read from its beginning")
    {
        Following at;
        test::append(at.log, "first\nsecond\n");
        CHECK(at.step() == "first\nsecond\n");
        std::filesystem::resize_file(at.log, 0);
        CHECK(at.step() == "");
        test::append(at.log, "third\n");
        CHECK(at.step() == "third\n");
        CHECK(at.news == std::vector{News::cut_short});
    }

    TEST_CASE("a file in its place that cannot be read is told of once, and the old one is read on")
    {
        if (::geteuid() == 0)
            return; // to whom nothing is unreadable
        Following at;
        test::append(at.log, "a\n");
        at.step();
        std::filesystem::rename(at.log, at.old);
        test::append(at.log, "secret\n");
        ::chmod(at.log.c_str(), 0);
        test::append(at.old, "b\n");
        CHECK(at.step() == "b\n");
        at.step();
        CHECK(at.news == std::vector{News::unreadable});
    }
}

TEST_SUITE("proxy/tail/file_watch")
{
    TEST_CASE("a wait ends with what happened since it was armed, and tells of a reader that went away")
    {
        const test::Folder folder;
        FileWatch watch;
        int ends[2];
        REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
        watch.arm(folder.file("log"));
        test::append(folder.file("log"), "a\n");
        CHECK(watch.wait(ends[1]));
        watch.arm(folder.file("log"));
        std::thread writer([&] { test::append(folder.file("log"), "b\n"); });
        CHECK(watch.wait(ends[1]));
        writer.join();
        ::close(ends[0]);
        CHECK_FALSE(watch.wait(ends[1]));
        ::close(ends[1]);
    }
}

// SPDX-License-Identifier: Apache-2.0
#include "diagnose/exchange.hpp"
#include "proxy/log/diagnosis_log.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

using namespace cosdiag;
using log::DiagnosisLog;

namespace {

class Folder {
public:
    Folder()
    {
        std::string name = (std::filesystem::temp_directory_path() / "cosdiag-log-XXXXXX").string();
        path = ::mkdtemp(name.data());
    }

    ~Folder() { std::filesystem::remove_all(path); }

    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    std::string file(const char* name) const { return (path / name).string(); }

    std::filesystem::path path;
};

Diagnosis some(const std::string& id)
{
    return diagnose(Exchange{}, id);
}

std::vector<std::string> lines_of(const std::string& file)
{
    std::ifstream in(file);
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);)
        lines.push_back(line);
    return lines;
}

} // namespace

TEST_SUITE("proxy/log/diagnosis_log")
{
    TEST_CASE("every entry added is one line of the file, which only its owner may read")
    {
        const Folder folder;
        const std::string file = folder.file("log");
        {
            DiagnosisLog out({file, 4096});
            for (int i = 0; i < 1000; ++i)
                out.add(some("id" + std::to_string(i)));
        }
        const auto lines = lines_of(file);
        REQUIRE(lines.size() == 1000);
        for (std::size_t i = 0; i < lines.size(); ++i) {
            CHECK(lines[i].find("\"id\":\"id" + std::to_string(i) + "\"") != std::string::npos);
            CHECK(lines[i].front() == '{');
            CHECK(lines[i].back() == '}');
        }

        struct stat about {};

        REQUIRE(::stat(file.c_str(), &about) == 0);
        CHECK((about.st_mode & 0777) == 0600);
    }

    TEST_CASE("what is there already is kept")
    {
        const Folder folder;
        const std::string file = folder.file("log");
        std::ofstream(file) << "old\n";
        {
            DiagnosisLog out({file, 16});
            out.add(some("new"));
        }
        const auto lines = lines_of(file);
        REQUIRE(lines.size() == 2);
        CHECK(lines[0] == "old");
    }

    TEST_CASE("entries of many threads do not mix")
    {
        const Folder folder;
        const std::string file = folder.file("log");
        {
            DiagnosisLog out({file, 100'000});
            std::array<std::thread, 4> threads;
            for (auto& thread : threads)
                thread = std::thread([&out] {
                    for (int i = 0; i < 500; ++i)
                        out.add(some("same"));
                });
            for (auto& thread : threads)
                thread.join();
        }
        const auto lines = lines_of(file);
        CHECK(lines.size() == 2000);
        CHECK(std::all_of(lines.begin(), lines.end(), [&](const std::string& line) {
            return line == lines.front();
        }));
    }

    TEST_CASE("a full disk loses entries and counts them")
    {
        DiagnosisLog out({"/dev/full", 16});
        out.add(some("lost"));
        while (out.dropped() == 0)
            std::this_thread::yield();
        CHECK(out.written() == 0);
    }

    TEST_CASE("a reader that has stopped loses entries, and the end does not wait for it for long")
    {
        const Folder folder;
        const std::string file = folder.file("fifo");
        REQUIRE(::mkfifo(file.c_str(), 0600) == 0);
        const int reader = ::open(file.c_str(), O_RDONLY | O_NONBLOCK);
        REQUIRE(reader >= 0);
        constexpr std::size_t all = 200;
        {
            DiagnosisLog out({file, all});
            for (std::size_t i = 0; i < all; ++i)
                out.add(some(std::string(2000, 'x')));
            while (out.dropped() == 0)
                std::this_thread::yield();
            CHECK(out.written() + out.dropped() <= all);
        }
        ::close(reader);
    }

    TEST_CASE("more than the queue takes is dropped and counted at once")
    {
        const Folder folder;
        const std::string file = folder.file("fifo");
        REQUIRE(::mkfifo(file.c_str(), 0600) == 0);
        const int reader = ::open(file.c_str(), O_RDONLY | O_NONBLOCK);
        REQUIRE(reader >= 0);
        {
            DiagnosisLog out({file, 2});
            for (int i = 0; i < 200; ++i)
                out.add(some("x"));
            CHECK(out.dropped() > 0);
        }
        ::close(reader);
    }

    TEST_CASE("reopening goes on in a new file of the same name")
    {
        const Folder folder;
        const std::string file = folder.file("log");
        {
            DiagnosisLog out({file, 16});
            out.add(some("first"));
            while (out.written() != 1)
                std::this_thread::yield();
            std::filesystem::rename(file, folder.file("old"));
            out.reopen();
            while (!std::filesystem::exists(file))
                std::this_thread::yield();
            out.add(some("second"));
        }
        CHECK(lines_of(folder.file("old")).size() == 1);
        REQUIRE(lines_of(file).size() == 1);
        CHECK(lines_of(file).front().find("second") != std::string::npos);
    }

    TEST_CASE("a file that cannot be opened is told with its name and what to do")
    {
        std::string told;
        try {
            DiagnosisLog out({"/nonexistent/log", 16});
        } catch (const std::exception& failure) {
            told = failure.what();
        }
        CHECK(told.find("/nonexistent/log") != std::string::npos);
        CHECK(told.find("--log") != std::string::npos);
    }
}

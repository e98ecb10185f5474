// SPDX-License-Identifier: Apache-2.0
#include "diagnose/exchange.hpp"
#include "proxy/log/diagnosis_log.hpp"
#include "tests/proxy/log/support.hpp"
#include "tests/proxy/log/terminal.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <functional>
#include <mutex>
#include <thread>

using namespace cosdiag;
using log::DiagnosisLog;
using test::Folder;
using test::lines_of;

namespace {

Diagnosis some(const std::string& id)
{
    return diagnose(Exchange{}, id);
}

/// What the log tells its operator.
class Told {
public:
    std::function<void(std::string_view)> here()
    {
        return [this](std::string_view text) {
            const std::lock_guard lock(x_mutex_);
            x_texts_.emplace_back(text);
        };
    }

    std::vector<std::string> texts() const
    {
        const std::lock_guard lock(x_mutex_);
        return x_texts_;
    }

private:
    mutable std::mutex x_mutex_;
    std::vector<std::string> x_texts_;
};

DiagnosisLog::Options quiet(std::string file, std::size_t queue)
{
    return {.file = std::move(file), .queue = queue, .tell = [](std::string_view) {}};
}

/// What a terminal shows of one entry.
std::string shown_on(const test::Terminal& terminal)
{
    const test::InPlaceOf stream(STDOUT_FILENO, terminal.end.number);
    {
        DiagnosisLog out({});
        out.add(some("5f2c9a0000000000"));
    }
    return terminal.shown();
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
        CHECK(test::mode_of(file) == 0600);
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

    TEST_CASE("a full disk loses entries, counts them and is told once")
    {
        Told told;
        {
            DiagnosisLog out({.file = "/dev/full", .queue = 16, .tell = told.here()});
            for (std::uint64_t i = 1; i <= 3; ++i) {
                out.add(some("lost"));
                while (out.dropped() != i)
                    std::this_thread::yield();
            }
            CHECK(out.written() == 0);
        }
        CHECK(
            told.texts() ==
            std::vector<std::string>{
                "diagnosis log: writing to /dev/full failed: No space left on device; 1 entry lost so far. "
                "Traffic is not affected",
                "diagnosis log: ends; 3 entries lost"}
        );
    }

    TEST_CASE("a reader that has stopped loses entries, and the end does not wait for it for long")
    {
        const Folder folder;
        const test::Fifo fifo(folder.file("fifo"));
        constexpr std::size_t all = 200;
        DiagnosisLog out(quiet(fifo.name, all));
        for (std::size_t i = 0; i < all; ++i)
            out.add(some(std::string(2000, 'x')));
        while (out.dropped() == 0)
            std::this_thread::yield();
        CHECK(out.written() + out.dropped() <= all);
    }

    TEST_CASE("writing goes on when the reader does, and that is told")
    {
        const Folder folder;
        const test::Fifo fifo(folder.file("fifo"));
        Told told;
        std::uint64_t written = 0;
        std::string read;
        {
            DiagnosisLog out(
                {.file = fifo.name, .queue = 50, .episode = std::chrono::milliseconds(0), .tell = told.here()}
            );
            while (told.texts().empty())
                out.add(some(std::string(2000, 'x')));
            while (told.texts().size() < 2) {
                read += fifo.reader.take();
                const auto before = out.written() + out.dropped();
                out.add(some("x"));
                while (out.written() + out.dropped() == before)
                    read += fifo.reader.take();
            }
            written = out.written();
        }
        read += fifo.reader.take();
        const auto lines = test::lines_in(read);
        CHECK(lines.size() >= written);
        CHECK(std::all_of(lines.begin(), lines.end(), [](const std::string& line) {
            return line.front() == '{' && line.back() == '}';
        }));
        const auto texts = told.texts();
        CHECK(texts[0].find("lost so far. Traffic is not affected") != std::string::npos);
        CHECK(texts[1].find("diagnosis log: " + fifo.name + " takes entries again; ") == 0);
    }

    TEST_CASE("more entries than the queue takes are dropped and counted at once")
    {
        DiagnosisLog out(quiet("/dev/null", 2));
        for (int i = 0; i < 200; ++i)
            out.add(some("x"));
        CHECK(out.dropped() > 0);
    }

    TEST_CASE("more bytes than the queue takes are dropped, however few entries they are")
    {
        DiagnosisLog out(quiet("/dev/null", 100));
        for (int i = 0; i < 99; ++i)
            out.add(some(std::string(300'000, 'x')));
        CHECK(out.dropped() > 0);
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

    TEST_CASE("a file that cannot be reopened is written on, and that is told")
    {
        const Folder folder;
        std::filesystem::create_directory(folder.path / "sub");
        Told told;
        {
            DiagnosisLog out({.file = folder.file("sub/log"), .queue = 16, .tell = told.here()});
            std::filesystem::rename(folder.file("sub"), folder.file("away"));
            out.reopen();
            while (told.texts().empty())
                std::this_thread::yield();
            out.add(some("kept"));
        }
        CHECK(lines_of(folder.file("away/log")).size() == 1);
        CHECK(
            told.texts() ==
            std::vector<std::string>{
                "diagnosis log: cannot open " + folder.file("sub/log") +
                " anew: No such file or directory; the file opened before is written on"}
        );
    }

    TEST_CASE("reopening while threads add loses and doubles nothing")
    {
        const Folder folder;
        const std::string file = folder.file("log");
        {
            DiagnosisLog out({.file = file, .queue = 100'000});
            std::thread adding([&out] {
                for (int i = 0; i < 2000; ++i)
                    out.add(some("x"));
            });
            for (int i = 0; i < 20; ++i) {
                std::filesystem::rename(file, folder.file(("old" + std::to_string(i)).c_str()));
                out.reopen();
                while (!std::filesystem::exists(file))
                    std::this_thread::yield();
            }
            adding.join();
        }
        std::size_t all = 0;
        for (const auto& each : std::filesystem::directory_iterator(folder.path))
            all += lines_of(each.path().string()).size();
        CHECK(all == 2000);
    }

    TEST_CASE("a file that cannot be opened is told with its name and what to do")
    {
        std::string told;
        try {
            const DiagnosisLog out({.file = "/nonexistent/log"});
        } catch (const std::exception& failure) {
            told = failure.what();
        }
        CHECK(
            told ==
            "cannot open the diagnosis log /nonexistent/log: No such file or directory. Choose another "
            "file with --log, or leave it out"
        );
    }

    TEST_CASE("standard output that is no terminal gets JSON lines")
    {
        int ends[2];
        REQUIRE(::pipe(ends) == 0);
        const test::Descriptor reader(ends[0]);
        {
            const test::Descriptor writer(ends[1]);
            const test::InPlaceOf stream(STDOUT_FILENO, writer.number);
            DiagnosisLog out({});
            out.add(some("5f2c9a0000000000"));
        }
        const auto lines = test::lines_in(reader.take());
        REQUIRE(lines.size() == 1);
        CHECK(lines[0].find("\"schema\":\"cosdiag.diagnosis/1\"") != std::string::npos);
    }

    TEST_CASE("blocks go to the error stream if that is asked for, and JSON lines to a file in its place")
    {
        const Folder folder;
        for (const bool has_file : {false, true}) {
            CAPTURE(has_file);
            const std::string errors = folder.file(has_file ? "nothing" : "errors");
            {
                const test::Descriptor writer(::open(errors.c_str(), O_WRONLY | O_CREAT, 0600));
                const test::InPlaceOf stream(STDERR_FILENO, writer.number);
                DiagnosisLog out(
                    {.file = has_file ? folder.file("log") : "", .stream = STDERR_FILENO, .blocks = true}
                );
                out.add(some("5f2c9a0000000000"));
            }
            const auto lines = lines_of(has_file ? folder.file("log") : errors);
            CHECK((lines.size() > 1) == !has_file);
            CHECK((lines.at(0).front() == '{') == has_file);
            CHECK(lines_of(folder.file("nothing")).empty());
        }
    }

    TEST_CASE("once it is closed, all that was added is written and counted, and nothing more is")
    {
        const Folder folder;
        DiagnosisLog out(quiet(folder.file("log"), 100));
        for (int i = 0; i < 50; ++i)
            out.add(some("5f2c9a0000000000"));
        out.close();
        CHECK(out.written() == 50);
        out.add(some("5f2c9a0000000000"));
        out.close();
        CHECK(lines_of(folder.file("log")).size() == 50);
    }

    TEST_CASE("a terminal gets a block that fits it, in colour if it wants that")
    {
        struct Row {
            const char* no_color;
            const char* term;
            bool colour;
        };

        for (const Row& row :
             {Row{nullptr, "xterm", true}, {"1", "xterm", false}, {nullptr, "dumb", false}}) {
            CAPTURE(row.term);
            const test::Variable first("NO_COLOR", row.no_color);
            const test::Variable second("TERM", row.term);
            const std::string text = shown_on(test::Terminal(60));
            CHECK(text.find("unexplained") != std::string::npos);
            CHECK(text.find("\"schema\"") == std::string::npos);
            CHECK((text.find("\x1b[") != std::string::npos) == row.colour);
            if (!row.colour)
                for (const std::string& line : test::lines_in(text))
                    CHECK_MESSAGE((line.size() <= 62 || line.find("://") != std::string::npos), line);
        }
    }

    TEST_CASE("a terminal that nobody reads loses entries and does not keep the program from ending")
    {
        const test::Terminal terminal;
        std::uint64_t dropped = 0;
        {
            const test::InPlaceOf stream(STDOUT_FILENO, terminal.end.number);
            DiagnosisLog out({.file = "", .tell = [](std::string_view) {}});
            while (out.dropped() == 0)
                out.add(some("x"));
            dropped = out.dropped();
        }
        CHECK(dropped > 0);
    }
}

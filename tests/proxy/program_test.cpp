// SPDX-License-Identifier: Apache-2.0
#include "diagnose/exchange.hpp"
#include "proxy/program.hpp"
#include "tests/proxy/log/support.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/read.hpp>
#include <doctest/doctest.h>
#include <sys/socket.h>

#include <deque>
#include <thread>

using namespace cosdiag;

namespace {

/// Settings with one listener; port 0: of the system's choice, and kept from one to the next.
Generation settings(const std::string& log, std::uint16_t port = 0)
{
    Generation generation;
    config::Config& config = generation.asked.config;
    config.listeners = {{{"127.0.0.1", port}, config::ListenerMode::forward, false}};
    config.threads = 1;
    config.diagnosis.log = log;
    return generation;
}

log::DiagnosisLog::Options log_to(const std::string& file)
{
    return {.file = file, .tell = [](std::string_view) {}};
}

template <class Holds>
void wait_until(Holds holds)
{
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!holds()) {
        REQUIRE(std::chrono::steady_clock::now() < deadline);
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
}

/// Clients that connect and say nothing.
class Idlers {
public:
    /// One more, which has been let in.
    void join(const Program& program)
    {
        const std::uint64_t before = program.arrivals();
        x_sockets_.emplace_back(x_io_).connect(program.server().entrances().at(0).address);
        wait_until([&] { return program.arrivals() > before; });
    }

    /// One more, that is told something.
    std::string told(const Program& program)
    {
        net::asio::ip::tcp::socket socket(x_io_);
        socket.connect(program.server().entrances().at(0).address);
        char some[16] = {};
        return {some, net::asio::read(socket, net::asio::buffer(some, 12))};
    }

    bool turned_out(std::size_t i)
    {
        char byte = 0;
        return ::recv(x_sockets_[i].native_handle(), &byte, 1, MSG_DONTWAIT) == 0;
    }

private:
    net::asio::io_context x_io_;
    std::deque<net::asio::ip::tcp::socket> x_sockets_;
};

} // namespace

TEST_SUITE("proxy/program")
{
    TEST_CASE("settings that cannot be had leave everything as it was, and no log behind that is used")
    {
        const test::Folder folder;
        Program program(settings(folder.file("log")), log_to(folder.file("log")), {});
        program.start();
        const auto address = program.server().entrances().at(0).address;
        net::asio::io_context io;
        const net::asio::ip::tcp::acceptor other(io, {net::asio::ip::make_address("127.0.0.1"), 0});
        CHECK_THROWS_WITH_AS(
            program.renew(settings(folder.file("other"), other.local_endpoint().port())),
            doctest::Contains("the address is taken"),
            std::runtime_error
        );
        CHECK_THROWS_AS(program.renew(settings("/nonexistent/log")), std::runtime_error);
        CHECK((program.server().entrances().at(0).address == address));
        CHECK(program.state().reloads == 0);
        program.log().add(diagnose(Exchange{}, "5f2c9a0000000000"));
        program.renew(settings(folder.file("log")));
        CHECK((program.server().entrances().at(0).address == address));
        program.log().add(diagnose(Exchange{}, "5f2c9a0000000001"));
        program.drain();
        program.finish();
        CHECK(test::lines_of(folder.file("log")).size() == 2);
        CHECK(test::lines_of(folder.file("other")).empty());
    }

    TEST_CASE("an address that overlaps with one that is listened on is told to need another start")
    {
        const test::Folder folder;
        Program program(settings(folder.file("log")), log_to(folder.file("log")), {});
        program.start();
        auto every = settings(folder.file("log"), program.server().entrances().at(0).address.port());
        every.asked.config.listeners.at(0).address.host = "0.0.0.0";
        CHECK_THROWS_WITH_AS(
            program.renew(every), doctest::Contains("only when it is started anew"), std::runtime_error
        );
    }

    TEST_CASE("reloads are counted by what became of them")
    {
        const test::Folder folder;
        Program program(settings(folder.file("log")), log_to(folder.file("log")), {});
        program.start();
        CHECK(program.state().ready);
        program.reject_renewal();
        CHECK(program.state().last_reload_rejected);
        program.renew(settings(folder.file("log")));
        CHECK_FALSE(program.state().last_reload_rejected);
        CHECK(program.state().reloads == 1);
        CHECK(program.state().rejected_reloads == 1);
        CHECK_FALSE(program.state().draining);
        program.drain();
        CHECK(program.state().draining);
        CHECK(program.state().ready);
    }

    TEST_CASE("settings that serve nobody any more are let go of, and the last ones end the program")
    {
        const test::Folder folder;
        Idlers idlers;
        std::atomic<int> ends{0};
        Program program(settings(folder.file("log")), log_to(folder.file("log")), {{}, [&] { ++ends; }});
        program.start();
        CHECK_FALSE(program.tidy());
        idlers.join(program);
        program.renew(settings(folder.file("log")));
        idlers.join(program);
        CHECK(program.state().clients == 2);
        program.renew(settings(folder.file("log")));
        CHECK_FALSE(program.tidy());
        CHECK(program.state().clients == 2);
        program.drain();
        wait_until([&] { return ends == 3; });
        CHECK(program.tidy());
        CHECK(program.state().clients == 0);
        program.finish();
    }

    TEST_CASE("numbers of log entries only grow, whatever file they went to")
    {
        const test::Folder folder;
        std::atomic<int> ends{0};
        Program program(settings(folder.file("log0")), log_to(folder.file("log0")), {{}, [&] { ++ends; }});
        program.start();
        std::uint64_t before = 0;
        for (int i = 1; i <= 5; ++i) {
            for (int entry = 0; entry < 10; ++entry)
                program.log().add(diagnose(Exchange{}, "5f2c9a0000000000"));
            program.renew(settings(folder.file(("log" + std::to_string(i / 2)).c_str())));
            const std::uint64_t now = program.state().log_written;
            CHECK(now >= before);
            before = now;
        }
        wait_until([&] { return ends == 5; });
        program.tidy();
        CHECK(program.state().log_written >= before);
        wait_until([&] { return program.state().log_written == 50; });
        CHECK(program.state().log_lost == 0);
        std::size_t lines = 0;
        for (const char* file : {"log0", "log1", "log2"})
            lines += test::lines_of(folder.file(file)).size();
        CHECK(lines == 50);
    }

    TEST_CASE("a thread that has served its last client is no sign that the program hangs")
    {
        const test::Folder folder;
        Idlers idlers;
        auto two = settings(folder.file("log"));
        two.asked.config.threads = 2;
        Program program(two, log_to(folder.file("log")), {});
        program.start();
        idlers.join(program); // one of the two threads has it
        program.renew(two);
        for (int time = 0; time < 10; ++time)
            wait_until([&] { return program.is_alive(); });
        CHECK(program.state().clients == 1);
    }

    TEST_CASE("every log is opened anew, that of settings which serve their last clients too")
    {
        const test::Folder folder;
        Idlers idlers;
        Program program(settings(folder.file("old")), log_to(folder.file("old")), {});
        program.start();
        idlers.join(program);
        program.renew(settings(folder.file("new")));
        for (const char* const name : {"old", "new"})
            std::filesystem::rename(folder.path / name, folder.path / (std::string("rotated-") + name));
        program.reopen_logs();
        for (const char* const name : {"old", "new"})
            wait_until([&] { return std::filesystem::exists(folder.path / name); });
    }

    TEST_CASE("another language or queue makes another log")
    {
        const test::Folder folder;
        Program program(settings(folder.file("log")), log_to(folder.file("log")), {});
        program.start();
        const auto* before = &program.log();
        program.renew(settings(folder.file("log")));
        CHECK(before == &program.log());
        auto chinese = settings(folder.file("log"));
        chinese.asked.config.diagnosis.lang = "zh";
        program.renew(chinese);
        CHECK(before != &program.log());
        before = &program.log();
        chinese.asked.config.limits.log_queue = 7;
        program.renew(chinese);
        CHECK(before != &program.log());
    }

    TEST_CASE("the limit of clients holds for all settings together")
    {
        const test::Folder folder;
        Idlers idlers;
        auto few = settings(folder.file("log"));
        few.asked.config.limits.connections = 1;
        Program program(few, log_to(folder.file("log")), {});
        program.start();
        idlers.join(program);
        program.renew(few);
        CHECK(idlers.told(program) == "HTTP/1.1 503");
    }

    TEST_CASE("of more settings than may have clients, the oldest ones' are turned out, all of them")
    {
        constexpr std::size_t more = 4;
        const test::Folder folder;
        Idlers idlers;
        Program program(settings(folder.file("log")), log_to(folder.file("log")), {});
        program.start();
        for (std::size_t i = 0; i < Program::most_servings + more; ++i) {
            idlers.join(program);
            program.renew(settings(folder.file("log")));
        }
        // the last settings have no client; those before have one each
        for (std::size_t i = 0; i <= more; ++i)
            wait_until([&] { return idlers.turned_out(i); });
        wait_until([&] {
            program.tidy();
            return program.state().clients == Program::most_servings - 1;
        });
        CHECK_FALSE(idlers.turned_out(more + 1));
    }
}

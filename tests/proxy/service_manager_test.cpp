// SPDX-License-Identifier: Apache-2.0
#include "proxy/service_manager.hpp"
#include "tests/proxy/clients/support.hpp"
#include "tests/proxy/log/support.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstddef>
#include <cstring>

using namespace cosdiag;
using Variables = std::map<std::string, std::string>;

namespace {

/// A service manager's end: a socket of datagrams, by a path or, with `@` in front, an abstract name.
class Manager {
public:
    explicit Manager(std::string name) : x_name_(std::move(name)), x_socket_(::socket(AF_UNIX, SOCK_DGRAM, 0))
    {
        sockaddr_un at{};
        at.sun_family = AF_UNIX;
        REQUIRE(x_name_.size() < sizeof at.sun_path);
        std::memcpy(at.sun_path, x_name_.data(), x_name_.size());
        if (at.sun_path[0] == '@')
            at.sun_path[0] = '\0';
        const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + x_name_.size());
        REQUIRE(::bind(x_socket_.number, reinterpret_cast<const sockaddr*>(&at), size) == 0);
    }

    ServiceManager told(Variables more = {}) const
    {
        more["NOTIFY_SOCKET"] = x_name_;
        return ServiceManager(test::environment_of(std::move(more)));
    }

    /// One message; empty: there is none.
    std::string hear() const
    {
        char text[4096];
        const ssize_t size = ::recv(x_socket_.number, text, sizeof text, MSG_DONTWAIT);
        return size < 0 ? std::string() : std::string(text, static_cast<std::size_t>(size));
    }

    void stop_listening() { x_socket_.close(); }

private:
    std::string x_name_;
    test::Descriptor x_socket_;
};

std::chrono::milliseconds period(const Variables& variables)
{
    return ServiceManager(test::environment_of(variables)).period();
}

} // namespace

TEST_SUITE("proxy/service_manager")
{
    TEST_CASE("each message arrives whole, by path and by abstract name")
    {
        const test::Folder folder;
        const std::string abstract = "@cosdiag-test-" + std::to_string(::getpid());
        for (const std::string& name : {folder.file("notify"), abstract}) {
            CAPTURE(name);
            const Manager manager(name);
            const ServiceManager told = manager.told();
            told.ready("serving");
            CHECK(manager.hear() == "READY=1\nSTATUS=serving");
            told.reloading();
            const std::string reloading = manager.hear();
            const std::string head = "RELOADING=1\nMONOTONIC_USEC=";
            REQUIRE(reloading.starts_with(head));
            CHECK(std::stoll(reloading.substr(head.size())) > 0);
            told.stopping();
            CHECK(manager.hear() == "STOPPING=1\nSTATUS=requests under way may finish");
            told.alive();
            CHECK(manager.hear() == "WATCHDOG=1");
            CHECK(manager.hear().empty());
        }
    }

    TEST_CASE("where nobody listens nothing happens")
    {
        const test::Folder folder;
        Manager gone(folder.file("gone"));
        gone.stop_listening();
        gone.told().ready("serving");
        for (const std::string& name :
             {std::string(),
              std::string("@"),
              folder.file("none"),
              std::string(500, 'x'),
              std::string("/dev/null")}) {
            CAPTURE(name);
            const ServiceManager told(test::environment_of({{"NOTIFY_SOCKET", name}}));
            told.ready("serving");
            told.alive();
        }
        ServiceManager(test::environment_of({})).stopping();
    }

    TEST_CASE("a manager that has stopped reading does not keep the program waiting")
    {
        const test::Folder folder;
        const Manager manager(folder.file("notify"));
        const ServiceManager told = manager.told();
        for (int i = 0; i < 5000; ++i)
            told.alive();
        CHECK(manager.hear() == "WATCHDOG=1");
    }

    TEST_CASE("it is told of life three times in the time that it waits, if it waits for this process")
    {
        const std::string ours = std::to_string(::getpid());

        struct Row {
            Variables variables;
            int period;
        };

        for (const Row& row :
             {Row{{}, 0},
              {{{"WATCHDOG_USEC", "30000000"}}, 10'000},
              {{{"WATCHDOG_USEC", "30000000"}, {"WATCHDOG_PID", ours}}, 10'000},
              {{{"WATCHDOG_USEC", "30000000"}, {"WATCHDOG_PID", "1"}}, 0},
              {{{"WATCHDOG_PID", ours}}, 0},
              {{{"WATCHDOG_USEC", ""}}, 0},
              {{{"WATCHDOG_USEC", "0"}}, 0},
              {{{"WATCHDOG_USEC", "-1"}}, 0},
              {{{"WATCHDOG_USEC", "soon"}}, 0},
              {{{"WATCHDOG_USEC", "99999999999999999999"}}, 0}}) {
            CAPTURE(row.period);
            CHECK(period(row.variables).count() == row.period);
        }
    }

    TEST_CASE("sockets are taken over from number 3 on, if they are for this process, as far as there are any"
    )
    {
        const auto sockets = [](const Variables& variables) {
            return ServiceManager(test::environment_of(variables)).sockets();
        };
        int ends[2];
        REQUIRE(::pipe(ends) == 0); // so that number 3 is open
        const test::Descriptor reader(ends[0]);
        const test::Descriptor writer(ends[1]);
        const std::string ours = std::to_string(::getpid());
        CHECK(sockets({}).empty());
        CHECK(sockets({{"LISTEN_FDS", "1"}, {"LISTEN_PID", "1"}}).empty());
        CHECK(sockets({{"LISTEN_FDS", "1"}, {"LISTEN_PID", ours}}) == std::vector<int>{3});
        CHECK(sockets({{"LISTEN_FDS", "1"}}).empty());
        for (const char* count : {"", "0", "-1", "x"})
            CHECK(sockets({{"LISTEN_FDS", count}, {"LISTEN_PID", ours}}).empty());
        const auto all = sockets({{"LISTEN_FDS", "999999999999999999"}, {"LISTEN_PID", ours}});
        CHECK(all.size() >= 1);
        CHECK(all.size() < 1000);
    }
}

// SPDX-License-Identifier: Apache-2.0
#include "config/address.hpp"
#include "config/check.hpp"

#include <doctest/doctest.h>

using namespace cosdiag::config;

namespace {

Config listening(std::vector<Address> addresses)
{
    Config config;
    config.listeners.clear();
    for (auto& address : addresses)
        config.listeners.push_back({std::move(address), ListenerMode::forward});
    return config;
}

std::vector<std::string> paths(const Config& config)
{
    std::vector<std::string> found;
    for (const auto& fault : check(config))
        found.push_back(fault.path);
    return found;
}

using Paths = std::vector<std::string>;

} // namespace

TEST_SUITE("config/check")
{
    TEST_CASE("the defaults are fit to serve with")
    {
        CHECK(check(Config{}).empty());
    }

    TEST_CASE("a listener that others can reach needs clients or users, and is told both ways out")
    {
        auto config = listening({{"127.0.0.1", 1}, {"0.0.0.0", 2}, {"::", 3}, {"::1", 4}});
        const auto faults = check(config);
        REQUIRE(paths(config) == Paths{"listeners[1].address", "listeners[2].address"});
        for (const char* way : {"0.0.0.0:2", "--allow-client", "access.clients", "access.users"}) {
            CAPTURE(way);
            CHECK(describe(faults.front(), "").find(way) != std::string::npos);
        }

        auto with_clients = config;
        with_clients.access.clients = {std::get<Cidr>(parse_cidr("10.0.0.0/8"))};
        CHECK(check(with_clients).empty());

        auto with_users = config;
        with_users.access.users = {{"alice", "hash"}};
        CHECK(check(with_users).empty());
    }

    TEST_CASE("a listener whose clients know of no proxy needs clients named, for nobody is asked for a "
              "password there")
    {
        Config config;
        config.access.users = {{"alice", "hash"}};
        config.listeners = {
            {{"0.0.0.0", 1}, ListenerMode::forward},
            {{"0.0.0.0", 2}, ListenerMode::reverse},
            {{"127.0.0.1", 3}, ListenerMode::reverse, true},
            {{"::", 4}, ListenerMode::transparent}};
        const auto faults = check(config);
        REQUIRE(paths(config) == Paths{"listeners[1].address", "listeners[3].address"});
        for (const char* part :
             {"0.0.0.0:2",
              "which of them may",
              "--allow-client",
              "access.clients",
              "access.users is not enough",
              "reverse"}) {
            CAPTURE(part);
            CHECK(describe(faults.front(), "").find(part) != std::string::npos);
        }
        CHECK(describe(faults.back(), "").find("transparent listener") != std::string::npos);
        config.access.clients = {std::get<Cidr>(parse_cidr("10.0.0.0/8"))};
        CHECK(check(config).empty());
    }

    TEST_CASE("TLS towards clients is for reverse listeners, and the others are told why")
    {
        Config config;
        config.listeners = {
            {{"127.0.0.1", 1}, ListenerMode::forward, true},
            {{"127.0.0.1", 2}, ListenerMode::reverse, true},
            {{"127.0.0.1", 3}, ListenerMode::transparent, true}};
        const auto faults = check(config);
        REQUIRE(paths(config) == Paths{"listeners[0].tls", "listeners[2].tls"});
        CHECK(
            describe(faults.front(), "") == "listeners[0].tls: is on for a forward listener, where it means "
                                            "nothing. Leave it out, or give the listener "
                                            "mode: reverse; a forward listener reads HTTPS inside CONNECT."
        );
        CHECK(describe(faults.back(), "").find("sees by itself whether") != std::string::npos);
    }

    TEST_CASE("a host has its further roots once, and in a file")
    {
        Config config;
        config.upstream.hosts = {{"a.test", "/1"}, {"*.a.test", "/2"}, {"a.test", "/3"}, {"b.test", ""}};
        CHECK(paths(config) == Paths{"upstream.hosts[2].host", "upstream.hosts[3].ca"});
        CHECK(check(config).front().complaint.what == "\"a.test\" is there already");
    }

    TEST_CASE("the parent is another proxy than this one")
    {
        Config config;
        config.parent.url = ParentUrl{"localhost", 8403, "alice", "hunter2"};
        REQUIRE(paths(config) == Paths{"parent.url"});
        const auto said = describe(check(config).front(), "");
        CHECK(said.find("localhost:8403 is this proxy itself") != std::string::npos);
        CHECK(said.find("hunter2") == std::string::npos);
        config.parent.url->port = 8404;
        CHECK(check(config).empty());
    }

    TEST_CASE("no two listeners may want the same port of an address")
    {
        CHECK(paths(listening({{"127.0.0.1", 1}, {"127.0.0.1", 1}})) == Paths{"listeners[1].address"});
        CHECK(check(listening({{"127.0.0.1", 1}, {"127.0.0.2", 1}})).empty());
        CHECK(check(listening({{"127.0.0.1", 1}, {"127.0.0.1", 2}})).empty());
        CHECK(check(listening({{"127.0.0.1", 0}, {"127.0.0.1", 0}})).empty());

        auto everywhere = listening({{"127.0.0.1", 1}, {"0.0.0.0", 1}, {"::1", 1}});
        everywhere.access.users = {{"alice", "hash"}};
        CHECK(paths(everywhere) == Paths{"listeners[1].address"});
    }

    TEST_CASE("no listener at all is a fault")
    {
        CHECK(paths(listening({})) == Paths{"listeners"});
    }

    TEST_CASE("a user's name stands for one password")
    {
        Config config;
        config.access.users = {{"alice", "1"}, {"bob", "2"}, {"alice", "3"}};
        CHECK(paths(config) == Paths{"access.users[2].name"});
        config.access.users.pop_back();
        config.admin.users = {{"alice", "1"}, {"alice", "2"}};
        CHECK(paths(config) == Paths{"admin.users[1].name"});
    }

    TEST_CASE("the program tells about itself where no client is served")
    {
        Config config;
        config.admin.address = Address{"0.0.0.0", 8403};
        CHECK(paths(config) == Paths{"admin.address"});
        config.admin.address->port = 8404;
        CHECK(check(config).empty());
    }

    TEST_CASE("limits and waits that defeat each other are told")
    {
        Config config;
        config.limits.decoded_body = config.limits.held_body - 1;
        config.timeouts.connect_next = config.timeouts.connect + milliseconds(1);
        CHECK(paths(config) == Paths{"limits.decoded_body", "timeouts.connect_next"});
        config.limits.decoded_body = config.limits.held_body;
        config.timeouts.connect_next = config.timeouts.connect;
        CHECK(check(config).empty());
    }

    TEST_CASE("an identity has one place for its SecretKey, and an id of its own")
    {
        const auto faults_of = [](std::vector<Identity> identities) {
            Config config;
            config.identities = std::move(identities);
            std::string all;
            for (const auto& fault : check(config))
                all += fault.path + " " + fault.complaint.what + "\n";
            return all;
        };
        CHECK(faults_of({{"AKIDa", "KEY", "", "", ""}, {"AKIDb", "", "/key", "", ""}}).empty());
        CHECK(
            faults_of({{"AKIDa", "KEY", "", "", ""}, {"AKIDa", "KEY", "", "", ""}}) ==
            "identities[1].secret_id is there already\n"
        );
        CHECK(
            faults_of({{"AKIDa", "", "", "", ""}}) == "identities[0] does not say where its SecretKey is\n"
        );
        CHECK(
            faults_of({{"AKIDa", "KEY", "/key", "", ""}}) ==
            "identities[0] has two places for its SecretKey\n"
        );
    }
}

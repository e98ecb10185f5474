// SPDX-License-Identifier: Apache-2.0
#include "proxy/program.hpp"
#include "proxy/serve_command.hpp"
#include "tests/proxy/clients/support.hpp"
#include "tests/proxy/tls/support.hpp"

#include <doctest/doctest.h>

using namespace cosdiag;
using config::ListenerMode;

namespace {

net::Entrance entrance(const char* host, std::uint16_t port, ListenerMode mode = ListenerMode::forward)
{
    return {{net::asio::ip::make_address(host), port}, mode, false};
}

} // namespace

TEST_SUITE("proxy/serve_command")
{
    TEST_CASE("the start-up text is told what the settings, the listeners and the CA say")
    {
        cli::Serve asked;
        asked.config.diagnosis.log = "/l";
        asked.config.upstream.tls = config::UpstreamTls::upgrade;
        asked.parent.for_https = config::ParentUrl{"proxy", 3128, "alice", "hunter2"};
        asked.parent.from = "https_proxy";
        asked.place = {"--data-dir", "/a b"};
        const tls::Authority authority = test::make_authority();
        const StartUp about = start_up(
            asked, {entrance("::1", 5000), entrance("127.0.0.1", 1, ListenerMode::reverse)}, &authority
        );
        REQUIRE(about.listeners.size() == 2);
        CHECK((about.listeners[0].address == config::Address{"::1", 5000}));
        CHECK(about.listeners[1].mode == ListenerMode::reverse);
        CHECK(about.log == "/l");
        CHECK((about.domains == test::cos_domains));
        CHECK(about.ca_made == "2026-03-01");
        CHECK(about.upgrades);
        CHECK(about.parent_of_http.empty());
        CHECK(about.parent_of_https == "proxy:3128");
        CHECK(about.place == " --data-dir '/a b'");
        CHECK_FALSE(about.at_usual_address);
        CHECK(start_up({}, {}, nullptr).domains.empty());
    }

    TEST_CASE("env has to be told an address that is not the usual one")
    {
        const auto usual = [](const std::vector<net::Entrance>& entrances) {
            return start_up({}, entrances, nullptr).at_usual_address;
        };
        CHECK(usual({entrance("127.0.0.1", 8403)}));
        CHECK(usual({entrance("0.0.0.0", 8403)}));
        CHECK(usual({entrance("127.0.0.1", 1, ListenerMode::reverse), entrance("127.0.0.1", 8403)}));
        CHECK_FALSE(usual({entrance("127.0.0.1", 8404)}));
        CHECK_FALSE(usual({entrance("192.0.2.1", 8403), entrance("127.0.0.1", 8403)}));
    }

    TEST_CASE("the program is called by its name where PATH leads to it, else by its path")
    {
        const test::Folder ours;
        const test::Folder others;
        for (const test::Folder* folder : {&ours, &others}) {
            std::ofstream(folder->file("cosdiag")) << "#!/bin/sh\n";
            std::filesystem::permissions(folder->file("cosdiag"), std::filesystem::perms::owner_all);
        }
        const auto called = [&](const std::string& path) {
            return called_by(ours.file("cosdiag"), test::environment_of({{"PATH", path}}));
        };
        CHECK(called(ours.path.string()) == "cosdiag");
        CHECK(called("/nonexistent:" + ours.path.string() + ":" + others.path.string()) == "cosdiag");
        CHECK(called(others.path.string() + ":" + ours.path.string()) == ours.file("cosdiag"));
        CHECK(called("") == ours.file("cosdiag"));
        CHECK(called_by("/a b/cosdiag", test::environment_of({})) == "'/a b/cosdiag'");
    }

    TEST_CASE("a listener that is to speak TLS does not start without a CA")
    {
        cli::Serve asked;
        asked.config.listeners = {{{"127.0.0.1", 0}, ListenerMode::reverse, true}};
        const test::Folder folder;
        log::DiagnosisLog::Options log;
        log.file = folder.file("log");
        CHECK_THROWS_WITH(
            Program({asked, nullptr, {}}, log, {}),
            "the listener at 127.0.0.1:0 is to speak TLS (tls: true), and there is no CA to make its "
            "certificates with. Make one with cosdiag ca init, or leave tls out"
        );
        CHECK_FALSE(std::filesystem::exists(log.file));
        const auto authority =
            std::make_shared<const tls::Authority>(test::make_authority(tls::Clock::now()));
        CHECK(Program({asked, authority, {}}, log, {}).server().entrances().size() == 1);
    }
}

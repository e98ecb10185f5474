// SPDX-License-Identifier: Apache-2.0
#include "proxy/watch.hpp"
#include "tests/proxy/log/support.hpp"
#include "tests/support/coded.hpp"

#include <doctest/doctest.h>

#include <optional>

using namespace cosdiag;
using test::coded;
using test::Folder;
using test::lines_of;

namespace {

constexpr std::string_view denied =
    "<?xml version='1.0' encoding='utf-8' ?>\n<Error>\n\t<Code>AccessDenied</Code>\n"
    "\t<Message>Access Denied.</Message>\n</Error>\n";

bool has(std::string_view text, std::string_view part)
{
    return text.find(part) != std::string_view::npos;
}

/// A watch with its log in a folder of its own, and a 403 for it.
struct Watched {
    Folder folder;
    config::Config config;
    std::string request = "GET http://b-1250000000.cos.ap-guangzhou.myqcloud.com/k HTTP/1.1\r\n"
                          "Host: b-1250000000.cos.ap-guangzhou.myqcloud.com\r\n\r\n";
    std::string response = "HTTP/1.1 403 Forbidden\r\nServer: tencent-cos\r\nx-cos-request-id: NWZh\r\n";
    std::optional<std::string> body{denied};
    bool complete = true;

    /// The header's value and the one entry of the log.
    std::pair<std::string, std::string> examine()
    {
        response += "\r\n";
        http::RequestHead asked;
        http::ResponseHead answered;
        REQUIRE_FALSE(http::parse_request(request, {}, asked));
        REQUIRE_FALSE(http::parse_response(response, {}, answered));
        std::string header;
        {
            log::DiagnosisLog log({.file = folder.file("log"), .tell = [](std::string_view) {}});
            log::BlindTunnels tunnels;
            Remembered remembered;
            Watch watch({config, {}, log, tunnels, remembered, {}});
            net::Refused refused{
                .request = asked,
                .target = "/k",
                .host = "b-1250000000.cos.ap-guangzhou.myqcloud.com",
                .response = answered,
                .response_body = {},
                .response_body_complete = complete,
                .client = "127.0.0.1",
                .asked_at = net::now() - 20,
                .answered_at = net::now() - 5,
            };
            if (body)
                refused.response_body = *body;
            header = watch.examine(refused);
        }
        const auto lines = lines_of(folder.file("log"));
        REQUIRE(lines.size() == 1);
        return {header, lines.front()};
    }
};

} // namespace

TEST_SUITE("proxy/watch")
{
    TEST_CASE("hosts of COS are known by their shape, and the operator's own by the settings")
    {
        config::Config config;
        config.cos.custom_domains = {"files.example.com"};
        const Folder folder;
        log::DiagnosisLog log({.file = folder.file("log")});
        log::BlindTunnels tunnels;
        Remembered remembered;
        const Watch watch({config, {}, log, tunnels, remembered, {}});
        CHECK(watch.is_cos_host("b-1250000000.cos.ap-guangzhou.myqcloud.com"));
        CHECK(watch.is_cos_host("Files.Example.com"));
        CHECK_FALSE(watch.is_cos_host("example.com"));
        CHECK_FALSE(watch.is_cos_host("not-files.example.com"));
    }

    TEST_CASE("a 403 becomes one value of the header and one entry of the log, which share cause and id")
    {
        Watched watched;
        const auto [header, entry] = watched.examine();
        CHECK(header.rfind("anonymous-request;", 0) == 0);
        CHECK(has(entry, R"("cause":"anonymous-request")"));
        const std::size_t id = entry.find(R"("id":")");
        REQUIRE(id != std::string::npos);
        CHECK(has(header, entry.substr(id + 6, 16)));
    }

    TEST_CASE("a coded body is read, and one in a coding that is not known counts as unread")
    {
        struct Row {
            const char* coding;
            std::string body;
            bool read;
        };

        const Row rows[] = {
            {"gzip", coded(denied, MAX_WBITS + 16), true},
            {"identity", std::string(denied), true},
            {"br", std::string(denied), false},
            {"gzip", "this is not gzip", false},
        };
        for (const Row& row : rows) {
            CAPTURE(row.coding);
            CAPTURE(row.body);
            Watched watched;
            watched.response += "Content-Encoding: " + std::string(row.coding) + "\r\n";
            watched.body = row.body;
            const auto [header, entry] = watched.examine();
            CHECK_FALSE(header.empty());
            CHECK(has(entry, R"("code":"AccessDenied")") == row.read);
        }
    }

    TEST_CASE("a 403 without a body, as a HEAD gets, is diagnosed too")
    {
        Watched watched;
        watched.request.replace(0, 3, "HEAD");
        watched.body.reset();
        const auto [header, entry] = watched.examine();
        CHECK(has(entry, R"("cause":"anonymous-request")"));
    }

    TEST_CASE("tunnels to COS are counted")
    {
        const Folder folder;
        const config::Config config;
        log::DiagnosisLog log({.file = folder.file("log")});
        log::BlindTunnels tunnels;
        Remembered remembered;
        Watch watch({config, {}, log, tunnels, remembered, {}});
        watch.blind_tunnel("b-1250000000.cos.ap-guangzhou.myqcloud.com", "curl/7.88.1");
        watch.blind_tunnel("b-1250000000.cos.ap-guangzhou.myqcloud.com", "curl/7.88.1");
        CHECK(tunnels.count() == 2);
        CHECK(tunnels.hosts() == 1);
    }

    TEST_CASE("a client that turns away from our certificate is told of, more surely the second time")
    {
        using Kind = net::TlsStream::Failure::Kind;

        struct Row {
            const char* what;
            net::TlsStream::Failure failure;
            const char* user_agent;
            std::vector<const char*> said; ///< of each time; empty: nothing is logged
        };

        const Row rows[] = {
            {"an alert", {Kind::alert, 48, 0, true, {}}, "curl/8", {"certain", "certain"}},
            {"a close", {Kind::ended, 0, 0, true, {}}, "cos-nodejs-sdk-v5-3.0.0", {"possible", "likely"}},
            {"a close before our certificate", {Kind::ended, 0, 0, false, {}}, "curl/8", {}},
            {"something of our own", {Kind::protocol, 0, 0, true, "no shared cipher"}, "curl/8", {}},
        };
        for (const Row& row : rows) {
            CAPTURE(row.what);
            const Folder folder;
            const config::Config config;
            {
                log::DiagnosisLog log({.file = folder.file("log"), .tell = [](std::string_view) {}});
                log::BlindTunnels tunnels;
                Remembered remembered;
                Watch watch(
                    {config,
                     {},
                     log,
                     tunnels,
                     remembered,
                     {"/d/ca.pem", "/d/bundle.pem", "/d/truststore.p12"}}
                );
                for (int i = 0; i < 2; ++i)
                    watch.handshake_failed(
                        {"b-1250000000.cos.ap-guangzhou.myqcloud.com",
                         "127.0.0.1",
                         row.user_agent,
                         row.failure}
                    );
            }
            const auto lines = lines_of(folder.file("log"));
            REQUIRE(lines.size() == row.said.size());
            for (std::size_t i = 0; i < lines.size(); ++i) {
                CHECK(has(lines[i], "\"cause\":\"client-distrusts-ca\""));
                CHECK(has(lines[i], std::string("\"confidence\":\"") + row.said[i]));
                CHECK(has(lines[i], "/d/"));
                CHECK(has(lines[i], "\"url\":\"https://b-1250000000.cos.ap-guangzhou.myqcloud.com/\""));
                CHECK_FALSE(has(lines[i], "\"response\""));
            }
        }
    }

    TEST_CASE("a client that has trusted us since begins anew")
    {
        const Folder folder;
        const config::Config config;
        {
            log::DiagnosisLog log({.file = folder.file("log"), .tell = [](std::string_view) {}});
            log::BlindTunnels tunnels;
            Remembered remembered;
            Watch watch({config, {}, log, tunnels, remembered, {}});
            const net::TlsStream::Failure closed{net::TlsStream::Failure::Kind::ended, 0, 0, true, {}};
            const auto client = boost::asio::ip::make_address("127.0.0.1");
            watch.handshake_failed({"b.cos.x.myqcloud.com", "127.0.0.1", "", closed});
            watch.handshake_done("b.cos.x.myqcloud.com", client);
            watch.handshake_failed({"b.cos.x.myqcloud.com", "127.0.0.1", "", closed});
        }
        for (const auto& line : lines_of(folder.file("log")))
            CHECK(has(line, "\"confidence\":\"possible\""));
    }
}

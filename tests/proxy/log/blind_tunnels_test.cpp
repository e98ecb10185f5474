// SPDX-License-Identifier: Apache-2.0
#include "proxy/log/blind_tunnels.hpp"
#include "tests/proxy/log/support.hpp"

#include <doctest/doctest.h>

#include <array>
#include <functional>
#include <thread>

using namespace cosdiag;
using log::blind_tunnel_notice;
using log::BlindTunnels;

namespace {

constexpr const char* host = "examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com";

std::vector<std::string> told(const test::Folder& folder, const std::function<void()>& what)
{
    const std::string file = folder.file("stderr");
    {
        const test::Descriptor errors(::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600));
        const test::InPlaceOf stream(STDERR_FILENO, errors.number);
        what();
    }
    return test::lines_of(file);
}

} // namespace

TEST_SUITE("proxy/log/blind_tunnels")
{
    TEST_CASE("the notice says in whole sentences what is unseen, what to set and what that costs")
    {
        const std::string begin =
            "HTTPS to examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com passes through unseen: a 403 in "
            "it cannot be explained. To see it, ";
        const std::string end =
            "; or, with keys that may be replaced, since everybody on the way can read it then, let "
            "cos-nodejs-sdk-v5 speak clear HTTP: Protocol: 'http:' in new COS({…})";
        CHECK(
            blind_tunnel_notice(host, "cos-nodejs-sdk-v5-3.0.0", false) ==
            begin +
                "start the client with cosdiag run -- COMMAND, or make a CA with cosdiag ca init and send "
                "cosdiag SIGHUP" +
                end
        );
        CHECK(
            blind_tunnel_notice(host, "cos-nodejs-sdk-v5-3.0.0", true) ==
            begin +
                "make a CA that covers it (cosdiag ca show tells what yours does; cosdiag ca init --force "
                "goes by cos.custom_domains)" +
                end
        );
    }

    TEST_CASE("every client is told its own setting")
    {
        struct Row {
            const char* user_agent;
            const char* advice;
        };

        const Row rows[] = {
            {"cos-nodejs-sdk-v5-2.14.4", "let cos-nodejs-sdk-v5 speak clear HTTP: Protocol: 'http:'"},
            {"cos-js-sdk-v5-1.10.1", "let cos-js-sdk-v5 speak clear HTTP: Protocol: 'http:'"},
            {"cos-python-sdk-v5.1.9.41", "let cos-python-sdk-v5 speak clear HTTP: Scheme='http'"},
            {"cos-go-sdk-v5/0.7.65", "let cos-go-sdk-v5 speak clear HTTP: http:// in the BucketURL"},
            {"cos-java-sdk-v5.6.227/Linux", "clientConfig.setHttpProtocol(HttpProtocol.http)"},
            {"cos-cpp-sdk-v5.5.13", "no SetHttps()"},
            {"cos-php-sdk-v5.2.6.16", "'schema' => 'http' in new Qcloud\\Cos\\Client([…])"},
            {"cos-net-sdk.5.4.40", "IsHttps(false) in CosXmlConfig.Builder"},
            {"cos-dotnet-sdk/1", "IsHttps(false) in CosXmlConfig.Builder"},
            {"cos-android-sdk-5.9.25", "isHttps(false) in CosXmlServiceConfig.Builder"},
            {"coscli/v1.0.6 cos-go-sdk-v5/0.7.62", "let coscli speak clear HTTP: -p http"},
            {"coscmd-v1.9.1.0", "schema = http in ~/.cos.conf"},
            {"rclone/v1.60.1", "endpoint = http://cos.ap-guangzhou.myqcloud.com"},
            {"s3cmd/2.3.0", "use_https = False"},
            {"aws-cli/2.9.19 Python/3.11.2 botocore/2.4.5", "--endpoint-url http://cos.ap-guangzhou.myq"},
            {"Boto3/1.26.27 Python/3.11.2 Botocore/1.29.27", "endpoint_url='http://cos.ap-guangzhou.myq"},
            {"Botocore/1.29.27", "let boto3 speak clear HTTP: endpoint_url='http://cos.ap-guangzhou.myq"},
            {"aws-sdk-java/2.20", "an endpoint that begins with http://"},
            {"MinIO (linux; amd64) minio-go/v7.0.1", "secure = false"},
            {"curl/7.88.1", "let curl speak clear HTTP: a URL that begins with http://"},
            {"Wget/1.21.3", "let wget speak clear HTTP: a URL that begins with http://"},
            {"python-requests/2.28.1", "let requests speak clear HTTP: a URL that begins with http://"},
            {"Go-http-client/1.1", "let the Go program speak clear HTTP: http:// in its BucketURL"},
            {"Apache-HttpClient/4.5.13 (Java/17)", "let the Java program speak clear HTTP: clientConfig.set"},
            {"something else", "let the client speak clear HTTP: http:// in its COS address"},
            {"", "Scheme='http' in CosConfig(…) of cos-python-sdk-v5, endpoint_url='http://cos.ap-guangzhou"},
            {" ", "Python's, which give no name here"},
        };
        for (const Row& row : rows) {
            CAPTURE(row.user_agent);
            const std::string text = blind_tunnel_notice(host, row.user_agent);
            CAPTURE(text);
            CHECK(text.find(row.advice) != std::string::npos);
        }
    }

    TEST_CASE("a host that tells no region leaves it to the reader")
    {
        const std::string text =
            blind_tunnel_notice("examplebucket-1250000000.cos.accelerate.myqcloud.com", "rclone/v1.60.1");
        CHECK(text.find("endpoint = http://cos.REGION.myqcloud.com") != std::string::npos);
    }

    TEST_CASE("bytes of the wire can neither break the line nor make it endless")
    {
        const std::string text =
            blind_tunnel_notice("a\r\n\x1b[2Jb." + std::string(100'000, 'x'), std::string(100'000, '\n'));
        CHECK(text.find("HTTPS to a\\x0d\\x0a\\x1b[2Jb.xxx") == 0);
        CHECK(text.size() < 1000);
        CHECK(text.find_first_of("\r\n\x1b") == std::string::npos);
    }

    TEST_CASE("each host is told once, whatever the case of its name, and every tunnel counted")
    {
        const test::Folder folder;
        BlindTunnels tunnels;
        const auto lines = told(folder, [&] {
            for (const char* const name : {"One.example", "two.example", "ONE.example", "two.example"})
                tunnels.opened(name, "curl/8");
        });
        REQUIRE(lines.size() == 2);
        CHECK(lines[0].find("HTTPS to One.example passes") != std::string::npos);
        CHECK(lines[1].find("HTTPS to two.example passes") != std::string::npos);
        CHECK(tunnels.count() == 4);
        CHECK(tunnels.hosts() == 2);
    }

    TEST_CASE("no more than 1,000 hosts are told and remembered")
    {
        const test::Folder folder;
        BlindTunnels tunnels;
        const auto lines = told(folder, [&] {
            for (int i = 0; i < 1100; ++i)
                tunnels.opened(std::to_string(i) + ".example", "curl/8");
        });
        CHECK(lines.size() == 1000);
        CHECK(tunnels.hosts() == 1000);
        CHECK(tunnels.count() == 1100);
    }

    TEST_CASE("tunnels of several threads to one host are told once")
    {
        const test::Folder folder;
        BlindTunnels tunnels;
        const auto lines = told(folder, [&] {
            std::array<std::thread, 4> threads;
            for (auto& thread : threads)
                thread = std::thread([&] {
                    for (int i = 0; i < 100; ++i)
                        tunnels.opened(host, "curl/8");
                });
            for (auto& thread : threads)
                thread.join();
        });
        CHECK(lines.size() == 1);
        CHECK(tunnels.count() == 400);
    }
}

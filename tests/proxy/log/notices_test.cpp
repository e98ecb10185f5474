// SPDX-License-Identifier: Apache-2.0
#include "proxy/log/blind_tunnels.hpp"
#include "proxy/log/notices.hpp"

#include <doctest/doctest.h>

using namespace cosdiag::log;

TEST_SUITE("proxy/log/notices")
{
    TEST_CASE("control characters do not reach a terminal, and long texts are cut")
    {
        CHECK(harmless("a\x1b[31mb\r\n\tc\x7f") == "a\\x1b[31mb\\x0d\\x0a\\x09c\\x7f");
        CHECK(harmless("中文") == "中文");
        CHECK(harmless("abcdef", 3) == "abc…");
    }

    TEST_CASE("a blind tunnel is told with the setting of the client's own SDK")
    {
        struct Row {
            const char* user_agent;
            const char* setting;
        };

        const Row rows[] = {
            {"cos-nodejs-sdk-v5-2.14.4", "Protocol: 'http:'"},
            {"cos-python-sdk-v5-v5.9.41", "Scheme='http'"},
            {"cos-go-sdk-v5/0.7.65", "http:// in the BucketURL"},
            {"cos-java-sdk-v5-5.6.227/linux", "setHttpProtocol(HttpProtocol.http)"},
            {"coscli/v1.0.6", "-p http"},
            {"rclone/v1.60.1", "endpoint = http://"},
            {"Boto3/1.26.27 Python/3.11.2 Botocore/1.29.27", "endpoint_url='http://"},
            {"aws-cli/2.9.19 Python/3.11.2 botocore/2.4.5", "--endpoint-url http://"},
            {"curl/7.88.1", "a URL that begins with http://"},
            {"something else", "http:// in its COS address"},
            {"", "http:// in its COS address"},
        };
        for (const Row& row : rows) {
            CAPTURE(row.user_agent);
            const std::string text = blind_tunnel_notice("b-1.cos.ap-guangzhou.myqcloud.com", row.user_agent);
            CHECK(text.find("b-1.cos.ap-guangzhou.myqcloud.com passes through unseen") != std::string::npos);
            CHECK(text.find(row.setting) != std::string::npos);
            CHECK(text.find("readable between here and COS") != std::string::npos);
        }
    }

    TEST_CASE("tunnels are counted, each host once, and no more hosts are remembered than fit")
    {
        BlindTunnels tunnels;
        for (int round = 0; round < 2; ++round) {
            for (int i = 0; i < 3; ++i)
                tunnels.opened("HOST" + std::to_string(i) + ".example", "curl/8");
            tunnels.opened("host0.example", "curl/8");
        }
        CHECK(tunnels.count() == 8);
        CHECK(tunnels.hosts() == 3);
    }
}

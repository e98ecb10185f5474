// SPDX-License-Identifier: Apache-2.0
#include "proxy/clients/no_proxy.hpp"

#include <doctest/doctest.h>

using namespace cosdiag::clients;

using Hosts = std::vector<std::string>;

const Hosts cos{"myqcloud.com", "tencentcos.cn", "tencentcos.com"};

TEST_SUITE("proxy/clients/no_proxy")
{
    TEST_CASE("an entry exempts COS where any client would take it so")
    {
        for (const char* const entry :
             {"*",
              ".",
              "com",
              ".com",
              "*.com",
              "cn",
              "myqcloud.com",
              ".myqcloud.com",
              "*.myqcloud.com",
              "*myqcloud.com",
              "MyQCloud.COM",
              "myqcloud.com.",
              "myqcloud.com:443",
              ".myqcloud.com:443",
              "cos.ap-guangzhou.myqcloud.com",
              "*.cos.*.myqcloud.com",
              "examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com",
              "tencentcos.cn",
              "*.tencentcos.cn",
              "examplebucket-1250000000.cos.ap-guangzhou.tencentcos.cn",
              "tencentcos.com",
              "qcloud.com",
              "cloud.com"}) {
            CAPTURE(entry);
            CHECK(exempts(entry, cos));
        }
    }

    TEST_CASE("an entry that no client takes for COS exempts none of its hosts")
    {
        for (const char* const entry :
             {"localhost",
              "127.0.0.1",
              "::1",
              "[::1]:80",
              "10.0.0.0/8",
              "169.254.0.0/16",
              "notmyqcloud.com",
              "myqcloud.com.example",
              "tencentcos.cn.example",
              "example.com",
              ".example.cn",
              "tencent.com",
              "internal"}) {
            CAPTURE(entry);
            CHECK_FALSE(exempts(entry, cos));
        }
    }

    TEST_CASE("a custom domain is exempted by its own name and by every end of it, and by no other")
    {
        const Hosts custom{"Assets.Shop.Example"};

        for (const char* const entry :
             {"assets.shop.example", ".shop.example", "*.Example", "shop.example:443"}) {
            CAPTURE(entry);
            CHECK(exempts(entry, custom));
        }
        CHECK_FALSE(exempts("api.shop.example", custom));
        CHECK_FALSE(exempts("myqcloud.com", custom));
    }

    TEST_CASE("what is left are the user's entries of both variables, this machine and the proxy, each once")
    {
        const Hosts own{"localhost", "127.0.0.1", "::1"};

        CHECK(hosts_without_proxy({"", ""}, cos, "127.0.0.1") == own);
        CHECK(hosts_without_proxy({"*", "*"}, cos, "") == own);
        CHECK(
            hosts_without_proxy(
                {" .corp.example, 10.0.0.0/8 ,,com", "::1,.corp.example\ta:80"}, cos, "cosdiag"
            ) == Hosts{".corp.example", "10.0.0.0/8", "::1", "a:80", "localhost", "127.0.0.1", "cosdiag"}
        );
    }

    TEST_CASE("Java is told names and IPv4 addresses in its own patterns")
    {
        CHECK(java_non_proxy_hosts({}) == "localhost|127.*|[::1]");
        CHECK(
            java_non_proxy_hosts(Hosts{
                "localhost",
                "127.0.0.1",
                "::1",
                "10.0.0.0/8",
                "a:80",
                "b|c",
                "10.1.2.3",
                ".corp.example",
                "*.x.example",
                "Host"}) ==
            "localhost|127.*|[::1]|10.1.2.3|corp.example|*.corp.example|x.example|*.x.example|host|*.host"
        );
    }
}

// SPDX-License-Identifier: Apache-2.0
#include "diagnose/endpoint.hpp"

#include <doctest/doctest.h>

#include <string>

namespace cosdiag {

TEST_SUITE_BEGIN("diagnose/endpoint");

TEST_CASE("every shape of host name tells its bucket, APPID, region and kind")
{
    using enum EndpointKind;

    static constexpr struct {
        std::string_view host;
        EndpointKind kind;
        std::string_view bucket, appid, region;
    } rows[] = {
        {"examplebucket-1250000000.cos.ap-beijing.myqcloud.com",
         bucket,
         "examplebucket-1250000000",
         "1250000000",
         "ap-beijing"},
        {"examplebucket-1250000000.cos.ap-beijing.tencentcos.cn",
         bucket,
         "examplebucket-1250000000",
         "1250000000",
         "ap-beijing"},
        {"EXAMPLEBUCKET-1250000000.COS.ap-beijing.MyQcloud.com.:443",
         bucket,
         "examplebucket-1250000000",
         "1250000000",
         "ap-beijing"},
        {"my-example-bucket-1250000000.cos-internal.ap-nanjing.tencentcos.cn",
         bucket,
         "my-example-bucket-1250000000",
         "1250000000",
         "ap-nanjing"},
        {"examplebucket-1250000000.cos-dualstack.ap-seoul.myqcloud.com",
         bucket,
         "examplebucket-1250000000",
         "1250000000",
         "ap-seoul"},
        {"examplebucket-1250000000.cos.accelerate.myqcloud.com",
         accelerate,
         "examplebucket-1250000000",
         "1250000000",
         ""},
        {"examplebucket-1250000000.cos-internal.accelerate.tencentcos.cn",
         accelerate,
         "examplebucket-1250000000",
         "1250000000",
         ""},
        {"examplebucket-1250000000.cos-website.ap-beijing.myqcloud.com",
         website,
         "examplebucket-1250000000",
         "1250000000",
         "ap-beijing"},
        {"examplebucket-1250000000.cos-website-internal.ap-beijing.tencentcos.cn",
         website,
         "examplebucket-1250000000",
         "1250000000",
         "ap-beijing"},
        {"cos.ap-beijing.myqcloud.com", service, "", "", "ap-beijing"},
        {"service.cos.myqcloud.com", service, "", "", ""},
        {"service.cos.tencentcos.cn", service, "", "", ""},
        {"examplebucket-1250000000.ci.ap-beijing.myqcloud.com",
         ci,
         "examplebucket-1250000000",
         "1250000000",
         "ap-beijing"},
        {"1250000000.ci.ap-beijing.myqcloud.com", ci, "", "", "ap-beijing"},
        {"ci.ap-beijing.myqcloud.com", ci, "", "", "ap-beijing"},
        {"service.ci.myqcloud.com", ci, "", "", ""},
        {"examplebucket-1250000000.pic.ap-chengdu.myqcloud.com",
         ci,
         "examplebucket-1250000000",
         "1250000000",
         "ap-chengdu"},
        {"examplebucket-1250000000.file.myqcloud.com", cdn, "examplebucket-1250000000", "1250000000", ""},
        {"100000000001.cos-control.ap-beijing.myqcloud.com", control, "", "", "ap-beijing"},
        {"examplebucket-1250000000.cn-north.myqcloud.com",
         bucket,
         "examplebucket-1250000000",
         "1250000000",
         "cn-north"},
        {"bucket-without-appid.cos.ap-tokyo.tencentcos.cn", bucket, "", "", "ap-tokyo"},
        {"ap-beijing.migration.myqcloud.com", other, "", "", "ap-beijing"},
        {"gz.file.myqcloud.com", other, "", "", ""},
        {"vectors.ap-beijing.internal.tencentcos.com", other, "", "", ""},
        {"a.b-1250000000.cos.ap-beijing.myqcloud.com", other, "", "", "ap-beijing"},
    };

    for (const auto& row : rows) {
        CAPTURE(row.host);
        const auto endpoint = read_endpoint(row.host);
        CHECK(endpoint.kind == row.kind);
        CHECK(endpoint.bucket == row.bucket);
        CHECK(endpoint.appid == row.appid);
        CHECK(endpoint.region == row.region);
        CHECK(is_cos_host(row.host));
    }
}

TEST_CASE("names that only look like COS are not COS")
{
    static constexpr std::string_view hosts[] = {
        "",
        ":",
        ".",
        "..",
        "example.com",
        "myqcloud.com",
        ".myqcloud.com",
        "www.myqcloud.com",
        "lb-12345678.clb.ap-beijing.myqcloud.com",
        "evil.cos.ap-beijing.myqcloud.com.example.com",
        "examplebucket-1250000000.cos.ap-beijing.myqcloud.com@example.com",
        "xmyqcloud.com",
        "cos.myqcloud.com.evil.test",
        "127.0.0.1",
        "[::1]:8080",
        "examplebucket-1250000000.cos.ap beijing.myqcloud.com",
        std::string_view("a\0b.cos.ap-beijing.myqcloud.com", 31),
    };
    for (const auto host : hosts) {
        CAPTURE(host);
        CHECK_FALSE(is_cos_host(host));
        CHECK(read_endpoint(host).kind == EndpointKind::not_cos);
    }
    CHECK_FALSE(is_cos_host(std::string(100'000, 'a') + ".cos.ap-beijing.myqcloud.com"));
}

TEST_SUITE_END();

} // namespace cosdiag

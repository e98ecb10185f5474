// SPDX-License-Identifier: Apache-2.0
#include "diagnose/bucket/bucket_host.hpp"

#include <doctest/doctest.h>

using namespace cosdiag;

TEST_SUITE_BEGIN("diagnose/bucket/bucket_host");

TEST_CASE("the hosts of a bucket share its name, in any of COS's domains and spellings")
{
    for (const std::string_view host : {
             "examplebucket-1250000000.cos.ap-beijing.myqcloud.com",
             "examplebucket-1250000000.cos.ap-beijing.tencentcos.cn",
             "examplebucket-1250000000.cos-internal.ap-beijing.tencentcos.cn",
             "examplebucket-1250000000.cos.accelerate.myqcloud.com:80",
             "examplebucket-1250000000.cos-website.ap-beijing.myqcloud.com.",
             "examplebucket-1250000000.file.myqcloud.com",
             "examplebucket-1250000000.COS.ap-beijing.MyQcloud.com",
         }) {
        CAPTURE(host);
        CHECK(bucket_of(host) == "examplebucket-1250000000");
    }
}

TEST_CASE("a host that COS did not name stands for itself, however it begins")
{
    for (const std::string_view host : {
             "www.a.com",
             "www.b.com",
             "static-1.a.com",
             "examplebucket-1250000000.a.com",
             "examplebucket-1250000000.cos.ap-beijing.myqcloud.com.evil.example",
             "examplebucket-1250000000.notmyqcloud.com",
             "cos.a.com",
             "cos.ap-beijing.myqcloud.com",
             "service.cos.myqcloud.com",
             "100000000001.cos-control.ap-beijing.myqcloud.com",
             "-1250000000.cos.ap-beijing.myqcloud.com",
             "examplebucket-.cos.ap-beijing.myqcloud.com",
             "examplebucket-12x.cos.ap-beijing.myqcloud.com",
             "myqcloud.com",
             ".myqcloud.com",
             "localhost:8080",
             "-",
             "",
         }) {
        CAPTURE(host);
        CHECK(bucket_of(host) == host);
    }
}

TEST_CASE("only COS's own service hosts have the bucket in the path")
{
    CHECK(is_path_style_host("cos.ap-beijing.myqcloud.com"));
    CHECK(is_path_style_host("cos.ap-beijing.tencentcos.cn:80"));
    CHECK_FALSE(is_path_style_host("cos.a.com"));
    CHECK_FALSE(is_path_style_host("examplebucket-1250000000.cos.ap-beijing.myqcloud.com"));
    CHECK_FALSE(is_path_style_host("cosmetics.myqcloud.com"));
    CHECK_FALSE(is_path_style_host(""));
}

TEST_SUITE_END();

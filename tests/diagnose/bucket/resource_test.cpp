// SPDX-License-Identifier: Apache-2.0
#include "diagnose/bucket/resource.hpp"

#include <doctest/doctest.h>

using namespace cosdiag;

namespace {

constexpr std::string_view object = "qcs::cos:ap-guangzhou:uid/1250000000:examplebucket-1250000000/a/b";

} // namespace

TEST_SUITE_BEGIN("diagnose/bucket/resource");

TEST_CASE("a resource is covered by each way of writing it")
{
    for (const std::string_view pattern : {
             "*",
             "qcs::cos:ap-guangzhou:uid/1250000000:examplebucket-1250000000/a/b",
             "qcs::cos:ap-guangzhou:uid/1250000000:examplebucket-1250000000/*",
             "qcs::cos:ap-guangzhou:uid/1250000000:examplebucket-1250000000/a/*",
             "qcs::cos:ap-guangzhou:uid/1250000000:*/b",
             "qcs::cos:*:uid/1250000000:examplebucket-1250000000/*",
             "qcs::cos::uid/1250000000:examplebucket-1250000000/*",
             "qcs::cos:::examplebucket-1250000000/*",
             "qcs::*:ap-guangzhou:*:*",
             "qcs:id/0:cos:ap-guangzhou:uid/1250000000:examplebucket-1250000000/*",
             "qcs::cos:ap-guangzhou:uin/100000000001:examplebucket-1250000000/*",
             "qcs::cos:ap-guangzhou:uid/1250000000:prefix//1250000000/examplebucket/*",
             "qcs::cos:ap-guangzhou:uid/1250000000:prefix//1250000000/examplebucket/a/b",
         }) {
        CAPTURE(pattern);
        CHECK(covers(pattern, object));
    }
}

TEST_CASE("another region, account, bucket or key is another resource")
{
    for (const std::string_view pattern : {
             "",
             "qcs",
             "qcs::cos:ap-guangzhou:uid/1250000000",
             "qcs::cos:ap-guangzhou:uid/1250000000:",
             "qcs::cos:ap-beijing:uid/1250000000:examplebucket-1250000000/*",
             "qcs::cos:ap-guangzhou:uid/1259999999:examplebucket-1250000000/*",
             "qcs::cos:ap-guangzhou:uid/1250000000:otherbucket-1250000000/*",
             "qcs::cos:ap-guangzhou:uid/1250000000:examplebucket-1250000000/b/*",
             "qcs::cos:ap-guangzhou:uid/1250000000:examplebucket-1250000000/A/b",
             "qcs::cos:ap-guangzhou:uid/1250000000:prefix//1250000000/otherbucket/*",
             "qcs::cos:ap-guangzhou:uid/1250000000:prefix//1259999999/examplebucket/*",
             "qcs::cvm:ap-guangzhou:uid/1250000000:*",
             "examplebucket-1250000000/*",
         }) {
        CAPTURE(pattern);
        CHECK_FALSE(covers(pattern, object));
    }
}

TEST_CASE("a region that the host does not tell may be any, and a key may hold colons")
{
    constexpr std::string_view accelerated = "qcs::cos::uid/1250000000:examplebucket-1250000000/12:30";
    CHECK(covers("qcs::cos:ap-guangzhou:uid/1250000000:examplebucket-1250000000/12:*", accelerated));
    CHECK_FALSE(covers("qcs::cos:ap-guangzhou:uid/1250000000:examplebucket-1250000000/13:*", accelerated));
}

TEST_SUITE_END();

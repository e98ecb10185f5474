// SPDX-License-Identifier: Apache-2.0
#include "diagnose/cause.hpp"
#include "diagnose/judging.hpp"
#include "diagnose/text.hpp"

namespace cosdiag::causes {
namespace {

/// The bucket as the path names it, or what COS would take for one.
std::string bucket_of(const Facts& facts)
{
    if (!facts.call.bucket.empty()) {
        return facts.call.bucket;
    }
    const auto path = std::string_view(facts.target.path).substr(facts.target.path.starts_with('/') ? 1 : 0);
    return std::string(path.substr(0, path.find('/')));
}

std::optional<Judgement> judge(const Facts& facts)
{
    if (named(facts, Family::path_style) != Named::here) {
        return std::nullopt;
    }
    const auto bucket = bucket_of(facts);
    Judgement judgement{
        .confidence = facts.host.starts_with("cos.") ? Confidence::certain : Confidence::likely,
        .summary = join("the bucket stands in the path: ", shortened(join(facts.host, "/", bucket), 100)),
        .fix = join("ask ", shortened(join(bucket, ".", facts.host), 110)),
        .evidence =
            {{Seen::request, "Host", shortened(facts.host, 100)},
             {Seen::request, "path", shortened(facts.target.raw_path, 100)}},
        .remedies =
            {{Actor::caller,
              "Switch the client to virtual-hosted addressing: rclone provider TencentCOS or "
              "force_path_style = false, boto3 addressing_style virtual, s3cmd host_bucket %(bucket)s."},
             {Actor::caller, "The endpoint stays without the bucket: the library puts it before it."}},
        .policy = {},
    };
    add_answer(judgement, facts);
    add_credentials(judgement, facts);
    return judgement;
}

} // namespace

extern const Cause path_style_forbidden;

constexpr Cause path_style_forbidden{
    .token = "path-style-forbidden",
    .title = "The bucket must stand in the host name",
    .explanation =
        {
            .meaning = "The request names the bucket in its path, and COS wants it in the host name.",
            .reason = "Buckets made since 2024-01-01 can be asked under their own host name only: path-style "
                      "is switched off for them.",
            .evidence =
                "COS says PathStyleDomainForbidden, and with a host that names no bucket that is `certain`.",
            .change = "The caller switches its S3 library to virtual-hosted addressing.",
            .confused = "permission-denied: no right is missing here.",
        },
    .chinese =
        {
            .title = "存储桶必须写在域名里",
            .explanation =
                {
                    .meaning = "请求把存储桶写在路径里，而 COS 要求写在域名里。",
                    .reason = "2024-01-01 之后创建的存储桶只能用自己的域名访问，路径形式已关闭。",
                    .evidence = "COS 返回 PathStyleDomainForbidden，且域名里没有存储桶，这就是 `certain`。",
                    .change = "调用方把 S3 库切换为虚拟托管（virtual-hosted）寻址方式。",
                    .confused = "permission-denied：这里不缺任何权限。",
                },
        },
    .source =
        {"Path-Style Access",
         "Notice",
         "https://www.tencentcloud.com/document/product/436/102489",
         "2026-11-24"},
    .judge = judge,
};

} // namespace cosdiag::causes

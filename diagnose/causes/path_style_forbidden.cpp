// SPDX-License-Identifier: Apache-2.0
#include "diagnose/cause.hpp"
#include "diagnose/judging.hpp"
#include "diagnose/text.hpp"

#include <vector>

namespace cosdiag::causes {
namespace {

struct Words {
    std::string summary, fix;
};

Words words_of(const Facts& facts)
{
    const auto& call = facts.call;
    const auto host = shortened(facts.host, 60);
    if (call.path_style) {
        return {
            join("the bucket stands in the path: ", shortened(join(facts.host, "/", call.bucket), 100)),
            join("ask ", shortened(join(call.bucket, ".", facts.host), 110))};
    }
    if (!call.bucket.empty()) {
        return {
            join("COS saw the bucket in the path, although this request names it in its Host, ", host),
            "look what COS was asked in the end: something in between changes Host or path"};
    }
    if (facts.host.empty()) {
        return {
            "COS wants the bucket in the host name, and was asked with the bucket in the path",
            "switch the client to virtual-hosted addressing"};
    }
    if (facts.endpoint.kind != EndpointKind::service) {
        return {
            join("behind ", host, " COS is asked with the bucket in the path"),
            join("have ", host, " ask COS by the bucket's own host name")};
    }
    const auto path = std::string_view(facts.target.path).substr(facts.target.path.starts_with('/') ? 1 : 0);
    const auto name = shortened(path.substr(0, path.find('/')), 40);
    if (name.empty()) {
        return {
            join("COS wants the bucket in the host name, and ", host, " names none"),
            "put the bucket, with its APPID, in front of the endpoint's name"};
    }
    return {
        join("the bucket stands in the path, and without its APPID: ", host, "/", name),
        join("put the bucket with its APPID in front of the host: ", name, "-<APPID>.", host)};
}

std::vector<Remedy> steps_for(const Facts& facts)
{
    if (facts.endpoint.kind != EndpointKind::service && !facts.host.empty()) {
        return {
            {Actor::operator_,
             join(
                 "Look at what passes requests for ",
                 shortened(facts.host, 60),
                 " on to COS: it has to ask by the bucket's own host name, and leave the bucket out of the "
                 "path."
             )}};
    }
    return {
        {Actor::caller,
         "Switch the client to virtual-hosted addressing: rclone provider TencentCOS or force_path_style = "
         "false, boto3 addressing_style virtual, s3cmd host_bucket %(bucket)s."},
        {Actor::caller, "The endpoint stays without the bucket: the library puts it before it."},
    };
}

std::optional<Judgement> judge(const Facts& facts)
{
    if (named(facts, Family::path_style) != Named::here) {
        return std::nullopt;
    }
    auto words = words_of(facts);
    Judgement judgement{
        .confidence = facts.call.path_style ? Confidence::certain : Confidence::likely,
        .summary = std::move(words.summary),
        .fix = std::move(words.fix),
        .evidence =
            {{Seen::request, "Host", shortened(facts.host, 100)},
             {Seen::request, "path", shortened(facts.target.raw_path, 100)}},
        .remedies = steps_for(facts),
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
            .evidence = "COS says PathStyleDomainForbidden: `certain` where the path begins with a bucket "
                        "and its APPID "
                        "behind a host of COS that names none; `likely` where the request looks otherwise.",
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
                    .evidence = "COS 返回 PathStyleDomainForbidden，且域名里没有存储桶、路径以带 APPID "
                                "的存储桶名开头：`certain`；"
                                "请求是别的样子时为 `likely`。",
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

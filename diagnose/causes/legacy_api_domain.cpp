// SPDX-License-Identifier: Apache-2.0
#include "diagnose/cause.hpp"
#include "diagnose/judging.hpp"
#include "diagnose/text.hpp"

namespace cosdiag::causes {
namespace {

/// A host that names no bucket: under `<bucket>-<appid>.file.…`, the default CDN domain, such a path is an
/// object's.
bool is_legacy(const Facts& facts) noexcept
{
    const auto& path = facts.target.path;
    const bool legacy_host = facts.endpoint.kind == EndpointKind::other &&
                             facts.host.find(".file.myqcloud.com") != std::string_view::npos;
    return (legacy_host || facts.host.empty()) &&
           (path.starts_with("/files/v1/") || path.starts_with("/files/v2/"));
}

std::optional<Judgement> judge(const Facts& facts)
{
    if (!is_legacy(facts) || (facts.error && facts.error->code)) {
        return std::nullopt;
    }
    Judgement judgement{
        .confidence = facts.host.empty() ? Confidence::possible : Confidence::likely,
        .summary = join(
            "this is the JSON interface of before 2017: ", shortened(join(facts.host, facts.target.path), 90)
        ),
        .fix = "set the client to COS v5 (XML): <bucket>-<appid>.cos.<region>.myqcloud.com",
        .evidence =
            {{Seen::request, "Host", shortened(facts.host, 100)},
             {Seen::request, "path", shortened(facts.target.raw_path, 100)}},
        .remedies =
            {{Actor::caller,
              "In the tool's settings choose COS v5, the bucket with its APPID (examplebucket-1250000000) "
              "and its region (ap-guangzhou)."},
             {Actor::caller,
              "Replace an SDK of version 4: it speaks to servers that no longer know these buckets."}},
        .policy = {},
    };
    add_answer(judgement, facts);
    add_credentials(judgement, facts);
    return judgement;
}

} // namespace

extern const Cause legacy_api_domain;

constexpr Cause legacy_api_domain{
    .token = "legacy-api-domain",
    .title = "The old JSON interface was asked",
    .explanation =
        {
            .meaning = "The request speaks the JSON interface of COS's fourth version, which today's buckets "
                       "do not have.",
            .reason = "Old tools and SDKs ask `<region>.file.myqcloud.com/files/v2/…`; buckets of the XML "
                      "interface do not exist there.",
            .evidence = "The host is no bucket's and the path begins with /files/v1/ or /files/v2/, and the "
                        "answer is not one of the XML "
                        "interface: `likely`.",
            .change = "The caller configures the XML interface, version 5.",
            .confused =
                "not-from-cos: the answer there bears another's mark; here it is an old front end of COS.",
        },
    .chinese =
        {
            .title = "请求发往旧的 JSON 接口",
            .explanation =
                {
                    .meaning = "请求使用的是 COS 第四版（v4）的 JSON 接口，现在的存储桶没有这种接口。",
                    .reason = "旧工具和旧 SDK 访问 `<region>.file.myqcloud.com/files/v2/…`，XML "
                              "接口的存储桶在那里不存在。",
                    .evidence = "域名不属于存储桶，路径以 /files/v1/ 或 /files/v2/ 开头，返回也不是 XML "
                                "接口的格式：`likely`。",
                    .change = "调用方把工具或 SDK 设置为 XML 接口（v5）。",
                    .confused = "not-from-cos：那里的返回带有别家的标记；这里是 COS 自己的旧前端。",
                },
        },
    .source =
        {"Regions and Access Endpoints",
         "Default endpoints",
         "https://www.tencentcloud.com/document/product/436/6224",
         "2026-11-24"},
    .judge = judge,
};

} // namespace cosdiag::causes

// SPDX-License-Identifier: Apache-2.0
#include "diagnose/cause.hpp"
#include "diagnose/judging.hpp"
#include "diagnose/text.hpp"

namespace cosdiag::causes {
namespace {

bool is_package(const Facts& facts)
{
    const auto path = lowered(facts.target.path);
    return path.ends_with(".apk") || path.ends_with(".ipa");
}

bool is_default_domain(EndpointKind kind) noexcept
{
    return kind == EndpointKind::bucket || kind == EndpointKind::website || kind == EndpointKind::accelerate;
}

/// The host asked is not the one that COS saw: somebody fetches under the default name on its behalf.
void speak_of_own_domain(Judgement& judgement, const Facts& facts)
{
    const auto host = shortened(facts.host, 60);
    judgement.summary =
        join("behind ", host, " COS is asked by its default domain, which hands out no .apk and .ipa files");
    judgement.fix = join("have ", host, " ask its origin with itself as Host, a custom domain of the bucket");
    judgement.remedies = {
        {Actor::operator_,
         join(
             "A CDN fetches under the bucket's default name: set the Host it sends to its origin to ",
             host,
             "."
         )},
        {Actor::bucket_owner, join("Bind ", host, " to the bucket as its custom domain.")},
    };
}

std::optional<Judgement> judge(const Facts& facts)
{
    if (named(facts, Family::download) != Named::here) {
        return std::nullopt;
    }
    const auto kind = facts.endpoint.kind;
    Judgement judgement{
        .confidence = is_package(facts) && is_default_domain(kind) ? Confidence::certain : Confidence::likely,
        .summary = join(
            "COS does not distribute .apk and .ipa files from its default domain: ", shortened(facts.host, 60)
        ),
        .fix = "serve the file from a custom domain bound to the bucket",
        .evidence =
            {{Seen::request, "Host", shortened(facts.host, 100)},
             {Seen::request, "path", shortened(facts.target.raw_path, 100)}},
        .remedies =
            {{Actor::bucket_owner,
              "Bind a domain of your own to the bucket, or a CDN, and publish links under it."},
             {Actor::caller, "Ask under that domain; signing the request does not help."}},
        .policy = {},
    };
    if (kind == EndpointKind::not_cos || kind == EndpointKind::cdn) {
        speak_of_own_domain(judgement, facts);
    }
    add_answer(judgement, facts);
    add_credentials(judgement, facts);
    return judgement;
}

} // namespace

extern const Cause download_forbidden;

constexpr Cause download_forbidden{
    .token = "download-forbidden",
    .title = "COS does not hand this kind of file out from its own domain",
    .explanation =
        {
            .meaning = "The object is an app package, and it was asked for under a default domain of COS.",
            .reason = "For buckets made since 2024-01-01 COS refuses to hand out .apk and .ipa files from "
                      "its own domains, whoever asks.",
            .evidence =
                "COS says DownloadForbidden: `certain` where host and object in the request are a default "
                "domain and a package; `likely` under any other name, such as a CDN's.",
            .change =
                "The bucket owner binds a custom domain, and the caller asks under it. A CDN in front must "
                "ask its origin with that domain as Host, not by the bucket's default name.",
            .confused =
                "permission-denied and anonymous-request: no right and no signature changes this answer.",
        },
    .chinese =
        {
            .title = "COS 不从自己的域名分发这类文件",
            .explanation =
                {
                    .meaning = "请求的是应用安装包，而且用的是 COS 的默认域名。",
                    .reason = "对 2024-01-01 之后创建的存储桶，无论谁来请求，COS 都不从自己的域名分发 .apk "
                              "和 .ipa 文件。",
                    .evidence =
                        "COS 返回 DownloadForbidden，且请求里是默认域名和安装包：`certain`；其他域名（如 "
                        "CDN）为 `likely`。",
                    .change = "存储桶所有者绑定自定义域名，调用方改用该域名访问。前面的 CDN 回源时 Host "
                              "要用该域名，而不是存储桶的默认域名。",
                    .confused = "permission-denied 和 anonymous-request：权限和签名都改变不了这个结果。",
                },
        },
    .source =
        {"Custom Domain Names",
         "APK and IPA files",
         "https://www.tencentcloud.com/document/product/436/57456",
         "2026-11-24"},
    .judge = judge,
};

} // namespace cosdiag::causes

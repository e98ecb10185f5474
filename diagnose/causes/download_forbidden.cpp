// SPDX-License-Identifier: Apache-2.0
#include "diagnose/cause.hpp"
#include "diagnose/judging.hpp"
#include "diagnose/text.hpp"

namespace cosdiag::causes {
namespace {

std::optional<Judgement> judge(const Facts& facts)
{
    if (named(facts, Family::download) != Named::here) {
        return std::nullopt;
    }
    const auto path = lowered(facts.target.path);
    const bool is_package = path.ends_with(".apk") || path.ends_with(".ipa");
    Judgement judgement{
        .confidence = is_package ? Confidence::certain : Confidence::likely,
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
                "COS says DownloadForbidden: `certain`. The host and the object's name are in the request.",
            .change = "The bucket owner binds a custom domain. The caller then asks under it.",
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
                    .evidence = "COS 返回 DownloadForbidden：`certain`。域名和对象名都在请求里。",
                    .change = "存储桶所有者绑定自定义域名，调用方改用该域名访问。",
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

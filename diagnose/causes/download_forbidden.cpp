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
    .source =
        {"Custom Domain Names",
         "APK and IPA files",
         "https://www.tencentcloud.com/document/product/436/57456",
         "2026-11-24"},
    .judge = judge,
};

} // namespace cosdiag::causes

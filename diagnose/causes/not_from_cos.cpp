// SPDX-License-Identifier: Apache-2.0
#include "diagnose/cause.hpp"
#include "diagnose/judging.hpp"
#include "diagnose/secret.hpp"
#include "diagnose/text.hpp"

namespace cosdiag::causes {
namespace {

std::string_view maker_of(const ForeignMark& mark) noexcept
{
    constexpr struct {
        std::string_view field, maker;
    } makers[] = {
        {"x-nws-log-uuid", "Tencent Cloud CDN"},
        {"eo-log-uuid", "Tencent EdgeOne"},
        {"cf-ray", "Cloudflare"},
        {"x-squid-error", "a Squid proxy"},
        {"x-amz-cf-id", "Amazon CloudFront"},
    };

    for (const auto& row : makers) {
        if (mark.where == row.field) {
            return row.maker;
        }
    }
    return {};
}

std::optional<Judgement> judge(const Facts& facts)
{
    if (facts.from_cos || !facts.foreign) {
        return std::nullopt;
    }
    const auto& mark = *facts.foreign;
    const auto value = with_keys_masked(mark.value);
    const auto maker = maker_of(mark);
    const auto whose = !maker.empty() ? std::string(maker)
                       : mark.where == "body"
                           ? std::string("something in between")
                           : join("the maker of `", mark.where, ": ", shortened(value, 50), "`");
    const bool body_only = mark.where == "body";
    Judgement judgement{
        .confidence = body_only ? Confidence::possible : Confidence::likely,
        .summary = join(
            "this 403 bears no mark of COS; it was ", body_only ? "perhaps " : "", "answered by ", whose
        ),
        .fix = "look in the rules and logs of the server that answered, not in COS",
        .evidence =
            {{Seen::response, std::string(mark.where), value},
             {Seen::response, "x-cos-request-id", "none"},
             {Seen::response, "Server", std::string(facts.answered("server").value_or("none"))}},
        .remedies = {},
        .policy = {},
    };
    if (mark.where != "via" && facts.answered("via")) {
        judgement.evidence.push_back({Seen::response, "Via", shortened(*facts.answered("via"), 80)});
    }
    judgement.remedies = {
        {Actor::operator_,
         join("Find who answers for ", facts.host, ": a CDN, a firewall or a parent proxy on the way.")},
        {Actor::caller,
         "Repeat it past that server, on the bucket's own COS name: an answer of COS has an "
         "x-cos-request-id."},
    };
    return judgement;
}

} // namespace

extern const Cause not_from_cos;

constexpr Cause not_from_cos{
    .token = "not-from-cos",
    .title = "Somebody else refused the request",
    .explanation =
        {
            .meaning = "The refusal was not written by COS. A CDN, a firewall, a parent proxy or an older "
                       "API in front "
                       "of it answered in its place.",
            .reason =
                "Whatever stands between may refuse by its own rules: hotlink lists of a CDN, a firewall's "
                "patterns, a proxy's access list, a switched-off acceleration domain.",
            .evidence =
                "There is no x-cos-request-id, no `Server: tencent-cos` and no `<Error>` document, and there "
                "is "
                "a mark of another: Via, Server, or a field of a known CDN. Where only the body is not one "
                "that "
                "COS writes: `possible`.",
            .change =
                "The operator of that server looks into its log. Asking COS for the same object directly "
                "shows what COS itself says.",
            .confused = "referer-denied: COS has a hotlink rule too, and says so in an `<Error>` document.",
        },
    .chinese =
        {
            .title = "拒绝请求的不是 COS",
            .explanation =
                {
                    .meaning =
                        "这个 403 不是 COS 写的，而是它前面的 CDN、防火墙、上级代理或旧接口代为回答的。",
                    .reason = "中间的任何一层都可能按自己的规则拒绝：CDN "
                              "的防盗链名单、防火墙规则、代理的访问控制、已停用的加速域名。",
                    .evidence = "没有 x-cos-request-id，没有 `Server: tencent-cos`，也没有 `<Error>` "
                                "文档，却有别家的标记：Via、Server 或已知 CDN 的字段。只有正文不像 COS 时为 "
                                "`possible`。",
                    .change = "由那台服务器的运维人员查看它的日志。绕过它直接向 COS 请求同一对象，可以看到 "
                              "COS 自己怎么说。",
                    .confused = "referer-denied：COS 也有防盗链规则，但会在 `<Error>` 文档里说明。",
                },
        },
    .source =
        {"Common Response Headers",
         "Common Response Headers",
         "https://www.tencentcloud.com/document/product/436/7729",
         "2026-11-24"},
    .judge = judge,
};

} // namespace cosdiag::causes

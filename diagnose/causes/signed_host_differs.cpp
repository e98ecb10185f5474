// SPDX-License-Identifier: Apache-2.0
#include "diagnose/cause.hpp"
#include "diagnose/judging.hpp"
#include "diagnose/signature_suspects.hpp"
#include "diagnose/text.hpp"

namespace cosdiag::causes {
namespace {

struct Verdict {
    Confidence confidence;
    std::string summary, step;
};

/// Where another Host reaches COS by design, the client may have signed that one.
bool expects_change(const Facts& facts) noexcept
{
    return !is_asked_directly(facts) || facts.host.find(':') != std::string_view::npos;
}

/// The client's own Host against the one that left the proxy, and names that COS is not asked by.
std::optional<Verdict> from_request(const Facts& facts)
{
    const auto sent = facts.asked("host");
    const auto host = shortened(facts.host, 70);
    if (sent && !same_name(trimmed(*sent), facts.host)) {
        return Verdict{
            Confidence::likely,
            join("Host is signed; the client wrote ", shortened(*sent, 50), ", the request was for ", host),
            "Send and sign the Host of the URL that is asked for; in reverse mode, point the client's Host "
            "at COS."};
    }
    if (facts.family != Family::signature || (facts.signed_string && facts.signed_string->theirs_seen)) {
        return std::nullopt;
    }
    const bool right_for_it = facts.signature_check && facts.signature_check->fits_request;
    if (right_for_it && !is_asked_directly(facts)) {
        return Verdict{
            Confidence::likely,
            join("the signature is right for Host ", host, ", but a CDN asks COS under another name"),
            "Sign with the bucket's own host name, or without Host; where the CDN signs by itself, do not "
            "sign at all."};
    }
    if (!is_asked_directly(facts) && facts.endpoint.kind != EndpointKind::not_cos) {
        return Verdict{
            Confidence::likely,
            join("Host is signed as ", host, ", but a CDN asks COS under the bucket's own name"),
            "Sign with the bucket's own host name, or without Host; where the CDN signs by itself, do not "
            "sign at all."};
    }
    return std::nullopt;
}

std::optional<Judgement> judge(const Facts& facts)
{
    if (secret_decides(facts)) {
        return signed_otherwise(facts, Piece::host);
    }
    if (named(facts, Family::signature) == Named::elsewhere || !signs_field(facts, "host")) {
        return std::nullopt;
    }
    Judgement judgement{
        .confidence = Confidence::possible,
        .summary = {},
        .fix = "sign the Host that reaches COS",
        .evidence = {},
        .remedies = {},
        .policy = {},
    };
    if (const auto* const difference = find_difference(facts, Piece::host)) {
        judgement.confidence = expects_change(facts) ? Confidence::likely : by_comparison(facts, *difference);
        judgement.summary = join(
            "Host is signed and was sent as ",
            shortened(difference->ours, 50),
            "; COS received ",
            shortened(difference->theirs, 50)
        );
        add_difference(judgement, *difference);
        judgement.remedies = {
            {Actor::caller, "Sign with the host name that COS receives: usually the bucket's own."},
            {Actor::operator_, "Or let the CDN or proxy in between pass Host on unchanged."},
        };
    } else if (auto verdict = from_request(facts)) {
        judgement.confidence = verdict->confidence;
        judgement.summary = std::move(verdict->summary);
        judgement.evidence = {
            {Seen::request, "Host of the client", std::string(facts.asked("host").value_or("not seen"))},
            {Seen::request, "Host sent on", std::string(facts.host)},
        };
        judgement.remedies = {{Actor::caller, std::move(verdict->step)}};
    } else if (auto suspected = suspicion(facts, suspect_host)) {
        judgement = std::move(*suspected);
    } else {
        return std::nullopt;
    }
    add_answer(judgement, facts);
    return judgement;
}

} // namespace

extern const Cause signed_host_differs;

constexpr Cause signed_host_differs{
    .token = "signed-host-differs",
    .title = "COS received another Host than was signed",
    .explanation =
        {
            .meaning = "The signature covers Host, and the Host that COS saw is not the one that was signed.",
            .reason =
                "SDKs sign Host. A CDN, a custom domain or a proxy that asks COS under another name makes "
                "the signature one of another request.",
            .evidence =
                "`certain` when COS's FormatString shows another host than the request that left this proxy; "
                "`likely` when the client's Host field and its target differ, or a CDN is in front; "
                "`possible` "
                "for custom domains and ports.",
            .change = "The caller signs for the name that COS is asked by, or leaves Host out of the "
                      "signature. With "
                      "origin authentication on at the CDN, the client does not sign at all.",
            .confused = "signature-mismatch: a wrong SecretKey looks the same when COS shows no strings.",
        },
    .chinese =
        {
            .title = "COS 收到的 Host 与签名的不同",
            .explanation =
                {
                    .meaning = "签名包含 Host，而 COS 看到的 Host 不是签名时的那个。",
                    .reason = "SDK 会签名 Host。CDN、自定义域名或代理用另一个名字访问 "
                              "COS，签名就成了另一个请求的。",
                    .evidence = "COS 的 FormatString 与离开代理的请求 Host "
                                "不同，或配置的密钥证明签的是另一个 Host：`certain`；客户端的 Host "
                                "与目标不同或前面有 CDN：`likely`；自定义域名和端口：`possible`。",
                    .change = "调用方按 COS 被访问的域名签名，或不把 Host 放进签名。CDN "
                              "已开启回源鉴权时，客户端不要签名。",
                    .confused = "signature-mismatch：COS 没有给出文本时，SecretKey 错误看起来一样。",
                },
        },
    .source =
        {"Request Signature",
         "Generating HeaderList and HttpHeaders",
         "https://www.tencentcloud.com/document/product/436/7778",
         "2026-11-24"},
    .judge = judge,
};

} // namespace cosdiag::causes

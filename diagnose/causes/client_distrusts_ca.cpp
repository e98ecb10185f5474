// SPDX-License-Identifier: Apache-2.0
#include "diagnose/cause.hpp"
#include "diagnose/judging.hpp"
#include "diagnose/text.hpp"

#include <algorithm>

namespace cosdiag::causes {
namespace {

struct Alert {
    std::string_view name;
    int number;
    bool about_trust;
};

/// RFC 8446 §6.2. What clients say of a certificate whose issuer they do not know differs by their library.
constexpr Alert alerts[] = {
    {"handshake_failure", 40, false},
    {"bad_certificate", 42, true},
    {"unsupported_certificate", 43, true},
    {"certificate_revoked", 44, false},
    {"certificate_expired", 45, false},
    {"certificate_unknown", 46, true},
    {"unknown_ca", 48, true},
    {"access_denied", 49, false},
    {"protocol_version", 70, false},
    {"insufficient_security", 71, false},
    {"internal_error", 80, false},
};

std::string shown(int number)
{
    const auto* const found = std::find_if(std::begin(alerts), std::end(alerts), [=](const Alert& alert) {
        return alert.number == number;
    });
    const auto code = std::to_string(number);
    return found == std::end(alerts) ? join("TLS alert ", code)
                                     : join("TLS alert ", found->name, " (", code, ")");
}

bool is_about_trust(int number)
{
    return std::any_of(std::begin(alerts), std::end(alerts), [=](const Alert& alert) {
        return alert.number == number && alert.about_trust;
    });
}

/// An alert that names the certificate proves it; a close proves nothing by itself, but who has no reason to
/// does not do it twice.
Confidence confidence_in(const BrokenHandshake& handshake)
{
    if (handshake.alert) {
        return is_about_trust(*handshake.alert) ? Confidence::certain : Confidence::possible;
    }
    return handshake.times > 1 ? Confidence::likely : Confidence::possible;
}

std::string sentence(std::string_view text)
{
    auto out = join(text, ".");
    if (out.front() >= 'a' && out.front() <= 'z') {
        out.front() = static_cast<char>(out.front() - 'a' + 'A');
    }
    return out;
}

std::optional<Judgement> judge(const Facts& facts)
{
    if (!facts.handshake) {
        return std::nullopt;
    }
    const auto& handshake = *facts.handshake;
    const auto client = handshake.client.empty() ? std::string("the client") : std::string(handshake.client);
    const auto said = handshake.alert ? shown(*handshake.alert) : std::string("it closed without a word");
    Judgement judgement{
        .confidence = confidence_in(handshake),
        .summary =
            join(client, " did not accept the certificate that cosdiag made for ", facts.host, ": ", said),
        .fix = std::string(handshake.setting),
        .evidence =
            {{Seen::request, "TLS server name", std::string(facts.host)},
             {Seen::request, "end of the handshake", said},
             {Seen::memory, "so far for this host", std::to_string(handshake.times)}},
        .remedies =
            {{Actor::caller, sentence(handshake.setting)},
             {Actor::caller,
              "Or start it with `cosdiag run -- COMMAND`, which sets this for every common runtime; most "
              "read it "
              "at their start only."},
             {Actor::operator_,
              "Or do without a certificate: clear HTTP from the client to cosdiag, and --upgrade, which "
              "makes it TLS "
              "from there to COS."}},
        .policy = {},
    };
    if (judgement.confidence == Confidence::possible) {
        judgement.evidence.push_back(
            {Seen::request,
             "other reasons",
             "a client that was stopped, or that speaks another version of TLS"}
        );
    }
    return judgement;
}

} // namespace

extern const Cause client_distrusts_ca;

constexpr Cause client_distrusts_ca{
    .token = "client-distrusts-ca",
    .title = "The client does not trust the proxy's CA",
    .explanation =
        {
            .meaning =
                "The client wanted to speak HTTPS to COS. cosdiag answered in COS's place, with a "
                "certificate of "
                "its own CA, to be able to see a 403, and the client broke the handshake off. No request was "
                "sent, so there is no status and no header: the client reports a network or certificate "
                "error.",
            .reason = "A client believes the CAs in its store only. `cosdiag ca init` makes a new one that "
                      "no store "
                      "knows; each runtime has its own way to be told.",
            .evidence =
                "The handshake ended after our certificate had been sent. An alert that names the "
                "certificate "
                "(unknown_ca, bad_certificate, certificate_unknown) proves it: `certain`. Some clients, Node "
                "for one, "
                "just close: `likely` from the second time on for the same host, `possible` before that.",
            .change =
                "Whoever runs the client sets the variable or option that its runtime reads: `cosdiag ca "
                "show` "
                "lists them, `cosdiag run -- COMMAND` sets them all. Not: switching certificate checks off.",
            .confused =
                "A broken network, or COS itself: SDKs show this as such, and some try COS's other domain "
                "next.",
        },
    .chinese =
        {
            .title = "客户端不信任代理的 CA",
            .explanation =
                {
                    .meaning = "客户端要用 HTTPS 访问 COS。为了看到 403，cosdiag 用自己的 CA "
                               "签发的证书代替 COS "
                               "应答，客户端中断了握手。请求没有发出，所以没有状态码也没有响应头："
                               "客户端报告的是网络错误或证书错误。",
                    .reason = "客户端只相信自己证书库里的 CA。`cosdiag ca init` 生成的是谁也不认识的新 "
                              "CA，每种运行环境都有各自的设置方法。",
                    .evidence = "握手在我们的证书发出之后中断。点名证书的告警（unknown_ca、bad_"
                                "certificate、certificate_"
                                "unknown）足以证明：`certain`。有些客户端（例如 "
                                "Node）直接关闭连接：同一主机第二次起为 "
                                "`likely`，第一次为 `possible`。",
                    .change = "由运行客户端的人设置其运行环境读取的变量或选项：`cosdiag ca show` "
                              "列出全部，`cosdiag run "
                              "-- 命令` 一次设好。不要关闭证书校验。",
                    .confused =
                        "网络故障，或 COS 本身的故障：SDK 会这样显示，有的还会接着尝试 COS 的备用域名。",
                },
        },
    .source =
        {"RFC 8446", "6.2. Error Alerts", "https://www.rfc-editor.org/rfc/rfc8446#section-6.2", "2026-11-25"},
    .judge = judge,
};

} // namespace cosdiag::causes

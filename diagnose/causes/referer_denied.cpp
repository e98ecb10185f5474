// SPDX-License-Identifier: Apache-2.0
#include "diagnose/bucket/referer_rules.hpp"
#include "diagnose/cause.hpp"
#include "diagnose/judging.hpp"
#include "diagnose/text.hpp"
#include "diagnose/time.hpp"

namespace cosdiag::causes {
namespace {

/// Only the host and the path of a Referer: its query may hold anything.
std::string_view without_query(std::string_view referer) noexcept
{
    return referer.substr(0, referer.find_first_of("?#"));
}

std::string words_of(const RefererVerdict& rules, bool sent)
{
    const auto list = join(
        rules.allowlist ? "allowlist" : "blocklist",
        " of ",
        std::to_string(rules.entries),
        rules.entries == 1 ? " entry, " : " entries, "
    );
    if (!sent) {
        return join(list, "empty Referers are ", rules.empty_allowed ? "allowed" : "refused");
    }
    return join(
        list,
        rules.matched.empty() ? "none of which fits"
                              : join("of which this fits: ", shortened(rules.matched, 80))
    );
}

/// The rules themselves, where they passed by.
void add_rules(Judgement& judgement, const Facts& facts, std::string_view sent, Named what)
{
    const auto* const document = find_document(facts, DocumentKind::referer);
    if (document == nullptr) {
        return;
    }
    const auto rules = check_referer(*document->text, sent);
    if (!rules) {
        return;
    }
    add_document(judgement, *document, rules->enabled ? words_of(*rules, !sent.empty()) : "switched off");
    // Signed requests are said to go unchecked: if this was signed, the documentation does not hold here.
    if (rules->refused == true) {
        if (is_fresh(*document) && facts.authorization.presence != Presence::present) {
            judgement.confidence = what == Named::here ? Confidence::certain : Confidence::likely;
        }
    } else if (rules->refused == false) {
        judgement.remedies.insert(
            judgement.remedies.begin(),
            {Actor::bucket_owner,
             "The rules that passed by would allow it: look whether they were changed since or are not yet "
             "in "
             "force."}
        );
    }
}

/// An object that was readable without a signature, and now is not: its ACL changed, or the Referer counts.
void add_memory(Judgement& judgement, const Facts& facts, Named what)
{
    if (what != Named::nothing || !facts.memory.read_unsigned) {
        return;
    }
    judgement.confidence = Confidence::likely;
    judgement.evidence.push_back(
        {Seen::memory,
         "this object without a signature",
         join("readable ", span_in_words(*facts.memory.read_unsigned), " ago")}
    );
}

/// What the rule looks at when COS's reason was not seen: reads of objects without a signature.
bool is_checked(const Facts& facts) noexcept
{
    const bool object = !facts.call.key.empty() || facts.endpoint.kind == EndpointKind::website;
    return object && (facts.method == "GET" || facts.method == "HEAD") &&
           facts.authorization.presence == Presence::absent;
}

std::string_view verb_of(Named what) noexcept
{
    return what == Named::here ? "refuses " : "may refuse ";
}

void add_steps(Judgement& judgement, const Facts& facts, std::string_view sent)
{
    const auto bucket = facts.call.bucket.empty() ? std::string("the bucket") : facts.call.bucket;
    judgement.remedies = {
        {Actor::bucket_owner,
         join(
             "In the hotlink protection of ",
             bucket,
             ", ",
             sent.empty()
                 ? std::string("allow empty Referers if players and address bars are to be served.")
                 : join("check how the list treats ", shortened(sent, 80), "; entries match by prefix.")
         )},
        {Actor::caller,
         join(
             "Check it: curl -si -o /dev/null -w '%{http_code}\\n' -e ",
             shell_quoted(sent.empty() ? "https://www.example.com/" : sent),
             " ",
             shell_quoted(url_of(facts))
         )},
    };
    if (facts.authorization.presence == Presence::absent) {
        judgement.remedies.push_back(
            {Actor::caller, "Or ask with a signature: COS does not apply the rule to signed requests."}
        );
    }
}

std::optional<Judgement> judge(const Facts& facts)
{
    const auto what = named(facts, Family::referer);
    if (what == Named::elsewhere || (what == Named::nothing && !is_checked(facts))) {
        return std::nullopt;
    }
    const auto whole = trimmed(facts.asked("referer").value_or(std::string_view{}));
    const auto sent = without_query(whole);
    const auto referer = shortened(sent, 80);
    Judgement judgement{
        .confidence = what == Named::here ? Confidence::likely : Confidence::possible,
        .summary = join(
            "hotlink protection of the bucket ",
            verb_of(what),
            sent.empty() ? std::string("a request without a Referer") : join("the Referer ", referer)
        ),
        .fix = sent.empty() ? "send a Referer that the list allows, or have empty ones allowed"
                            : "have this site added to the allowlist, or taken off the blocklist",
        .evidence = {{Seen::request, "Referer", sent.empty() ? "none" : referer}},
        .remedies = {},
        .policy = {},
    };
    add_answer(judgement, facts);
    add_credentials(judgement, facts);
    add_steps(judgement, facts, sent);
    add_memory(judgement, facts, what);
    add_rules(judgement, facts, whole, what);
    return judgement;
}

} // namespace

extern const Cause referer_denied;

constexpr Cause referer_denied{
    .token = "referer-denied",
    .title = "Hotlink protection refuses the Referer",
    .explanation =
        {
            .meaning =
                "The bucket checks the Referer of its readers, and the one sent, or the lack of one, is not "
                "welcome.",
            .reason =
                "Hotlink protection keeps an allowlist or a blocklist of sites. Entries match as prefixes "
                "after "
                "the scheme. Requests without a Referer are refused unless the configuration allows them.",
            .evidence =
                "COS says so in its Message. The Referer is the one in the request; `likely` as long "
                "as the list is not seen; `certain` when it passed by within the last ten minutes (GET or "
                "PUT ?referer) and refuses this. Where COS's reason was not seen, `possible` for reads "
                "without a "
                "signature, and `likely` when the same object was readable so before, or when the "
                "list refuses this.",
            .change = "The bucket owner adds the site to the list, or allows empty Referers. The caller can "
                      "also sign: "
                      "signed requests are not checked, says the documentation.",
            .confused =
                "A Referer condition does not exist in policies; and in front of a CDN, the CDN's own list "
                "answers first.",
        },
    .chinese =
        {
            .title = "防盗链拒绝了这个 Referer",
            .explanation =
                {
                    .meaning = "存储桶检查访问者的 Referer，而这次发送的 Referer（或没有发送）不被接受。",
                    .reason = "防盗链保存一份站点白名单或黑名单，去掉协议后按前缀匹配。没有 Referer "
                              "的请求，除非配置允许，否则被拒绝。",
                    .evidence = "COS 在 Message 里说明。Referer 取自请求；看不到名单时为 "
                                "`likely`；若名单在十分钟内经过代理（GET 或 PUT ?referer）且拒绝这个请求，为 "
                                "`certain`。没有看到 COS 的理由时，无签名的读取为 "
                                "`possible`；同一对象先前可以无签名读取，或名单拒绝这个请求时为 `likely`。",
                    .change = "存储桶所有者把站点加入名单，或允许空 "
                              "Referer。调用方也可以带签名访问：文档说明签名请求不受检查。",
                    .confused = "权限策略里没有 Referer 条件；若前面有 CDN，先起作用的是 CDN 自己的名单。",
                },
        },
    .source =
        {"Setting Hotlink Protection",
         "Overview",
         "https://www.tencentcloud.com/document/product/436/13319",
         "2026-11-24"},
    .judge = judge,
};

} // namespace cosdiag::causes

// SPDX-License-Identifier: Apache-2.0
#include "diagnose/bucket/cors_rules.hpp"
#include "diagnose/cause.hpp"
#include "diagnose/judging.hpp"
#include "diagnose/text.hpp"

namespace cosdiag::causes {
namespace {

struct Asked {
    std::optional<std::string_view> origin, headers;
    std::string_view method;
};

std::string curl_line(const Facts& facts, const Asked& asked)
{
    std::string line = join(
        "curl -si -X OPTIONS -H ",
        shell_quoted(join("Origin: ", *asked.origin)),
        " -H ",
        shell_quoted(join("Access-Control-Request-Method: ", asked.method))
    );
    if (asked.headers) {
        line += join(" -H ", shell_quoted(join("Access-Control-Request-Headers: ", *asked.headers)));
    }
    return line + join(" ", shell_quoted(url_of(facts)));
}

/// Whether a rule should name it. `null` is what pages without an origin send, all of them alike; `*` stands
/// in no origin.
bool is_page_origin(std::string_view origin) noexcept
{
    return origin != "null" && origin.find('*') == std::string_view::npos;
}

std::string rule_for(const Asked& asked)
{
    const bool names_headers = asked.headers && asked.headers->find('*') == std::string_view::npos;
    return join(
        "AllowedOrigin ",
        shortened(*asked.origin, 120),
        ", AllowedMethod ",
        asked.method,
        names_headers ? join(", AllowedHeader ", shortened(*asked.headers, 200)) : std::string()
    );
}

void add_steps(Judgement& judgement, const Facts& facts, const Asked& asked)
{
    const auto bucket = facts.call.bucket.empty() ? std::string("the bucket") : facts.call.bucket;
    if (!is_page_origin(*asked.origin)) {
        judgement.fix = "serve the page from an http(s) origin, and add a CORS rule for that";
        judgement.remedies = {
            {Actor::caller,
             "Serve the page from an http(s) origin: local files, sandboxed frames and some redirects send "
             "`null` instead."},
            {Actor::bucket_owner, join("Then add a CORS rule to ", bucket, " for that origin and no other.")},
        };
        return;
    }
    judgement.remedies = {
        {Actor::bucket_owner, join("Add a CORS rule to ", bucket, ": ", rule_for(asked), ".")},
        {Actor::bucket_owner,
         "Write the origin as the browser sends it: with its scheme, and with its port if not the default."},
        {Actor::caller, join("Check it: ", curl_line(facts, asked))},
    };
}

std::string lack_of(const CorsVerdict& rules)
{
    if (rules.rules == 0) {
        return "the bucket has no CORS rule at all";
    }
    return join(
        rules.rules == 1 ? "its only rule" : join("rule ", std::to_string(rules.nearest), " comes closest"),
        rules.id.empty() ? "" : join(" (", shortened(rules.id, 40), ")"),
        ": ",
        rules.field,
        " has ",
        shortened(rules.has, 120),
        rules.slip.empty() ? "" : join(" (", rules.slip, ")"),
        ", asked for is ",
        shortened(rules.wanted, 80)
    );
}

/// The rules themselves, where they passed by, say which of them fails, and in what.
void add_rules(Judgement& judgement, const Facts& facts, const Asked& asked, bool proves)
{
    const auto* const document = find_document(facts, DocumentKind::cors);
    if (document == nullptr || !asked.origin) {
        return;
    }
    const auto rules = check_cors(*document->text, {*asked.origin, asked.method, asked.headers.value_or("")});
    if (!rules) {
        return;
    }
    auto& steps = judgement.remedies;
    if (rules->allowed) {
        add_document(
            judgement, *document, join("rule ", std::to_string(rules->nearest), " would allow this")
        );
        steps.insert(
            steps.begin(),
            {Actor::bucket_owner,
             "The rules that passed by would allow it: look whether they were changed since or are not yet "
             "in "
             "force, or a CDN answers."}
        );
        return;
    }
    add_document(judgement, *document, lack_of(*rules));
    if (proves && is_fresh(*document)) {
        judgement.confidence = Confidence::certain;
    }
    if (rules->nearest != 0 && is_page_origin(*asked.origin)) {
        steps.insert(
            steps.begin(),
            {Actor::bucket_owner,
             join(
                 "In CORS rule ",
                 std::to_string(rules->nearest),
                 ", let ",
                 rules->field,
                 " hold ",
                 shortened(rules->wanted, 120),
                 rules->slip.empty() ? "" : join("; what is there does not fit: ", rules->slip),
                 "."
             )}
        );
    }
}

std::optional<Judgement> judge(const Facts& facts)
{
    const auto what = named(facts, Family::cors);
    Asked asked{facts.asked("origin"), facts.asked("access-control-request-headers"), facts.method};
    if (what == Named::elsewhere ||
        (what == Named::nothing && (facts.method != "OPTIONS" || !asked.origin))) {
        return std::nullopt;
    }
    asked.method = facts.asked("access-control-request-method").value_or(facts.method);
    if (asked.method.empty()) {
        asked.method = "this method";
    }
    const auto origin =
        asked.origin ? shortened(*asked.origin, 70) : std::string("an origin that was not seen");
    Judgement judgement{
        .confidence = Confidence::likely,
        .summary = join("no CORS rule of the bucket allows ", shortened(asked.method, 16), " from ", origin),
        .fix = asked.origin ? join("add a CORS rule for ", shortened(asked.method, 16), " from ", origin)
                            : "add a CORS rule for the page's origin and method",
        .evidence = {},
        .remedies = {},
        .policy = {},
    };
    add_answer(judgement, facts);
    judgement.evidence.push_back({Seen::request, "Origin", origin});
    judgement.evidence.push_back({Seen::request, "method asked for", shortened(asked.method, 40)});
    if (asked.headers) {
        judgement.evidence.push_back(
            {Seen::request, "Access-Control-Request-Headers", shortened(*asked.headers, 300)}
        );
    }
    if (asked.origin) {
        add_steps(judgement, facts, asked);
    } else {
        judgement.remedies = {{Actor::bucket_owner, "Add a CORS rule for the origin of the page that asks."}};
    }
    const bool whole_preflight =
        facts.method == "OPTIONS" && facts.asked("access-control-request-method").has_value();
    add_rules(judgement, facts, asked, what == Named::here && whole_preflight);
    return judgement;
}

} // namespace

extern const Cause cors_denied;

constexpr Cause cors_denied{
    .token = "cors-denied",
    .title = "No CORS rule allows this origin, method or header",
    .explanation =
        {
            .meaning = "A browser asked whether a page of one origin may use the bucket, and the bucket's "
                       "CORS rules "
                       "do not say yes. The browser then does not send the real request.",
            .reason = "A rule matches only if origin, method and every requested header are in it. Without a "
                      "matching "
                      "rule, or without any rule, COS refuses the preflight.",
            .evidence =
                "COS says AccessForbidden; Origin, method and headers are those of the request. `likely` "
                "as long as the rules are not seen; `certain` for a preflight when they passed by within the "
                "last ten minutes (GET or PUT ?cors) and none of them fits.",
            .change =
                "The bucket owner adds a rule for exactly this origin and method, and for the headers that "
                "the page sets. The origin needs its scheme and any port that is not the default.",
            .confused =
                "permission-denied: a browser shows any refusal without CORS headers as a CORS error. If COS "
                "says `Access Denied.`, CORS rules change nothing.",
        },
    .chinese =
        {
            .title = "没有跨域规则允许这个来源、方法或头部",
            .explanation =
                {
                    .meaning = "浏览器询问某个来源的页面能否访问存储桶，而存储桶的跨域（CORS）规则没有同意，"
                               "浏览器因此不会发出真正的请求。",
                    .reason = "只有来源、方法和每一个请求头都在同一条规则里才算匹配。没有匹配的规则，或根本没"
                              "有规则，COS 就拒绝预检请求。",
                    .evidence = "COS 返回 AccessForbidden；来源、方法和头部取自请求。看不到规则本身时为 "
                                "`likely`；若规则在十分钟内经过代理（GET 或 PUT "
                                "?cors）且没有一条与预检请求匹配，为 `certain`。",
                    .change = "存储桶所有者为这个来源、方法和页面设置的头部添加一条规则。来源要写协议，非默认"
                              "端口也要写。",
                    .confused = "permission-denied：没有跨域响应头的任何拒绝，浏览器都会显示成跨域错误。若 "
                                "COS 返回 `Access Denied.`，改跨域规则没有用。",
                },
        },
    .source =
        {"OPTIONS Object",
         "Overview",
         "https://www.tencentcloud.com/document/product/436/8288",
         "2026-11-24"},
    .judge = judge,
};

} // namespace cosdiag::causes

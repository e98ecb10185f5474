// SPDX-License-Identifier: Apache-2.0
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

std::string rule_for(const Asked& asked)
{
    return join(
        "AllowedOrigin ",
        shortened(*asked.origin, 120),
        ", AllowedMethod ",
        asked.method,
        asked.headers ? join(", AllowedHeader ", shortened(*asked.headers, 200)) : std::string()
    );
}

void add_steps(Judgement& judgement, const Facts& facts, const Asked& asked)
{
    const auto bucket = facts.call.bucket.empty() ? std::string("the bucket") : facts.call.bucket;
    judgement.remedies = {
        {Actor::bucket_owner, join("Add a CORS rule to ", bucket, ": ", rule_for(asked), ".")},
        {Actor::bucket_owner,
         "Write the origin as the browser sends it: with its scheme, and with its port if not the default."},
        {Actor::caller, join("Check it: ", curl_line(facts, asked))},
    };
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
                "COS says AccessForbidden; Origin, method and headers are those of the request. `likely`, "
                "since the rules themselves are not seen.",
            .change =
                "The bucket owner adds a rule for exactly this origin and method, and for the headers that "
                "the page sets. The origin needs its scheme and any port that is not the default.",
            .confused =
                "permission-denied: a browser shows any refusal without CORS headers as a CORS error. If COS "
                "says `Access Denied.`, CORS rules change nothing.",
        },
    .source =
        {"OPTIONS Object",
         "Overview",
         "https://www.tencentcloud.com/document/product/436/8288",
         "2026-11-24"},
    .judge = judge,
};

} // namespace cosdiag::causes

// SPDX-License-Identifier: Apache-2.0
// Facts in, findings out: every cause is asked, the surest come first, and there is always one.
#include "diagnose/causes.hpp"
#include "diagnose/diagnosis.hpp"
#include "diagnose/facts.hpp"
#include "diagnose/secret.hpp"
#include "diagnose/text.hpp"

#include <algorithm>

namespace cosdiag {
namespace {

constexpr std::size_t max_findings = 3;
constexpr std::size_t max_sentence = 160;
constexpr std::size_t log_value = 1024;
constexpr std::size_t max_name = 128;
constexpr std::size_t max_step = 2048;   ///< a curl line with its URL and fields
constexpr std::size_t max_policy = 8192; ///< more than CAM takes; half a statement is none

void shorten(std::string& text, std::size_t limit)
{
    if (text.size() > limit) {
        text = shortened(text, limit);
    }
}

/// Judges show nothing secret; here ends whatever came through all the same.
void conceal(Judgement& judgement, const Secrets& secrets)
{
    for (auto* const text : {&judgement.summary, &judgement.fix}) {
        secrets.hide_in(*text);
    }
    for (auto& evidence : judgement.evidence) {
        secrets.hide_in(evidence.what);
        secrets.hide_in(evidence.value);
    }
    for (auto& remedy : judgement.remedies) {
        secrets.hide_in(remedy.step);
    }
    if (secrets.hidden_in(judgement.policy) != judgement.policy) {
        judgement.policy.clear(); // it would name another object
    }
}

/// Judges shorten what they put into sentences; the same for lengths.
void bound(Judgement& judgement)
{
    shorten(judgement.summary, max_sentence);
    shorten(judgement.fix, max_sentence);
    for (auto& evidence : judgement.evidence) {
        shorten(evidence.what, max_name);
        shorten(evidence.value, log_value);
    }
    for (auto& remedy : judgement.remedies) {
        shorten(remedy.step, max_step);
    }
    if (judgement.policy.size() > max_policy) {
        judgement.policy.clear();
    }
}

std::vector<Finding> examine(const Facts& facts)
{
    std::vector<Finding> findings;
    const auto all = all_causes();
    // Without an exchange only the cause that is about that has anything to judge: the table's first.
    for (const auto* const cause : all.first(facts.handshake ? 1 : all.size() - 1)) {
        if (auto judgement = cause->judge(facts)) {
            findings.push_back({cause, std::move(*judgement)});
        }
    }
    if (findings.empty()) {
        const auto* const unexplained = all.back();
        findings.push_back({unexplained, *unexplained->judge(facts)});
    }
    std::stable_sort(findings.begin(), findings.end(), [](const Finding& a, const Finding& b) {
        return a.judgement.confidence > b.judgement.confidence;
    });
    if (findings.size() > max_findings) {
        findings.erase(findings.begin() + max_findings, findings.end());
    }
    for (auto& finding : findings) {
        conceal(finding.judgement, facts.secrets);
        bound(finding.judgement);
    }
    return findings;
}

std::string_view credential_of(const Facts& facts) noexcept
{
    switch (facts.authorization.presence) {
    case Presence::unseen:
        return facts.temporary_key ? "temporary" : "";
    case Presence::absent:
        return "anonymous";
    case Presence::present:
        break;
    }
    if (facts.authorization.scheme == SignatureScheme::other) {
        return "unknown";
    }
    return facts.temporary_key                      ? "temporary"
           : facts.key_shape == KeyShape::permanent ? "permanent"
                                                    : "unknown";
}

ExchangeSummary summarize(const Facts& facts, const Exchange& exchange)
{
    const auto kept = [&facts](std::string_view text) {
        std::string out(text.substr(0, 4 * log_value));
        facts.secrets.hide_in(out);
        shorten(out, log_value);
        return out;
    };
    const auto field = [&facts, &kept](std::string_view name) {
        return kept(facts.answered(name).value_or(std::string_view{}));
    };
    const auto action = facts.call.action.empty() ? std::string() : join("name/cos:", facts.call.action);
    const auto trace_id = facts.answered("x-cos-trace-id");
    return {
        .method = kept(facts.method),
        .url = facts.host.empty() ? std::string()
                                  : kept(join(facts.scheme, "://", facts.host, redacted(facts.target))),
        .host = kept(facts.host),
        .bucket = kept(facts.call.bucket),
        .appid = kept(facts.call.appid),
        .region = kept(facts.call.region),
        .key = kept(facts.call.key),
        .action = action,
        .resource = facts.call.rights.empty() ? std::string() : kept(facts.call.rights.front().resource),
        .access_key = facts.shown_key,
        .credential = std::string(credential_of(facts)),
        .client = kept(exchange.client),
        .user_agent = kept(facts.asked("user-agent").value_or(std::string_view{})),
        .status = facts.status,
        .code = kept(facts.code()),
        .message = kept(facts.message()),
        .request_id = kept(facts.request_id),
        .trace_id = trace_id      ? kept(*trace_id)
                    : facts.error ? kept(facts.error->trace_id.value_or(""))
                                  : "",
        .server = field("server"),
        .date = field("date"),
    };
}

} // namespace

Diagnosis diagnose(const Exchange& exchange, std::string id)
{
    const auto facts = read_facts(exchange);
    return {
        .id = std::move(id),
        .at = exchange.answered_at,
        .findings = examine(facts),
        .exchange = summarize(facts, exchange),
        .attempts = 1,
        .first_id = {},
    };
}

} // namespace cosdiag

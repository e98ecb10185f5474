// SPDX-License-Identifier: Apache-2.0
// The rights of a refused call: as evidence, and where they can be refused.
#include "diagnose/judging.hpp"
#include "diagnose/text.hpp"

#include <algorithm>

namespace cosdiag {
namespace {

constexpr std::size_t evidence_part = 400;

bool is_unnameable(const Facts& facts, Unnameable why) noexcept
{
    const auto& rights = facts.call.rights;
    return std::any_of(rights.begin(), rights.end(), [why](const Right& right) {
        return right.unnameable == why;
    });
}

/// `?imageMogr2/…` and its like: data processing answers, and has rights of its own.
bool asks_for_processing(const Target& target) noexcept
{
    constexpr std::string_view names[] = {"imagemogr2", "imageview2", "imageinfo", "watermark", "ci-process"};
    return std::any_of(target.parameters.begin(), target.parameters.end(), [&](const Parameter& parameter) {
        return std::any_of(std::begin(names), std::end(names), [&](std::string_view name) {
            return same_name(std::string_view(parameter.name).substr(0, name.size()), name);
        });
    });
}

/// Why the entry has no policy, or one that may not be enough.
void add_policy_doubts(std::vector<Remedy>& steps, const Facts& facts)
{
    if (is_unnameable(facts, Unnameable::pattern)) {
        steps.push_back(
            {Actor::account_owner,
             "No policy is offered: it would take this key for a pattern that many objects fit."}
        );
    }
    if (is_unnameable(facts, Unnameable::not_utf8)) {
        steps.push_back(
            {Actor::caller,
             "No policy is offered: the key is not UTF-8, so none can name it. Encode keys as UTF-8, then as "
             "%XX."}
        );
    }
    if (is_unnameable(facts, Unnameable::credentials)) {
        steps.push_back(
            {Actor::caller,
             "No policy is offered: a signature became part of the key, which names no object."}
        );
    }
    if (facts.call.action == "GetObject" && asks_for_processing(facts.target)) {
        steps.push_back(
            {Actor::account_owner,
             "The query asks for image or media processing: the key may lack a right of that (ci) besides "
             "name/cos:GetObject."}
        );
    }
}

} // namespace

void add_rights(Judgement& judgement, const Facts& facts)
{
    if (is_unnameable(facts, Unnameable::not_utf8)) {
        judgement.evidence.push_back({Seen::request, "key", "not UTF-8"});
    }
    for (const auto& right : facts.call.rights) {
        judgement.evidence.push_back({Seen::request, "action", right.action});
        if (!right.resource.empty()) {
            judgement.evidence.push_back({Seen::request, "resource", shortened(right.resource, evidence_part)}
            );
        }
    }
}

void add_permission_steps(Judgement& judgement, const Facts& facts, std::string_view bucket)
{
    auto& steps = judgement.remedies;
    add_policy_doubts(steps, facts);
    if (!is_on_bucket(facts)) {
        return;
    }
    steps.push_back(
        {Actor::bucket_owner,
         join(
             "Read the policy and ACL of ",
             bucket.empty() ? "the bucket" : bucket,
             ": a deny anywhere beats every allow, and a rule for a named user beats one for all users."
         )}
    );
    steps.push_back(
        {Actor::bucket_owner,
         "Look for conditions there: qcs:ip and a VPC condition see the proxy's address, not the caller's."}
    );
    if (facts.scheme == "http") {
        steps.push_back(
            {Actor::caller,
             "Repeat it over https: this request went to COS over plain http, which cos:secure-transport can "
             "refuse."}
        );
    }
}

} // namespace cosdiag

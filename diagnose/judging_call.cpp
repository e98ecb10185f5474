// SPDX-License-Identifier: Apache-2.0
// What a refused call is about: its place, the right it wants, and where that can be refused.
#include "diagnose/judging.hpp"
#include "diagnose/text.hpp"

#include <algorithm>

namespace cosdiag {
namespace {

constexpr std::size_t sentence_part = 64;
constexpr std::size_t resource_part = 400;

/// The paths of data processing are its own interfaces, such as /jobs, unless they ask for a processed
/// object.
bool names_object(const Facts& facts) noexcept
{
    const auto& parameters = facts.target.parameters;
    return !facts.call.key.empty() &&
           (facts.endpoint.kind != EndpointKind::ci ||
            std::any_of(parameters.begin(), parameters.end(), [](const Parameter& one) {
                return one.name == "ci-process" || one.name.starts_with("image");
            }));
}

} // namespace

std::string place_of(const Facts& facts)
{
    const auto& call = facts.call;
    const bool object = names_object(facts);
    if (!call.bucket.empty()) {
        return object ? join(call.bucket, "/", shortened(call.key, sentence_part)) : call.bucket;
    }
    if (object) {
        return join("object ", shortened(call.key, sentence_part));
    }
    if (facts.endpoint.kind == EndpointKind::ci) {
        return "the account's buckets";
    }
    return facts.host.empty() ? std::string("the bucket") : join("the bucket behind ", facts.host);
}

std::string wish_of(const Facts& facts)
{
    if (facts.call.action == "GetService") {
        return "name/cos:GetService, the list of all buckets";
    }
    if (!facts.call.action.empty()) {
        return join("name/cos:", facts.call.action, " on ", place_of(facts));
    }
    if (!facts.method.empty()) {
        return join(facts.method, " ", shortened(facts.target.raw_path, sentence_part));
    }
    return facts.call.bucket.empty() ? "this call" : join("something on ", facts.call.bucket);
}

std::string grant_of(const Facts& facts)
{
    if (!facts.call.action.empty()) {
        return wish_of(facts);
    }
    return facts.endpoint.kind == EndpointKind::ci
               ? "the action of Cloud Infinite that its documentation names for this call (name/ci:...)"
               : "the action that the documentation names for this call";
}

bool is_on_bucket(const Facts& facts) noexcept
{
    return facts.call.action != "GetService" && facts.call.action != "PutBucket";
}

void add_rights(Judgement& judgement, const Facts& facts)
{
    for (const auto& right : facts.call.rights) {
        judgement.evidence.push_back({Seen::request, "action", right.action});
        if (!right.resource.empty()) {
            judgement.evidence.push_back({Seen::request, "resource", shortened(right.resource, resource_part)}
            );
        }
    }
}

void add_permission_steps(Judgement& judgement, const Facts& facts, std::string_view bucket)
{
    if (!is_on_bucket(facts)) {
        return;
    }
    auto& steps = judgement.remedies;
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

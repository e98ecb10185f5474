// SPDX-License-Identifier: Apache-2.0
// What a refused call is about: its place and the right it wants, in words.
#include "diagnose/judging.hpp"
#include "diagnose/text.hpp"

#include <algorithm>

namespace cosdiag {
namespace {

constexpr std::size_t sentence_part = 64;

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

std::string object_words(std::string_view bucket, std::string_view key)
{
    std::string one;
    for (std::size_t i = 0; i < std::min(key.size(), sentence_part + 1); ++i) {
        const bool pattern = key[i] == '*' || key[i] == '?' || key.substr(i).starts_with("${");
        one += pattern ? percent_encoded(key.substr(i, 1)) : std::string(key.substr(i, 1));
    }
    return join(bucket, bucket.empty() ? "" : "/", shortened(one, sentence_part));
}

std::string place_of(const Facts& facts)
{
    const auto& call = facts.call;
    const bool object = names_object(facts);
    if (!call.bucket.empty()) {
        return object ? object_words(call.bucket, call.key) : call.bucket;
    }
    if (object) {
        return join("object ", object_words({}, call.key));
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

} // namespace cosdiag

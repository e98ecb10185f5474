// SPDX-License-Identifier: Apache-2.0
#include "diagnose/judging.hpp"
#include "diagnose/text.hpp"
#include "diagnose/time.hpp"

namespace cosdiag {

void add_grants(Judgement& judgement, const Facts& facts)
{
    const auto& memory = facts.memory;
    const auto add = [&judgement](std::string_view what, Seconds ago) {
        judgement.evidence.push_back(
            {Seen::memory, std::string(what), join("allowed ", span_in_words(ago), " ago")}
        );
    };
    std::string step;
    if (memory.same_call) {
        add("this key, this very call", *memory.same_call);
        step = join(
            "It was allowed ",
            span_in_words(*memory.same_call),
            " ago: look which policy, ACL or condition was changed since."
        );
    } else if (memory.same_folder) {
        add("this key, this call in the same folder", *memory.same_folder);
        step = "The same call on a neighbour was allowed: look for rules and ACLs that name this object.";
    } else if (memory.same_key) {
        add("this key, another call on this bucket", *memory.same_key);
        step = "The key works on this bucket: it is this action, or this folder, that no statement allows.";
    } else {
        return;
    }
    judgement.remedies.insert(judgement.remedies.begin(), {Actor::account_owner, std::move(step)});
    const bool bodiless = facts.family == Family::unsaid && facts.from_cos;
    if (bodiless && judgement.confidence == Confidence::possible && !facts.call.action.empty()) {
        judgement.confidence = Confidence::likely;
    }
}

} // namespace cosdiag

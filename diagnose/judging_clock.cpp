// SPDX-License-Identifier: Apache-2.0
// What earlier requests of the same signer say of its clock.
#include "diagnose/judging.hpp"
#include "diagnose/text.hpp"
#include "diagnose/time.hpp"

namespace cosdiag {
namespace {

constexpr Seconds in_step = 65; ///< a window that begins a minute early shows no more than that

bool within(Seconds value, Seconds low, Seconds high) noexcept
{
    return value >= low && value <= high;
}

/// As `+3 s` or `-1 h 0 min 5 s`.
std::string signed_span(Seconds span)
{
    return join(span < 0 ? "-" : "+", span_in_words(span));
}

} // namespace

SignerVerdict signer_clock_verdict(const Facts& facts) noexcept
{
    const auto& known = facts.memory.signer_clock;
    if (!known) {
        return SignerVerdict::unknown;
    }
    const auto low = known->offset;
    const auto high = known->offset + known->slack;
    if (within(low, -in_step, in_step) && within(high, -in_step, in_step)) {
        return SignerVerdict::right;
    }
    return high < -in_step || low > in_step ? SignerVerdict::wrong : SignerVerdict::unknown;
}

bool explained_by_signer_clock(const Facts& facts, Seconds start) noexcept
{
    const auto& known = facts.memory.signer_clock;
    return facts.clock && signer_clock_verdict(facts) == SignerVerdict::wrong &&
           within(start - facts.clock->now, known->offset - in_step, known->offset + known->slack + in_step);
}

void add_signer_clock(Judgement& judgement, const Facts& facts)
{
    const auto& known = facts.memory.signer_clock;
    if (!known) {
        return;
    }
    judgement.evidence.push_back(
        {Seen::memory,
         "this signer's clock minus COS's",
         join(
             signed_span(known->offset),
             " to ",
             signed_span(known->offset + known->slack),
             " in ",
             std::to_string(known->samples),
             " requests, the last ",
             span_in_words(known->ago),
             " ago"
         )}
    );
}

} // namespace cosdiag

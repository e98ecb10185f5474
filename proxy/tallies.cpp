// SPDX-License-Identifier: Apache-2.0
#include "proxy/tallies.hpp"

#include "diagnose/causes.hpp"

#include <algorithm>

namespace cosdiag {

void Tallies::diagnosed(const Diagnosis& diagnosis) noexcept
{
    const auto causes = all_causes();
    const Finding& best = diagnosis.findings.front();
    const auto at =
        static_cast<std::size_t>(std::find(causes.begin(), causes.end(), best.cause) - causes.begin());
    if (at < most_causes)
        x_diagnoses_[at][static_cast<std::size_t>(best.judgement.confidence)].fetch_add(
            1, std::memory_order_relaxed
        );
}

std::uint64_t Tallies::diagnoses(std::size_t cause, Confidence confidence) const noexcept
{
    return x_diagnoses_[cause][static_cast<std::size_t>(confidence)].load(std::memory_order_relaxed);
}

std::uint64_t Tallies::all_diagnoses() const noexcept
{
    std::uint64_t sum = 0;
    for (const auto& of_cause : x_diagnoses_)
        for (const auto& each : of_cause)
            sum += each.load(std::memory_order_relaxed);
    return sum;
}

std::optional<std::int64_t> Tallies::clock_offset() const noexcept
{
    const std::int64_t offset = x_clock_offset_.load(std::memory_order_relaxed);
    return offset == unknown ? std::nullopt : std::optional(offset);
}

} // namespace cosdiag

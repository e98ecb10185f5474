// SPDX-License-Identifier: Apache-2.0
#include "diagnose/verdicts.hpp"

#include "diagnose/judging.hpp"
#include "diagnose/text.hpp"

#include <algorithm>

namespace cosdiag {
namespace {

Seconds moment_of(const Diagnosis& diagnosis) noexcept
{
    return diagnosis.at.ms / 1000;
}

bool rests_on_secret(const Finding& finding) noexcept
{
    const auto& evidence = finding.judgement.evidence;
    return std::any_of(evidence.begin(), evidence.end(), [](const Evidence& each) {
        return each.from == Seen::config;
    });
}

} // namespace

const Verdicts::Entry* Verdicts::find(const Diagnosis& diagnosis, std::string_view key_id) const
{
    const auto at = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) {
        return entry.finding.cause != nullptr && entry.key_id == key_id &&
               entry.host == diagnosis.exchange.host && entry.code == diagnosis.exchange.code;
    });
    return at == entries_.end() ? nullptr : &*at;
}

void Verdicts::keep(const Diagnosis& diagnosis, std::string_view key_id)
{
    const auto& finding = diagnosis.findings.front();
    if (key_id.empty() || !rests_on_secret(finding)) {
        return;
    }
    Entry entry{
        std::string(key_id), diagnosis.exchange.host, diagnosis.exchange.code, moment_of(diagnosis), finding};
    const std::lock_guard lock(lock_);
    const auto* const known = find(diagnosis, key_id);
    auto& place =
        known != nullptr
            ? entries_[static_cast<std::size_t>(known - entries_.data())]
            : *std::min_element(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) {
                  return a.at < b.at;
              });
    place = std::move(entry);
}

void Verdicts::reuse(Diagnosis& diagnosis, std::string_view key_id) const
{
    Finding finding;
    Seconds ago = 0;
    {
        const std::lock_guard lock(lock_);
        const auto* const known = find(diagnosis, key_id);
        if (known == nullptr || moment_of(diagnosis) - known->at > lifetime) {
            return;
        }
        finding = known->finding;
        ago = std::max<Seconds>(moment_of(diagnosis) - known->at, 0);
    }
    auto& judgement = finding.judgement;
    judgement.confidence = less_sure(judgement.confidence);
    judgement.evidence.insert(
        judgement.evidence.begin(),
        {Seen::memory,
         "found for another request of this key",
         join(span_in_words(ago), " ago; there were too many to search this one too")}
    );
    diagnosis.findings = {std::move(finding)};
}

} // namespace cosdiag

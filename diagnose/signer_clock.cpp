// SPDX-License-Identifier: Apache-2.0
#include "diagnose/signer_clock.hpp"

#include "diagnose/authorization.hpp"
#include "diagnose/memory.hpp"
#include "diagnose/text.hpp"

#include <algorithm>
#include <functional>

namespace cosdiag {
namespace {

constexpr Seconds resolution = 1;     ///< dates have whole seconds, COS's and the client's
constexpr Seconds begins_early = 60;  ///< the earliest that an SDK lets a window begin (the one for Python)
constexpr Seconds agree_within = 30;  ///< what a request spends on its way varies
constexpr Seconds fresh_within = 900; ///< older samples say little of a clock that may have been set since

/// The date that the client wrote into this request.
std::optional<Seconds> date_of(std::span<const Field> fields)
{
    for (const auto* const name : {"x-amz-date", "x-cos-date", "date"}) {
        if (const auto value = find_field(fields, name)) {
            const auto iso = read_iso_time(*value);
            return iso ? iso : read_http_date(*value);
        }
    }
    return std::nullopt;
}

std::optional<Seconds> window_start_of(std::string_view authorization)
{
    constexpr std::string_view name = "q-sign-time=";
    const auto at = authorization.find(name);
    if (at == std::string_view::npos) {
        return std::nullopt;
    }
    const auto text = authorization.substr(at + name.size());
    const auto read = read_window(text.substr(0, text.find('&')));
    return read.window ? std::optional(read.window->begin) : std::nullopt;
}

} // namespace

std::optional<ClockSample> read_clock_sample(std::span<const Field> fields, Seconds cos_now)
{
    if (const auto date = date_of(fields)) {
        return ClockSample{*date, *date - cos_now - resolution, 2 * resolution};
    }
    const auto start = window_start_of(find_field(fields, "authorization").value_or(std::string_view{}));
    return start ? std::optional(ClockSample{
                       *start, *start - cos_now - resolution, begins_early + 2 * resolution})
                 : std::nullopt;
}

std::uint64_t SignerClocks::tag_of(std::string_view client, std::string_view key_id) noexcept
{
    const std::hash<std::string_view> hash;
    return hash(client) * 31 + hash(key_id);
}

/// Whether a sample belongs to the run, which then has it.
bool SignerClocks::Run::takes(const ClockSample& sample, Seconds now) noexcept
{
    const auto apart = sample.offset - latest.offset;
    if (samples == 0 || now - at > fresh_within || apart < -agree_within || apart > agree_within) {
        return false;
    }
    if (sample.stamp != latest.stamp) {
        *this = {sample, now, samples + 1};
    }
    return true;
}

void SignerClocks::observe(
    std::string_view client, std::string_view key_id, const ClockSample& sample, Seconds at
) noexcept
{
    const auto tag = tag_of(client, key_id);
    const std::lock_guard lock(lock_);
    auto& entry = entries_[tag % entries_.size()];
    if (entry.tag != tag) {
        entry = {tag, {}};
    }
    auto& runs = entry.runs;
    if (std::none_of(runs.begin(), runs.end(), [&](Run& run) { return run.takes(sample, at); })) {
        *std::min_element(runs.begin(), runs.end(), [](const Run& a, const Run& b) {
            return a.at < b.at;
        }) = {sample, at, 1};
    }
}

std::optional<SignerClock>
SignerClocks::recall(std::string_view client, std::string_view key_id, Seconds at) const noexcept
{
    const auto tag = tag_of(client, key_id);
    const std::lock_guard lock(lock_);
    const auto& entry = entries_[tag % entries_.size()];
    const Run* latest = nullptr;
    for (const auto& run : entry.runs) {
        if (run.samples >= 2 && (latest == nullptr || run.at > latest->at)) {
            latest = &run;
        }
    }
    if (entry.tag != tag || latest == nullptr || at - latest->at > fresh_within) {
        return std::nullopt;
    }
    const auto& [sample, seen_at, samples] = *latest;
    return SignerClock{sample.offset, sample.slack, samples, std::max<Seconds>(at - seen_at, 0)};
}

} // namespace cosdiag

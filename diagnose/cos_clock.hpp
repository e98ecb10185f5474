// SPDX-License-Identifier: Apache-2.0
// What time it was for COS. Every question about validity is asked of that clock, not of ours.
#pragma once

#include "diagnose/time.hpp"

#include <optional>
#include <string_view>

namespace cosdiag {

/// Where the moment was read.
enum class ClockSource { date, server_time, request_id };

struct CosClock {
    Seconds now = 0;
    ClockSource source = ClockSource::date;
    bool disputed = false; ///< the sources differ by more than 5 s: conclusions lose a degree of confidence
};

/// The time inside `x-cos-request-id`: base64 of `<hex Unix seconds>_…`. Undocumented, seen in every real id.
std::optional<Seconds> request_id_time(std::string_view request_id);

/// The sources as texts, empty where not there: the Date field, <ServerTime>, the request id.
/// If they agree within 5 s the Date is taken; if not, the moment the request arrived: the id's, then
/// ServerTime. An id that lies later than the answer, or more than a day before it, is not believed but
/// leaves a doubt; one that is off by a week holds no time at all.
std::optional<CosClock>
read_cos_clock(std::string_view date, std::string_view server_time, std::string_view request_id);

/// The name of a source as evidence shows it.
std::string_view name_of(ClockSource source) noexcept;

} // namespace cosdiag

// SPDX-License-Identifier: Apache-2.0
// Moments and how they are written: HTTP dates, ISO stamps, spans in words. Pure: nobody asks a clock here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cosdiag {

/// Seconds since the Unix epoch, UTC.
using Seconds = std::int64_t;

/// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 §5.6.7, IMF-fixdate; a day of one digit is let pass).
std::optional<Seconds> read_http_date(std::string_view text) noexcept;

/// `2019-07-19T11:10:53Z`, also with fractions of a second, and `20190719T111053Z` as AWS writes it.
std::optional<Seconds> read_iso_time(std::string_view text) noexcept;

/// `2019-07-19T11:10:53Z`. Moments outside the years 0 to 9999 come as a bare number.
std::string iso_time(Seconds moment);

/// `2019-07-19T11:10:53.042Z`, of milliseconds (RFC 3339).
std::string iso_time_ms(std::int64_t ms);

/// A length of time for people: `42 s`, `1 h 3 min 32 s`, `3 d 2 h`. The sign is dropped.
std::string span_in_words(Seconds span);

/// How many whole hours a clock offset is, if it looks like a slip of time zone: 1 to 14 hours, within 90 s.
std::optional<int> whole_hours(Seconds offset) noexcept;

} // namespace cosdiag

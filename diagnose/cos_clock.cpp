// SPDX-License-Identifier: Apache-2.0
#include "diagnose/cos_clock.hpp"

#include "diagnose/text.hpp"

#include <algorithm>
#include <charconv>

namespace cosdiag {
namespace {

constexpr Seconds tolerance = 5;
constexpr Seconds longest_upload = 24 * 3600;
constexpr Seconds no_time = 7 * longest_upload; ///< further off, an id does not hold the time
constexpr Seconds cos_opened = 1'262'304'000;   // 2010-01-01: no id can be older
constexpr Seconds far_future = 4'102'444'800;   // 2100-01-01

bool far_apart(std::optional<Seconds> a, std::optional<Seconds> b) noexcept
{
    return a && b && (*a > *b ? *a - *b : *b - *a) > tolerance;
}

} // namespace

std::optional<Seconds> request_id_time(std::string_view request_id)
{
    request_id = trimmed(request_id);
    if (request_id.size() < 12 || request_id.size() > 256) {
        return std::nullopt;
    }
    const auto text = base64_decoded(request_id);
    if (!text) {
        return std::nullopt;
    }
    const auto underscore = text->find('_');
    if (underscore == std::string::npos || underscore > 10) {
        return std::nullopt;
    }
    Seconds seconds = 0;
    const auto* const end = text->data() + underscore;
    const auto read = std::from_chars(text->data(), end, seconds, 16);
    const bool good = read.ec == std::errc{} && read.ptr == end;
    return good && seconds > cos_opened && seconds < far_future ? std::optional(seconds) : std::nullopt;
}

std::optional<CosClock>
read_cos_clock(std::string_view date, std::string_view server_time, std::string_view request_id)
{
    const auto dated = read_http_date(date);
    const auto told = read_iso_time(server_time);
    auto arrived = request_id_time(request_id);
    const auto answered = dated ? dated : told;
    const auto before = arrived && answered ? *answered - *arrived : 0;
    if (before < -no_time || before > no_time) {
        arrived.reset();
    }
    const bool disputed = far_apart(dated, told) || far_apart(dated, arrived) || far_apart(told, arrived);
    if (before < -tolerance || before > longest_upload) {
        arrived.reset();
    }
    const bool contradicted = far_apart(dated, told) || far_apart(dated, arrived);
    if (dated && !contradicted) {
        return CosClock{*dated, ClockSource::date, disputed};
    }
    if (told && (!disputed || !arrived)) {
        return CosClock{*told, ClockSource::server_time, disputed};
    }
    if (arrived) {
        return CosClock{*arrived, ClockSource::request_id, disputed};
    }
    return std::nullopt;
}

std::string_view name_of(ClockSource source) noexcept
{
    switch (source) {
    case ClockSource::date:
        return "Date";
    case ClockSource::server_time:
        return "ServerTime";
    case ClockSource::request_id:
        return "time inside x-cos-request-id";
    }
    return {};
}

} // namespace cosdiag

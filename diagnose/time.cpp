// SPDX-License-Identifier: Apache-2.0
#include "diagnose/time.hpp"

#include "diagnose/text.hpp"

#include <cstdlib>

namespace cosdiag {
namespace {

constexpr Seconds minute = 60;
constexpr Seconds hour = 60 * minute;
constexpr Seconds day = 24 * hour;

struct Civil {
    std::int64_t year;
    unsigned month, day;
};

/// Days since 1970-01-01 in the proleptic Gregorian calendar, counted in eras of 400 years that begin in
/// March.
constexpr std::int64_t days_from_civil(Civil date) noexcept
{
    const std::int64_t y = date.month <= 2 ? date.year - 1 : date.year;
    const std::int64_t era = (y >= 0 ? y : y - 399) / 400;
    const auto year_of_era = y - era * 400;
    const auto month = static_cast<std::int64_t>(date.month) + (date.month > 2 ? -3 : 9);
    const auto day_of_year = (153 * month + 2) / 5 + static_cast<std::int64_t>(date.day) - 1;
    return era * 146'097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719'468;
}

constexpr Civil civil_from_days(std::int64_t days) noexcept
{
    days += 719'468;
    const std::int64_t era = (days >= 0 ? days : days - 146'096) / 146'097;
    const auto day_of_era = days - era * 146'097;
    const auto year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
    const auto day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const auto month = (5 * day_of_year + 2) / 153;
    return {
        year_of_era + era * 400 + (month >= 10 ? 1 : 0),
        static_cast<unsigned>(month < 10 ? month + 3 : month - 9),
        static_cast<unsigned>(day_of_year - (153 * month + 2) / 5 + 1),
    };
}

/// Reads fixed-width pieces from the front; one misfit spoils the whole.
class Pieces {
public:
    explicit Pieces(std::string_view text) : text_(text) {}

    Seconds digits(std::size_t count) noexcept
    {
        const auto number = text_.size() >= count ? whole_number(text_.substr(0, count)) : std::nullopt;
        good_ = good_ && number.has_value();
        text_.remove_prefix(std::min(count, text_.size()));
        return number.value_or(0);
    }

    void literal(std::string_view expected) noexcept
    {
        good_ = good_ && text_.starts_with(expected);
        text_.remove_prefix(std::min(expected.size(), text_.size()));
    }

    std::string_view take(std::size_t count) noexcept
    {
        const auto piece = text_.substr(0, count);
        text_.remove_prefix(std::min(count, text_.size()));
        return piece;
    }

    [[nodiscard]] std::string_view rest() const noexcept { return text_; }

    [[nodiscard]] bool good() const noexcept { return good_; }

    void fail() noexcept { good_ = false; }

private:
    std::string_view text_;
    bool good_ = true;
};

struct Clock {
    Seconds h, m, s;
};

std::optional<Seconds> assemble(Seconds year, Seconds month, Seconds dom, Clock clock) noexcept
{
    if (month < 1 || month > 12 || dom < 1 || dom > 31 || clock.h > 23 || clock.m > 59 || clock.s > 60) {
        return std::nullopt;
    }
    const Civil date{year, static_cast<unsigned>(month), static_cast<unsigned>(dom)};
    return days_from_civil(date) * day + clock.h * hour + clock.m * minute + clock.s;
}

Seconds month_number(std::string_view name) noexcept
{
    constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
    const auto at = name.size() == 3 ? months.find(name) : std::string_view::npos;
    return at == std::string_view::npos || at % 3 != 0 ? 0 : static_cast<Seconds>(at / 3) + 1;
}

/// Writes a number that has no more digits than that over zeros, right-aligned.
void put_digits(std::string& out, std::size_t at, std::size_t count, std::int64_t number)
{
    for (std::size_t i = at + count; i > at && number > 0; number /= 10) {
        out[--i] = static_cast<char>('0' + number % 10);
    }
}

} // namespace

std::optional<Seconds> read_http_date(std::string_view text) noexcept
{
    Pieces pieces(trimmed(text));
    pieces.take(3);
    pieces.literal(", ");
    const bool one_digit = pieces.rest().size() > 1 && pieces.rest()[1] == ' ';
    const auto dom = pieces.digits(one_digit ? 1 : 2);
    pieces.literal(" ");
    const auto month = month_number(pieces.take(3));
    pieces.literal(" ");
    const auto year = pieces.digits(4);
    pieces.literal(" ");
    const auto h = pieces.digits(2);
    pieces.literal(":");
    const auto m = pieces.digits(2);
    pieces.literal(":");
    const auto s = pieces.digits(2);
    pieces.literal(" GMT");
    return pieces.good() && pieces.rest().empty() ? assemble(year, month, dom, {h, m, s}) : std::nullopt;
}

std::optional<Seconds> read_iso_time(std::string_view text) noexcept
{
    text = trimmed(text);
    const bool basic = text.find('-') == std::string_view::npos;
    const std::string_view dash = basic ? "" : "-";
    const std::string_view colon = basic ? "" : ":";
    Pieces pieces(text);
    const auto year = pieces.digits(4);
    pieces.literal(dash);
    const auto month = pieces.digits(2);
    pieces.literal(dash);
    const auto dom = pieces.digits(2);
    pieces.literal("T");
    const auto h = pieces.digits(2);
    pieces.literal(colon);
    const auto m = pieces.digits(2);
    pieces.literal(colon);
    const auto s = pieces.digits(2);
    if (pieces.rest().starts_with('.')) {
        pieces.take(1);
        while (!pieces.rest().empty() && is_digit(pieces.rest().front())) {
            pieces.take(1);
        }
    }
    pieces.literal("Z");
    return pieces.good() && pieces.rest().empty() ? assemble(year, month, dom, {h, m, s}) : std::nullopt;
}

std::string iso_time(Seconds moment)
{
    const auto days = (moment >= 0 ? moment : moment - (day - 1)) / day;
    const auto date = civil_from_days(days);
    if (moment > 253'402'300'799 || date.year < 0) {
        return std::to_string(moment);
    }
    const auto rest = moment - days * day;
    std::string out = "0000-00-00T00:00:00Z";
    put_digits(out, 0, 4, date.year);
    put_digits(out, 5, 2, date.month);
    put_digits(out, 8, 2, date.day);
    put_digits(out, 11, 2, rest / hour);
    put_digits(out, 14, 2, rest % hour / minute);
    put_digits(out, 17, 2, rest % minute);
    return out;
}

std::string iso_time_ms(std::int64_t ms)
{
    const auto seconds = (ms >= 0 ? ms : ms - 999) / 1000;
    auto text = iso_time(seconds);
    if (text.ends_with('Z')) {
        const auto fraction = std::to_string(1000 + (ms - seconds * 1000));
        text.back() = '.';
        text.append(fraction, 1).push_back('Z');
    }
    return text;
}

std::string span_in_words(Seconds span)
{
    span = span < 0 ? -span : span;
    if (span < 2 * minute) {
        return std::to_string(span) + " s";
    }
    const auto part = [](Seconds count, std::string_view unit) {
        return count == 0 ? std::string() : join(" ", std::to_string(count), " ", unit);
    };
    std::string words;
    if (span < hour) {
        words = part(span / minute, "min") + part(span % minute, "s");
    } else if (span < day) {
        words = part(span / hour, "h") + part(span % hour / minute, "min") + part(span % minute, "s");
    } else {
        words = part(span / day, "d") + part(span % day / hour, "h");
    }
    return words.substr(1);
}

std::optional<int> whole_hours(Seconds offset) noexcept
{
    const Seconds size = offset < 0 ? -offset : offset;
    const Seconds hours = (size + hour / 2) / hour;
    if (hours < 1 || hours > 14 || std::abs(size - hours * hour) > 90) {
        return std::nullopt;
    }
    return static_cast<int>(offset < 0 ? -hours : hours);
}

} // namespace cosdiag

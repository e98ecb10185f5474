// SPDX-License-Identifier: Apache-2.0
// Lines of the diagnosis log as people read them. Pure: lines in, text out; what was shown before is
// remembered.
#pragma once

#include "diagnose/render.hpp"
#include "diagnose/time.hpp"
#include "proxy/log/entry_filter.hpp"

#include <cstddef>
#include <cstdint>
#include <ctime>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace cosdiag::tail {

/// A moment as the clock on the wall shows it.
using LocalTime = std::function<std::tm(Seconds moment)>;

std::tm local_time(Seconds moment);

/// `2026-11-24`
std::string day_of(const std::tm& moment);

struct PrintStyle {
    log::EntryFilter filter;
    bool json = false;     ///< lines pass through as they are
    bool terminal = false; ///< and if so to a terminal, with what could control it escaped
    BlockStyle block;
    LocalTime local = local_time;
    std::string today; ///< `2026-11-24`: the day that needs no mention
};

class EntryPrinter {
public:
    explicit EntryPrinter(PrintStyle style) : x_style_(std::move(style)), x_day_(x_style_.today) {}

    /// What to print for a line: an entry's block, one short line for a later try of a request whose first
    /// was shown, nothing for what is no entry or does not fit the filter. Nothing in it can move a cursor or
    /// set a colour but what comes from here.
    std::string shown(std::string_view line);

    /// Whether the line is an entry that fits the filter.
    [[nodiscard]] bool fits(std::string_view line) const;

    /// Lines that were no entries, blank ones apart.
    std::uint64_t passed_over() const noexcept { return x_passed_over_; }

private:
    std::string block_of(const Diagnosis& diagnosis, const std::string& clock);
    std::string line_of(const Diagnosis& diagnosis, const std::string& clock) const;
    std::string unknown(const boost::json::value& entry, const std::string& clock);
    std::string day_and_clock(Time moment, std::string& clock);
    std::string dim(std::string_view text) const;
    void remember(const std::string& id, std::string_view cause);

    PrintStyle x_style_;
    std::string x_day_;
    bool x_begun_ = false;
    std::map<std::string, std::string_view> x_causes_; ///< by the id that was shown for it
    std::deque<std::string> x_ids_;                    ///< oldest first
    std::uint64_t x_passed_over_ = 0;
};

/// A line with each character that could control a terminal in JSON's escape (RFC 8259 §7): in a string of
/// JSON it means the same.
std::string json_for_terminal(std::string_view line);

} // namespace cosdiag::tail

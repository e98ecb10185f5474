// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "diagnose/diagnosis.hpp"

#include <boost/json/value.hpp>

#include <optional>
#include <string_view>

namespace cosdiag::offline {

/// A line of the diagnosis log as the diagnosis it was made from, but for the short fix, which the log does
/// not hold. Empty when it is none, or names only causes that this version does not know.
std::optional<Diagnosis> read_log_entry(std::string_view line);

/// The same of a line that was parsed.
std::optional<Diagnosis> read_log_entry(const boost::json::value& entry);

/// Whether a parsed line is an entry of the log at all, be its causes known or not.
bool is_log_entry(const boost::json::value& entry);

/// When it was written; the epoch when it does not say.
Time time_of_log_entry(const boost::json::value& entry);

} // namespace cosdiag::offline

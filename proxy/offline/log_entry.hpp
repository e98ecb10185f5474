// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "diagnose/diagnosis.hpp"

#include <optional>
#include <string_view>

namespace cosdiag::offline {

/// A line of the diagnosis log as the diagnosis it was made from, but for the short fix, which the log does
/// not hold. Empty when it is none, or names only causes that this version does not know.
std::optional<Diagnosis> read_log_entry(std::string_view line);

} // namespace cosdiag::offline

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "diagnose/facts.hpp"

namespace cosdiag {

/// The family that Code or Message names. The troubleshooting guide (436/40105) shows the eight names in
/// Message, real answers have most of them in Code: both are read, the more specific one counts. Absent texts
/// are null.
Family
read_family(const std::optional<std::string>& code, const std::optional<std::string>& message) noexcept;

KeyComplaint read_key_complaint(std::string_view message) noexcept;

} // namespace cosdiag

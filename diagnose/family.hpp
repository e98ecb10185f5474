// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "diagnose/facts.hpp"

#include <span>
#include <string_view>

namespace cosdiag {

/// A family, and the text that names it.
struct Naming {
    Family family = Family::unsaid;
    std::string_view text; ///< of Code or Message, without a full stop; empty where neither names one
};

/// The family that Code or Message names. The troubleshooting guide (436/40105) shows the eight names in
/// Message, real answers have most of them in Code: both are read, the more specific one counts. Absent texts
/// are null. Borrowed: the text points into them.
Naming
read_family(const std::optional<std::string>& code, const std::optional<std::string>& message) noexcept;

/// Whether COS answers 403 with this Code or, where that is empty, with this Message.
bool is_refusal(std::string_view code, std::string_view message) noexcept;

/// Codes of COS, and Messages or their beginnings, that name a refusal wherever they stand. Codes are those
/// without a blank.
std::span<const std::string_view> refusal_phrases() noexcept;

/// What the text that names Family::access_key complains of.
KeyComplaint read_key_complaint(std::string_view text) noexcept;

} // namespace cosdiag

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "diagnose/cause.hpp"

#include <span>
#include <string_view>

namespace cosdiag {

/// Every cause, in the order that decides between equally confident findings. The last one is `unexplained`.
std::span<const Cause* const> all_causes() noexcept;

/// Null when there is no such token.
const Cause* find_cause(std::string_view token) noexcept;

} // namespace cosdiag

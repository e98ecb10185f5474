// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "diagnose/query.hpp"

#include <string_view>

namespace cosdiag {

/// What a request is aimed at.
enum class Level { service, bucket, object };

/// The CAM action of a call without its `name/cos:`; empty when the documentation names none.
std::string_view action_of(std::string_view method, Level level, const Target& target) noexcept;

} // namespace cosdiag

// SPDX-License-Identifier: Apache-2.0
// The rules between settings: each may be fine alone and all of them together still not fit to serve with.
#pragma once

#include "config/config.hpp"
#include "config/fault.hpp"

namespace cosdiag::config {

/// Every rule these settings break; empty when they are fit to serve with. The faults bear paths but no
/// positions.
Faults check(const Config& config);

} // namespace cosdiag::config

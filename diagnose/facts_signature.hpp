// SPDX-License-Identifier: Apache-2.0
// The facts about a signature that may not match: what COS must have signed, and what a configured secret
// proves.
#pragma once

#include "diagnose/facts.hpp"

namespace cosdiag {

/// Once request and answer have been read.
void read_signature(Facts& facts, const Exchange& exchange);

} // namespace cosdiag

// SPDX-License-Identifier: Apache-2.0
// What the program has learnt from traffic, whatever settings it served with.
#pragma once

#include "diagnose/exchange.hpp"
#include "diagnose/signer_clock.hpp"
#include "diagnose/verdicts.hpp"
#include "proxy/tallies.hpp"
#include "proxy/trust_failures.hpp"

namespace cosdiag {

/// Used by all threads at once.
struct Remembered {
    Memory memory;
    Documents documents;
    SignerClocks clocks;
    Verdicts verdicts;
    TrustFailures trust_failures;
    Tallies tallies;
};

} // namespace cosdiag

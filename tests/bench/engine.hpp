// SPDX-License-Identifier: Apache-2.0
// The engine by itself, measured with Google Benchmark. Names begin with what tests/bench/engine.py knows a
// target for.
#pragma once

#include "diagnose/exchange.hpp"

#include <string>

namespace cosdiag::bench {

/// Diagnoses a refusal and renders it as the proxy does: the response's field, and a log line into `line`.
void explain(const Exchange& refused, std::string& line);

/// Errors: throws std::runtime_error when a case of tests/cases cannot be read.
void register_diagnosis();
void register_search();
void register_memory();

} // namespace cosdiag::bench

// SPDX-License-Identifier: Apache-2.0
// The program's numbers in Prometheus's text format (version 0.0.4, "Exposition formats").
#pragma once

#include "proxy/admin/process_facts.hpp"
#include "proxy/admin/source.hpp"
#include "proxy/net/meters.hpp"
#include "proxy/tallies.hpp"

#include <cstdint>
#include <string>

namespace cosdiag::admin {

struct Numbers {
    const net::MeterRoom& meters;
    const Tallies& tallies;
    State state;
    ProcessFacts process;
    double started = 0; ///< seconds since the epoch
};

/// Every label has a bounded set of values, and none comes from a request.
std::string metrics(const Numbers& numbers);

/// Requests that were forwarded and are over.
std::uint64_t all_requests(const net::MeterRoom& meters);

/// Tunnels of that kind so far.
std::uint64_t all_tunnels(const net::MeterRoom& meters, net::TunnelKind kind);

} // namespace cosdiag::admin

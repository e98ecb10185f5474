// SPDX-License-Identifier: Apache-2.0
// What the admin listener says, as JSON.
#pragma once

#include "proxy/admin/metrics.hpp"
#include "proxy/admin/query.hpp"
#include "proxy/admin/source.hpp"
#include "proxy/log/journal.hpp"

#include <string>
#include <string_view>

namespace cosdiag::admin {

/// The program's clock and name.
struct Instance {
    std::string id;           ///< another one for each process
    std::int64_t started = 0; ///< milliseconds since the epoch
};

/// Schema cosdiag.diagnoses/1: the latest entries that fit, and where older ones are.
std::string diagnoses_json(const log::Journal& journal, const Query& query, std::string_view instance);

/// Schema cosdiag.status/1. `now`: milliseconds since the epoch.
std::string
status_json(const About& about, const Numbers& numbers, const Instance& instance, std::int64_t now);

/// Schema cosdiag.causes/1: the pages of all causes in both languages.
std::string causes_json();

/// Schema cosdiag.setup/1: what leads clients here.
std::string setup_json(const About& about);

/// `words` may have any bytes of a request in them.
std::string error_json(std::string_view words);

} // namespace cosdiag::admin

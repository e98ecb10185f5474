// SPDX-License-Identifier: Apache-2.0
// Which domains the authority is to vouch for, and which of them it does not.
#pragma once

#include "config/config.hpp"
#include "proxy/tls/authority.hpp"

#include <string>
#include <vector>

namespace cosdiag {

/// COS's own domains, and the settings' custom ones; the latter may be addresses, which nobody vouches for.
std::vector<std::string> cos_domains(const config::Config& config);

/// Those of them that the authority does not cover, but for addresses.
std::vector<std::string> missing_domains(const tls::Authority& authority, const config::Config& config);

/// The names in one phrase, such as `a, b and c`.
std::string listed(const std::vector<std::string>& names);

/// The day on which it was made, such as `2026-03-01`.
std::string made_on(const tls::Authority& authority);

} // namespace cosdiag

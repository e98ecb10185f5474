// SPDX-License-Identifier: Apache-2.0
// Parts of README.md that the engine knows best.
#pragma once

#include <string_view>

namespace cosdiag::test {

/// Checks that what stands between `<!-- name -->` and `<!-- /name -->` in README.md is `text`; with
/// COSDIAG_BLESS set it is written there first.
void check_readme(std::string_view name, std::string_view text);

} // namespace cosdiag::test

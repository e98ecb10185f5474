// SPDX-License-Identifier: Apache-2.0
// The manual page: options and commands as they are declared, and the words that they do not need.
#pragma once

#include <CLI/CLI.hpp>

#include <string>

namespace cosdiag::cli {

/// cosdiag(1) in mdoc(7), for man, mandoc and groff.
std::string manual(const CLI::App& app);

} // namespace cosdiag::cli

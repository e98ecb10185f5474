// SPDX-License-Identifier: Apache-2.0
// Where SecretKeys come from: the environment, or files for their owner's eyes only.
#pragma once

#include "config/config.hpp"
#include "config/environment.hpp"
#include "config/fault.hpp"

#include <string>

namespace cosdiag::config {

/// The SecretKey of an identity that check() found fit. What surrounds it, such as the line end of a file, is
/// taken off. Errors: the variable is not set; the file is missing, longer than 4 KiB, or may be read by
/// others than its owner; the text is empty or has a blank in it. No complaint holds the text.
Parsed<std::string> read_secret_key(const Identity& identity, const Environment& environment);

} // namespace cosdiag::config

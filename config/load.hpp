// SPDX-License-Identifier: Apache-2.0
// The settings file: YAML into Config, or every fault in it at once.
#pragma once

#include "config/config.hpp"
#include "config/fault.hpp"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <variant>

namespace cosdiag::config {

/// What a settings file says, on top of the defaults, and where it says it.
struct Loaded {
    Config config;
    std::map<std::string, Position, std::less<>> positions; ///< of each setting in the file, by its path
};

/// Reads the text of a settings file. An empty text is an empty file: all defaults.
/// Errors: every unknown or repeated key, wrong type and unusable value, in the order of the file; a text
/// that is no YAML yields the one fault the parser stopped at. Rules between settings are check()'s.
std::variant<Loaded, Faults> load(std::string_view text);

/// Reads the file of this name, up to 1 MiB.
std::variant<Loaded, Faults> load_file(const std::string& name);

} // namespace cosdiag::config

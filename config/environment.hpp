// SPDX-License-Identifier: Apache-2.0
// The environment as a value, so that what depends on it can be tested, and the one path derived from it.
#pragma once

#include <functional>
#include <optional>
#include <string>

namespace cosdiag::config {

/// Looks a variable up by name; empty when it is not set.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

/// The environment of this process.
Environment process_environment();

/// Where the program keeps what must outlive it: COSDIAG_DATA_DIR, else what is configured, else
/// $XDG_DATA_HOME/cosdiag, else $HOME/.local/share/cosdiag. A relative XDG_DATA_HOME is ignored, as the XDG
/// Base Directory Specification 0.8 asks, and an empty variable counts as unset. Empty when nothing of this
/// is known.
std::string resolve_data_dir(const std::string& configured, const Environment& environment);

/// The language of texts for people: the configured one, else `zh` when LC_ALL, LC_MESSAGES or LANG, the
/// first of them that is set, names a Chinese locale (POSIX.1-2017 §8.2), else `en`.
std::string resolve_language(const std::string& configured, const Environment& environment);

} // namespace cosdiag::config

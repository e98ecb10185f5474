// SPDX-License-Identifier: Apache-2.0
// What the arguments of tail and healthcheck mean.
#pragma once

#include "config/fault.hpp"
#include "proxy/cli.hpp"
#include "proxy/cli_options.hpp"
#include "proxy/cli_settings.hpp"

namespace cosdiag::cli {

/// What is wrong with the words of `tail`, its addresses apart.
config::Faults faults_of_tail(const Options& options);

/// Of options without such faults.
Tail built_tail(const Options& options, const Gathered& gathered, const config::Environment& environment);

/// The admin listener to ask: the one named, else that of the settings, else 127.0.0.1:8404.
config::Address admin_of(const Gathered& gathered);

} // namespace cosdiag::cli

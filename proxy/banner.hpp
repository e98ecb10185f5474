// SPDX-License-Identifier: Apache-2.0
// What the program says when it is ready: where it listens, what it will look into and what not, and the
// lines to copy.
#pragma once

#include "config/config.hpp"

#include <string>
#include <vector>

namespace cosdiag {

struct StartUp {
    std::vector<config::Listener> listeners; ///< where it really listens
    std::string log;                         ///< the diagnosis log's file; empty: standard output
    std::vector<std::string> domains;        ///< that its CA vouches for; empty: it has no CA
    std::string ca_made;                     ///< the day, such as `2026-03-01`
    bool upgrades = false;                   ///< see UpstreamTls
    std::string parent_of_http;              ///< HOST:PORT; empty: none
    std::string parent_of_https;
    std::string parent_from; ///< see ParentRules
    std::string parent_ourselves;
    std::string program = "cosdiag"; ///< what a shell calls it by, as a word
    std::string place;               ///< options that lead other commands to our files, a blank before each
    bool at_usual_address = true;    ///< `env` leads here without being told the address
    std::string admin;               ///< HOST:PORT of the live page; empty: there is none
};

/// What leads all that a shell starts here; empty without a forward listener.
std::string env_line(const StartUp& about);

/// What leads one command through a proxy of its own.
std::string run_line(const StartUp& about);

/// At most 25 lines for up to four listeners.
std::string banner(const StartUp& about, bool colour);

} // namespace cosdiag

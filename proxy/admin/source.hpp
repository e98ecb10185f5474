// SPDX-License-Identifier: Apache-2.0
// What the admin listener asks the program.
#pragma once

#include "config/config.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace cosdiag::admin {

/// What the settings at work come to.
struct About {
    std::vector<config::Listener> listeners; ///< where it really listens
    std::string proxy;                       ///< HOST:PORT of the forward listener; empty: there is none
    std::vector<std::string> domains;        ///< that its CA vouches for; empty: it has no CA
    std::string ca_made;                     ///< the day, such as `2026-03-01`
    std::string fingerprint;                 ///< SHA-256 of the CA
    bool upgrades = false;                   ///< see config::UpstreamTls
    std::string log;                         ///< the diagnosis log's file; empty: standard output
    std::string language;                    ///< `en` or `zh`
    std::string shell_line;                  ///< leads all that a shell starts here
    std::string run_line;                    ///< leads one command through a proxy of its own
    std::vector<std::string> trust; ///< how runtimes are told of the CA, each line begins with a name
};

/// How the program stands.
struct State {
    bool ready = false;      ///< clients are taken
    bool draining = false;   ///< no more
    std::size_t clients = 0; ///< connected now
    std::uint64_t log_written = 0;
    std::uint64_t log_lost = 0;
    std::uint64_t reloads = 0;          ///< of the settings, that worked
    std::uint64_t rejected_reloads = 0; ///< that did not
    bool last_reload_rejected = false;
};

/// Asked by the admin listener's thread.
class Source {
public:
    virtual std::shared_ptr<const About> about() const = 0;
    virtual State state() const = 0;

protected:
    ~Source() = default;
};

} // namespace cosdiag::admin

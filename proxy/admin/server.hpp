// SPDX-License-Identifier: Apache-2.0
// The admin listener: the live page, metrics, probes and the diagnoses in memory, on a thread of its own.
#pragma once

#include "config/config.hpp"
#include "proxy/admin/source.hpp"
#include "proxy/log/journal.hpp"
#include "proxy/net/access.hpp"
#include "proxy/net/meters.hpp"
#include "proxy/tallies.hpp"

#include <memory>

namespace cosdiag::admin {

class Server {
public:
    /// All of these must outlive it.
    struct Parts {
        const Source& source;
        log::Journal& journal;
        const net::MeterRoom& meters;
        const Tallies& tallies;
    };

    /// Listens, and answers from then on. Throws net::ListenError.
    Server(const config::Admin& settings, const Parts& parts);

    /// Breaks off what is under way.
    ~Server();

    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Where it really listens.
    const net::Endpoint& address() const noexcept;

    /// Lets those who follow diagnoses know that the program takes no more clients.
    void tell_draining();

private:
    class Impl;
    std::unique_ptr<Impl> x_impl_;
};

} // namespace cosdiag::admin

// SPDX-License-Identifier: Apache-2.0
// The listeners and the threads behind them.
#pragma once

#include "config/config.hpp"
#include "proxy/http/forward.hpp"
#include "proxy/net/access.hpp"
#include "proxy/net/entrance.hpp"
#include "proxy/net/examiner.hpp"
#include "proxy/net/parent.hpp"
#include "proxy/net/resolver.hpp"
#include "proxy/tls/client_context.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace cosdiag::tls {
class ServerContext;
}

namespace cosdiag::net {

class Worker;

/// An address cannot be listened on; the words say which, why and what to do.
class ListenError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

class Server {
public:
    /// Listens; nothing is accepted before start(). `interception` may be null: TLS passes through unseen
    /// then. All of these must outlive the server. Throws ListenError, tls::TrustError.
    Server(
        const config::Config& config,
        const config::ParentRules& parents,
        Examiner& examiner,
        tls::ServerContext* interception
    );

    /// Stops at once, if it is still running.
    ~Server();

    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Where it really listens, in the order of the settings.
    const std::vector<Entrance>& entrances() const noexcept { return x_entrances_; }

    /// Starts the threads, config.threads of them.
    void start();

    /// Takes no more clients; requests under way have until config.drain_deadline. Any thread may call it.
    void drain();

    /// Breaks off what is under way. Any thread may call it.
    void stop();

    /// Clients that were let in so far. Any thread may call it.
    std::uint64_t arrivals() const noexcept { return x_arrivals_; }

    /// Returns once the server has drained or stopped.
    void wait();

private:
    const config::Config& x_config_;
    http::Identity x_identity_;
    std::vector<Entrance> x_entrances_;
    tls::ClientContext x_origins_;
    std::unique_ptr<Access> x_access_;
    Parents x_parents_;
    Resolver x_resolver_;
    std::atomic<std::size_t> x_clients_{0};
    std::atomic<std::uint64_t> x_arrivals_{0};
    std::vector<std::unique_ptr<Worker>> x_workers_;
    std::vector<std::thread> x_threads_;
};

} // namespace cosdiag::net

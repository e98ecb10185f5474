// SPDX-License-Identifier: Apache-2.0
// The listeners and the threads behind them.
#pragma once

#include "config/config.hpp"
#include "proxy/http/forward.hpp"
#include "proxy/net/access.hpp"
#include "proxy/net/descriptor.hpp"
#include "proxy/net/entrance.hpp"
#include "proxy/net/examiner.hpp"
#include "proxy/net/meters.hpp"
#include "proxy/net/parent.hpp"
#include "proxy/net/resolver.hpp"
#include "proxy/tls/client_context.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
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

/// All of it is called by one thread.
class Server {
public:
    /// What it works with. The references must outlive it.
    struct Parts {
        const config::Config& config;
        const config::ParentRules& parents;
        Examiner& examiner;
        tls::ServerContext* interception; ///< null: TLS passes through unseen
        MeterRoom& meters;
        std::vector<Endpoint> own;    ///< further listeners of the program: they are never connected to
        std::vector<int> inherited;   ///< listening sockets of whoever started us, which outlive us
        std::function<void()> on_end; ///< called by a thread of its own when all of them are about to end
    };

    /// Listens; nothing is accepted before start(). Where `before` listens on an address of the same
    /// settings, its sockets are shared, so that no client is lost between the two: let it retire() then.
    /// Throws ListenError, tls::TrustError, std::system_error, and leaves `before` as it was.
    explicit Server(const Parts& parts, const Server* before = nullptr);

    /// Stops at once, if it is still running.
    ~Server();

    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Where it really listens, in the order of the settings.
    const std::vector<Entrance>& entrances() const noexcept { return x_entrances_; }

    /// Starts the threads, config.threads of them. Throws std::system_error if there cannot be so many;
    /// nobody has been let in then.
    void start();

    /// Takes no more clients; requests under way have until config.drain_deadline.
    void drain();

    /// Leaves newcomers to `next`, which was made to follow this one, and serves those who are here until
    /// they leave: their connections end with the next answer, and tunnels when they end.
    void retire(const Server& next);

    /// Breaks off what is under way.
    void stop();

    /// Clients that are connected now, to this one and those before it.
    std::size_t clients() const noexcept { return *x_clients_; }

    /// Whether every thread has come round since this was last asked and true.
    bool is_alive();

    /// Whether all threads have ended.
    bool has_ended() const noexcept { return x_ended_ == x_workers_.size(); }

    /// Returns once the server has drained or stopped.
    void wait();

private:
    /// One address of the settings.
    struct Listening {
        config::Address wanted;
        std::vector<Descriptor> sockets;
        bool lasting = false; ///< see Door
    };

    void listen(const std::vector<int>& inherited, const Server* before);
    const Listening* kept_by(const Server* before, const config::Address& wanted) const;
    static void expect_apart(const Server* before, const config::Address& wanted);
    Listening listening_on(const config::Address& wanted, const std::vector<int>& inherited);
    std::size_t threads() const noexcept;

    const config::Config& x_config_;
    http::Identity x_identity_;
    std::vector<Entrance> x_entrances_;
    std::vector<Listening> x_listening_; ///< as long as others may take it over; one for each entrance
    tls::ClientContext x_origins_;
    std::unique_ptr<Access> x_access_;
    Parents x_parents_;
    Resolver x_resolver_;
    std::shared_ptr<std::atomic<std::size_t>> x_clients_; ///< one for all that follow one another
    std::vector<std::unique_ptr<Worker>> x_workers_;
    std::vector<std::thread> x_threads_;
    std::function<void()> x_on_end_;
    std::atomic<std::size_t> x_ended_{0};
    std::uint64_t x_beats_ = 0; ///< asked of each thread
};

} // namespace cosdiag::net

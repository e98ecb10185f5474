// SPDX-License-Identifier: Apache-2.0
// One thread's share of the server: its clock, its listeners, its sessions. Nothing in it is touched by
// another thread but through `post`.
#pragma once

#include "proxy/net/context.hpp"
#include "proxy/net/entrance.hpp"
#include "proxy/net/parent_dialer.hpp"
#include "proxy/net/reactor.hpp"
#include "proxy/net/tls_dialer.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

namespace cosdiag::net {

class Worker {
public:
    struct Shared {
        const config::Config& config;
        const http::Identity& identity;
        const Access& access;
        const Parents& parents;
        Resolver& resolver;
        Examiner& examiner;
        tls::ClientContext& origins;
        tls::ServerContext* interception;     ///< null: TLS passes through unseen
        std::atomic<std::size_t>& clients;    ///< connected to all workers
        std::atomic<std::uint64_t>& arrivals; ///< clients let in by all workers
    };

    /// A descriptor, which is taken over, and what it listens for.
    struct Listening {
        int descriptor;
        const Entrance* entrance;
    };

    Worker(const Shared& shared, const std::vector<Listening>& listening);
    ~Worker();
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    /// Serves until drained or stopped.
    void run();

    void drain();
    void stop();

private:
    struct Door;

    void schedule(Ticks due);
    void accept(Door& door);
    bool accept_one(Door& door);
    void pause(Door& door, int error);
    void begin_drain();
    void begin_stop();
    void session_ended();
    void end_if_drained();
    void turn_away(int descriptor, const http::Refusal& refusal);
    bool turned_away(int descriptor, const Address& peer);

    Shared x_shared_;
    asio::io_context x_io_;
    Reactor x_reactor_;
    TcpDialer x_dialer_;
    ParentDialer x_parent_dialer_;
    TlsDialer x_tls_dialer_;
    Context x_context_;
    Timer x_tick_;
    Timer x_drain_deadline_;
    std::vector<std::unique_ptr<Door>> x_doors_;
    bool x_full_told_ = false;
};

} // namespace cosdiag::net

// SPDX-License-Identifier: Apache-2.0
// One thread's share of the server: its clock, its listeners, its sessions. Nothing in it is touched by
// another thread but through `post`.
#pragma once

#include "proxy/net/context.hpp"
#include "proxy/net/descriptor.hpp"
#include "proxy/net/entrance.hpp"
#include "proxy/net/parent_dialer.hpp"
#include "proxy/net/reactor.hpp"
#include "proxy/net/tls_dialer.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

namespace cosdiag::net {

struct Door;

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
        tls::ServerContext* interception;  ///< null: TLS passes through unseen
        std::atomic<std::size_t>& clients; ///< connected to all workers
        MeterRoom& meters;
    };

    /// A listening socket, and what it listens for.
    struct Listening {
        Descriptor socket;
        const Entrance* entrance;
        bool lasting = false; ///< see Door
    };

    Worker(const Shared& shared, std::vector<Listening> listening);
    ~Worker();
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    /// Serves until drained or stopped.
    void run();

    /// Whether run() has returned.
    bool has_ended() const noexcept { return x_ended_; }

    /// Takes those clients who have connected already, and no others; then ends when all have been served, or
    /// at config.drain_deadline.
    void drain();

    /// Leaves the listening sockets to who has taken them over, and ends when all clients have left. Those at
    /// `closing` are closed as drain() does.
    void retire(std::vector<const Entrance*> closing);

    void stop();

    /// Has the thread count `beats` up, which it does unless it hangs or has ended.
    void beat();

    std::uint64_t beats() const noexcept { return x_beats_.load(std::memory_order_relaxed); }

private:
    void schedule(Ticks due);
    void accept(Door& door);
    bool accept_one(Door& door);
    void pause(Door& door, int error);
    void begin_drain();
    void begin_retire(const std::vector<const Entrance*>& closing);
    void begin_stop();
    void close_doors();
    void take_the_last(std::chrono::milliseconds after);
    void end_idle();
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
    Timer x_last_accept_;
    Timer x_idle_grace_;
    Timer x_drain_deadline_;
    std::vector<std::unique_ptr<Door>> x_doors_;
    std::atomic<std::uint64_t> x_beats_{0};
    std::atomic<bool> x_ended_{false};
    bool x_full_told_ = false;
    bool x_draining_ = false;
};

} // namespace cosdiag::net

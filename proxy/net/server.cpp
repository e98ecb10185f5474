// SPDX-License-Identifier: Apache-2.0
#include "proxy/net/server.hpp"

#include "proxy/net/listener.hpp"
#include "proxy/net/worker.hpp"

#include <malloc.h>
#include <pthread.h>

#include <csignal>
#include <random>

namespace cosdiag::net {

namespace {

/// Unique per process, so that two proxies in a row do not look like a loop.
std::string pseudonym()
{
    const std::uint32_t number = std::random_device()();
    constexpr char digits[] = "0123456789abcdef";
    std::string name = "cosdiag-";
    for (int shift = 28; shift >= 0; shift -= 4)
        name += digits[number >> shift & 15];
    return name;
}

tls::Roots roots_of(const config::Upstream& upstream)
{
    tls::Roots roots{upstream.ca, {}};
    for (const config::UpstreamHost& each : upstream.hosts)
        roots.hosts.push_back({each.host, each.ca});
    return roots;
}

/// Signals are the main thread's business.
void block_signals()
{
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

} // namespace

Server::Server(
    const config::Config& config,
    const config::ParentRules& parents,
    Examiner& examiner,
    tls::ServerContext* interception
)
    : x_config_(config),
      x_identity_{pseudonym(), config.via},
      x_origins_(roots_of(config.upstream)),
      x_parents_(parents, config.upstream.connect_to)
{
    // Buffers of 128 KiB come from the system and go back there as soon as they are freed.
    ::mallopt(M_MMAP_THRESHOLD, 128 * 1024); // NOLINT(concurrency-mt-unsafe): before any thread
    std::vector<Endpoint> addresses;
    for (const config::Listener& listener : config.listeners) {
        addresses.push_back(probe(listener.address));
        x_entrances_.push_back({addresses.back(), listener.mode, listener.tls});
    }
    x_access_ = std::make_unique<Access>(config.access, addresses);
    const Worker::Shared shared{
        config,
        x_identity_,
        *x_access_,
        x_parents_,
        x_resolver_,
        examiner,
        x_origins_,
        interception,
        x_clients_,
        x_arrivals_};
    for (unsigned i = 0; i < std::max(config.threads, 1U); ++i) {
        std::vector<Worker::Listening> listening;
        for (const Entrance& entrance : x_entrances_)
            listening.push_back({listen_shared(entrance.address), &entrance});
        x_workers_.push_back(std::make_unique<Worker>(shared, listening));
    }
}

Server::~Server()
{
    stop();
    wait();
    x_resolver_.stop();
}

void Server::start()
{
    for (const auto& worker : x_workers_)
        x_threads_.emplace_back([&worker = *worker] {
            block_signals();
            worker.run();
        });
}

void Server::drain()
{
    for (const auto& worker : x_workers_)
        worker->drain();
}

void Server::stop()
{
    for (const auto& worker : x_workers_)
        worker->stop();
}

void Server::wait()
{
    for (std::thread& thread : x_threads_)
        thread.join();
    x_threads_.clear();
}

} // namespace cosdiag::net

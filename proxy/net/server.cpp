// SPDX-License-Identifier: Apache-2.0
#include "proxy/net/server.hpp"

#include "proxy/net/listener.hpp"
#include "proxy/net/worker.hpp"

#include <malloc.h>
#include <pthread.h>

#include <algorithm>
#include <csignal>
#include <future>
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

Endpoint endpoint(const config::Address& address)
{
    return {asio::ip::make_address(address.host), address.port};
}

/// Signals are the main thread's business.
void block_signals()
{
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

} // namespace

Server::Server(const Parts& parts, const Server* before)
    : x_config_(parts.config),
      x_identity_{pseudonym(), parts.config.via},
      x_origins_(roots_of(parts.config.upstream)),
      x_parents_(parts.parents, parts.config.upstream.connect_to),
      x_clients_(before != nullptr ? before->x_clients_ : std::make_shared<std::atomic<std::size_t>>(0)),
      x_on_end_(parts.on_end)
{
    // Buffers of 128 KiB and more come from the system and go back there as soon as they are freed.
    ::mallopt(M_MMAP_THRESHOLD, 128 * 1024); // NOLINT(concurrency-mt-unsafe): the same each time
    listen(parts.inherited, before);
    std::vector<Endpoint> listeners;
    for (const Entrance& entrance : x_entrances_)
        listeners.push_back(entrance.address);
    x_access_ = std::make_unique<Access>(parts.config.access, std::move(listeners), parts.own);
    const Worker::Shared shared{
        parts.config,
        x_identity_,
        *x_access_,
        x_parents_,
        x_resolver_,
        parts.examiner,
        x_origins_,
        parts.interception,
        *x_clients_,
        parts.meters};
    for (std::size_t i = 0; i < threads(); ++i) {
        std::vector<Worker::Listening> listening;
        for (std::size_t at = 0; at < x_listening_.size(); ++at)
            for (std::size_t j = i; j < x_listening_[at].sockets.size(); j += threads())
                listening.push_back(
                    {x_listening_[at].sockets[j].duplicate(), &x_entrances_[at], x_listening_[at].lasting}
                );
        x_workers_.push_back(std::make_unique<Worker>(shared, std::move(listening)));
    }
}

std::size_t Server::threads() const noexcept
{
    return std::max(x_config_.threads, 1U);
}

/// Finds or makes the sockets of every address of the settings, at least one for each thread.
void Server::listen(const std::vector<int>& inherited, const Server* before)
{
    x_entrances_.reserve(x_config_.listeners.size()); // they are referred to
    for (const config::Listener& listener : x_config_.listeners) {
        Listening made{listener.address, {}, false};
        if (const Listening* const kept = kept_by(before, listener.address)) {
            made.lasting = kept->lasting;
            for (const Descriptor& each : kept->sockets)
                made.sockets.push_back(each.duplicate());
        } else {
            expect_apart(before, listener.address);
            made = listening_on(listener.address, inherited);
        }
        const Endpoint address = address_of(made.sockets.front().number());
        while (made.sockets.size() < threads())
            made.sockets.push_back(made.lasting ? made.sockets.front().duplicate() : listen_shared(address));
        x_listening_.push_back(std::move(made));
        x_entrances_.push_back({address, listener.mode, listener.tls});
    }
}

/// The sockets of the server before for this address of the settings, unless they were taken; null: there are
/// none.
const Server::Listening* Server::kept_by(const Server* before, const config::Address& wanted) const
{
    if (before == nullptr)
        return nullptr;
    const auto is_wanted = [&](const Listening& each) { return endpoint(each.wanted) == endpoint(wanted); };
    auto taken = std::count_if(x_listening_.begin(), x_listening_.end(), is_wanted);
    for (const Listening& each : before->x_listening_)
        if (is_wanted(each) && taken-- == 0)
            return &each;
    return nullptr;
}

/// Every address of a machine and one of them are the same port twice; the system gives it to one socket
/// only.
void Server::expect_apart(const Server* before, const config::Address& wanted)
{
    if (before == nullptr || wanted.port == 0)
        return;
    const Endpoint at = endpoint(wanted);
    for (const Entrance& each : before->x_entrances_) {
        const bool overlap = each.address.protocol() == at.protocol() && each.address.port() == at.port() &&
                             (each.address.address().is_unspecified() || at.address().is_unspecified());
        if (overlap)
            throw ListenError(
                text_of(at) + " and " + text_of(each.address) +
                ", where this program listens, overlap: one becomes the other only when it is started anew"
            );
    }
}

/// A first socket for this address: an inherited one, or our own.
Server::Listening Server::listening_on(const config::Address& wanted, const std::vector<int>& inherited)
{
    Listening made{wanted, {}, false};
    const Endpoint address = endpoint(wanted);
    const auto found = std::find_if(inherited.begin(), inherited.end(), [&](int each) {
        return address_of(each) == address;
    });
    made.lasting = found != inherited.end();
    made.sockets.push_back(made.lasting ? Descriptor::duplicate_of(*found) : listen_shared(probe(wanted)));
    set_for_clients(made.sockets.front().number());
    return made;
}

Server::~Server()
{
    stop();
    wait();
    x_resolver_.stop();
}

void Server::start()
{
    std::promise<void> all_there; // broken by what is thrown
    const std::shared_future<void> begin = all_there.get_future().share();
    for (const auto& worker : x_workers_)
        x_threads_.emplace_back([this, begin, &worker = *worker] {
            block_signals();
            try {
                begin.get();
            } catch (const std::future_error&) {
                return;
            }
            worker.run();
            if (++x_ended_ == x_workers_.size() && x_on_end_)
                x_on_end_();
        });
    all_there.set_value();
}

void Server::drain()
{
    x_listening_.clear();
    for (const auto& worker : x_workers_)
        worker->drain();
}

void Server::retire(const Server& next)
{
    std::vector<const Entrance*> closing;
    for (const Entrance& each : x_entrances_) {
        const bool lives_on =
            std::any_of(next.x_entrances_.begin(), next.x_entrances_.end(), [&](const Entrance& other) {
                return other.address == each.address;
            });
        if (!lives_on)
            closing.push_back(&each);
    }
    x_listening_.clear();
    for (const auto& worker : x_workers_)
        worker->retire(closing);
}

void Server::stop()
{
    x_listening_.clear();
    for (const auto& worker : x_workers_)
        worker->stop();
}

bool Server::is_alive()
{
    const bool all = std::all_of(x_workers_.begin(), x_workers_.end(), [this](const auto& worker) {
        return worker->has_ended() || worker->beats() == x_beats_;
    });
    if (all) {
        ++x_beats_;
        for (const auto& worker : x_workers_)
            worker->beat();
    }
    return all;
}

void Server::wait()
{
    for (std::thread& thread : x_threads_)
        thread.join();
    x_threads_.clear();
}

} // namespace cosdiag::net

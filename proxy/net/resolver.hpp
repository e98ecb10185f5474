// SPDX-License-Identifier: Apache-2.0
// Name look-up beside the threads that carry traffic: getaddrinfo(3) and res_nquery(3) block, and one slow
// name must not delay others.
#pragma once

#include "proxy/net/asio.hpp"
#include "proxy/net/task.hpp"
#include "proxy/net/waiter.hpp"

#include <boost/asio/executor_work_guard.hpp>

#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace cosdiag::net {

/// What a look-up found. `error` is getaddrinfo's, 0 if it found something.
struct Resolution {
    std::vector<asio::ip::address> addresses;
    int error = 0;
};

/// One look-up under way. Shared between the thread that asks and the one that looks up.
struct Lookup {
    Resolution result;
    bool done = false;
    Waiter* waiter = nullptr; ///< null once nobody waits any more
};

/// The threads for look-ups, started with the first one. Shared by all workers.
class Resolver {
public:
    Resolver() = default;
    Resolver(const Resolver&) = delete;
    Resolver& operator=(const Resolver&) = delete;

    ~Resolver() { stop(); }

    static constexpr unsigned most_threads = 8;

    /// Whom to ask.
    enum class Source : std::uint8_t {
        system, ///< as nsswitch.conf(5) says: the hosts file first, as a rule
        dns,    ///< the name servers of resolv.conf(5), past the hosts file
    };

    /// Looks the name up; the waiter is woken, in its own context, once `done` is set. It is set at once,
    /// with EAI_AGAIN, where the system has no thread for it.
    std::shared_ptr<Lookup> begin(asio::io_context& context, std::string host, Source source, Waiter& waiter);

    /// Waits for look-ups that threads are at, and forgets the others. After that none may begin. The
    /// contexts that they were begun in must still be there.
    void stop();

private:
    bool has_threads();

    std::mutex x_mutex_;
    asio::io_context x_queue_;
    asio::executor_work_guard<Executor> x_open_ = asio::make_work_guard(x_queue_);
    std::vector<std::thread> x_threads_;
};

} // namespace cosdiag::net

// SPDX-License-Identifier: Apache-2.0
// How often which client has turned away from our certificate: once may be chance, twice is a habit.
#pragma once

#include "proxy/net/waiter.hpp"

#include <atomic>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace cosdiag {

/// Used by all threads at once.
class TrustFailures {
public:
    /// Counts one more; answers how many there are of this client for this host within `lifetime`.
    unsigned add(std::string_view client, std::string_view host, net::Ticks now);

    /// Forgets them: the client does trust us.
    void clear(std::string_view client, std::string_view host);

    static constexpr net::Ticks lifetime = 600'000; ///< ms, from one to the next
    static constexpr std::size_t most = 1024;       ///< pairs of client and host remembered

private:
    struct Count {
        unsigned times = 0;
        net::Ticks last = 0;
    };

    std::mutex x_mutex_;
    std::unordered_map<std::string, Count> x_counts_;
    std::atomic<bool> x_any_{false}; ///< spares the lock where all clients trust us
};

} // namespace cosdiag

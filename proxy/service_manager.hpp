// SPDX-License-Identifier: Apache-2.0
// What the service manager is told, in the protocol of sd_notify(3). Without one, nothing is.
#pragma once

#include "config/environment.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace cosdiag {

class ServiceManager {
public:
    /// NOTIFY_SOCKET and WATCHDOG_USEC, the latter unless WATCHDOG_PID is another process.
    explicit ServiceManager(const config::Environment& environment);

    /// Serving, after the start or after new settings were read.
    void ready(std::string_view status) const noexcept;

    void reloading() const noexcept;

    void stopping() const noexcept;

    /// Listening sockets that it keeps for us (sd_listen_fds(3)), to be left open; LISTEN_FDS, where
    /// LISTEN_PID is this process.
    const std::vector<int>& sockets() const noexcept { return x_sockets_; }

    /// How often alive() is to be called; zero: never.
    std::chrono::milliseconds period() const noexcept { return x_period_; }

    void alive() const noexcept;

private:
    void tell(const std::string& message) const noexcept;

    std::string x_socket_;
    std::vector<int> x_sockets_;
    std::chrono::milliseconds x_period_{0};
};

} // namespace cosdiag

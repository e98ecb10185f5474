// SPDX-License-Identifier: Apache-2.0
// A running program's admin listener, asked from another process. No wait is without its deadline.
#pragma once

#include "config/config.hpp"

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace cosdiag {

/// What kept an answer away; what() says it in words, without an end mark.
class AdminError : public std::runtime_error {
public:
    enum class Kind {
        refused,   ///< nothing listens there
        timed_out, ///< something does, or the way there is cut, and no answer came in time
        broken,    ///< the connection ended before the answer did
        not_http,  ///< what came is no answer of ours
    };

    AdminError(Kind what, const std::string& words) : std::runtime_error(words), kind(what) {}

    Kind kind;
};

struct AdminRequest {
    std::string target;
    std::string accept = "*/*";
    std::string last_event_id; ///< empty: not sent
    std::string authorization; ///< empty: not sent
};

struct AdminHead {
    unsigned status = 0;
    std::string type; ///< Content-Type without its parameters
};

/// One request over one connection.
class AdminClient {
public:
    using Clock = std::chrono::steady_clock;

    /// Of a listener on all addresses, loopback is asked. Nothing is waited for beyond `end`.
    explicit AdminClient(const config::Address& address, Clock::time_point end = Clock::time_point::max());

    ~AdminClient();
    AdminClient(const AdminClient&) = delete;
    AdminClient& operator=(const AdminClient&) = delete;

    /// HOST:PORT that is asked.
    const std::string& address() const noexcept;

    /// Connects within 2 s, and has the answer's head within 5 s more. Throws AdminError.
    AdminHead ask(const AdminRequest& request);

    /// What comes next of the body, valid until the next call; empty at its end. Throws AdminError, timed_out
    /// when nothing came for so long.
    std::string_view read(std::chrono::milliseconds patience);

    /// The rest of the body, of which something has to come every 5 s. Bounds: 64 MiB, not_http beyond.
    std::string read_rest();

private:
    class Impl;
    std::unique_ptr<Impl> x_impl_;
};

} // namespace cosdiag

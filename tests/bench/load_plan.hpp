// SPDX-License-Identifier: Apache-2.0
// What the load generator is to send, and what it must get back.
#pragma once

#include "tests/bench/arguments.hpp"
#include "tests/bench/socket.hpp"
#include "tests/bench/tls.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace cosdiag::bench {

/// How a request names its destination: to a server or relay, to a forward proxy, or through a tunnel.
enum class Form { origin, absolute, connect };

struct Plan {
    sockaddr_in target{};
    std::string authority; ///< host, with port where it is not the scheme's, and always for CONNECT
    Form form = Form::origin;
    std::optional<TlsContext> tls; ///< requests are sent over TLS, inside of the tunnel where there is one
    bool fresh = false;            ///< a new connection for each request
    std::string method;
    std::string path;           ///< "/object-<eight digits>" is put behind it, another for each request
    std::uint64_t upload = 0;   ///< bytes of request body
    int status = 200;           ///< expected
    std::uint64_t answer = 0;   ///< expected Content-Length; 0 where `status` alone is looked at
    std::string expected_field; ///< lower-case name of a field that every answer must bear, or empty
    std::uint64_t requests = 1;
    std::uint64_t connections = 1;
    bool hold = false; ///< keep the connections open afterwards and take orders from standard input
};

/// Throws std::invalid_argument or TlsError.
Plan read_plan(Arguments& arguments);

/// A request head as a COS SDK signs it: ten fields, about 600 bytes. The signature is made up.
struct RequestHead {
    std::string bytes;
    std::size_t number_at = 0; ///< where the eight digits stand
};

RequestHead request_head(const Plan& plan);

/// The host of the authority alone.
std::string host_of(const Plan& plan);

/// The CONNECT request that opens a tunnel to the plan's authority.
std::string connect_head(const Plan& plan);

} // namespace cosdiag::bench

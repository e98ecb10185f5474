// SPDX-License-Identifier: Apache-2.0
// One connection of the load generator.
#pragma once

#include "tests/bench/link.hpp"
#include "tests/bench/load_plan.hpp"
#include "tests/bench/payload.hpp"
#include "tests/bench/socket.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cosdiag::bench {

/// What all connections share: requests still to be sent and how long each one took.
struct Tally {
    std::uint64_t to_start = 0;
    std::uint64_t under_way = 0;
    std::uint64_t number = 0; ///< of the object asked for last
    std::vector<std::chrono::nanoseconds> latencies;
};

/// Sends requests one after the other while the tally has any left. Every answer's status and length is
/// compared with the plan, and whatever differs is thrown as std::runtime_error: a benchmark with errors
/// measures nothing.
class Client {
public:
    Client(const Plan& plan, const Payload& payload, Poll& poll, Tally& tally);

    /// Takes a request from the tally, if there is one, and begins with it.
    void next();

    void on_ready(std::uint32_t events);

private:
    using Clock = std::chrono::steady_clock;

    void connect();
    void open();
    bool shake_hands();
    void begin_request();
    void send_more();
    ssize_t send_some();
    void receive(bool ending);
    bool receive_some();
    bool receive_head();
    bool receive_body();
    void check_head(std::string_view head);
    void finish();

    const Plan& x_plan;
    const Payload& x_payload;
    Poll& x_poll;
    Tally& x_tally;
    Link x_link;
    RequestHead x_request;
    std::string x_connect;
    std::string_view x_out; ///< what is unsent of the head
    std::uint64_t x_upload_sent = 0;
    std::string x_input;
    std::uint64_t x_body_left = 0;
    Clock::time_point x_began;
    bool x_opening_tunnel = false;
    bool x_shaking_hands = false;
    bool x_active = false;
    bool x_in_body = false;
    bool x_peer_closes = false; ///< the answer said that it is the connection's last
};

} // namespace cosdiag::bench

// SPDX-License-Identifier: Apache-2.0
// What traffic has been like, in numbers: counted by the thread that carries it, read by any.
#pragma once

#include "config/config.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string_view>
#include <vector>

namespace cosdiag::net {

/// A number that one thread changes and others read. No bus is locked for it.
class Count {
public:
    void add(std::uint64_t more = 1) noexcept { x_value_.store(value() + more, std::memory_order_relaxed); }

    void set(std::uint64_t value) noexcept { x_value_.store(value, std::memory_order_relaxed); }

    std::uint64_t value() const noexcept { return x_value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> x_value_{0};
};

/// How often a time fell into which range.
class Histogram {
public:
    /// Upper bounds of the ranges, inclusive, in milliseconds; one more range is without.
    static constexpr std::array<std::int64_t, 14> bounds{
        1, 2, 5, 10, 25, 50, 100, 250, 500, 1'000, 2'500, 10'000, 60'000, 300'000};

    void observe(std::int64_t milliseconds) noexcept;

    /// Those of one range, the last of which is `bounds.size()`.
    std::uint64_t in_range(std::size_t range) const noexcept { return x_ranges_[range].value(); }

    /// Of all times observed. Units: milliseconds.
    std::uint64_t sum() const noexcept { return x_sum_.value(); }

private:
    std::array<Count, bounds.size() + 1> x_ranges_;
    Count x_sum_;
};

/// Methods that are told apart; what else there is counts as the last.
inline constexpr std::array<std::string_view, 7> counted_methods{
    "GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS", "other"};

std::size_t index_of_method(std::string_view method) noexcept;

/// Why requests were not forwarded, by their type in Proxy-Status (RFC 9209 §2.3); the last is for the rest.
inline constexpr std::array<std::string_view, 23> counted_errors{
    "connection_limit_reached",
    "connection_refused",
    "connection_terminated",
    "connection_timeout",
    "connection_write_timeout",
    "destination_ip_prohibited",
    "destination_ip_unroutable",
    "destination_not_found",
    "destination_unavailable",
    "dns_error",
    "dns_timeout",
    "http_protocol_error",
    "http_request_denied",
    "http_request_error",
    "http_response_incomplete",
    "http_response_timeout",
    "proxy_configuration_error",
    "proxy_internal_error",
    "proxy_loop_detected",
    "tls_alert_received",
    "tls_certificate_error",
    "tls_protocol_error",
    "other"};

std::size_t index_of_error(std::string_view type) noexcept;

enum class TunnelKind : std::uint8_t {
    blind_cos,   ///< to COS, passed through unseen
    blind_other, ///< to others
    intercepted, ///< looked into
};

/// What one thread counts.
struct Meters {
    static constexpr std::size_t modes = 3;   ///< of ListenerMode
    static constexpr std::size_t classes = 6; ///< of status codes, by their first digit; 0: no answer came
    static constexpr std::size_t tunnel_kinds = 3;

    using ByClass = std::array<Count, classes>;
    std::array<std::array<ByClass, counted_methods.size()>, modes> requests;
    std::array<Count, counted_errors.size()> refusals;
    std::array<Count, tunnel_kinds> tunnels;

    Histogram duration; ///< from a request's head to the end of its answer
    Histogram upstream; ///< from a request's head to the head of its answer
    Histogram hold;     ///< how long a 403 was kept back

    Count reused;  ///< requests that went out on a connection that was there already
    Count dialled; ///< connections made for requests and tunnels
    Count pooled;  ///< connections to origins that are idle now
    Count clients; ///< that were let in
};

/// The meters of all threads that there are and were, so that numbers only grow while threads come and go.
class MeterRoom {
public:
    /// For one thread; never moves.
    Meters& take();

    /// When that thread has ended: the next one goes on counting there.
    void give_back(Meters& meters);

    /// Calls `each` with the meters of every thread.
    template <class Each>
    void for_each(Each each) const
    {
        const std::lock_guard lock(x_mutex_);
        for (const Meters& meters : x_all_)
            each(meters);
    }

private:
    mutable std::mutex x_mutex_;
    std::deque<Meters> x_all_;
    std::vector<Meters*> x_free_;
};

} // namespace cosdiag::net

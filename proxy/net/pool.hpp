// SPDX-License-Identifier: Apache-2.0
// Idle connections to origins, one pool a thread, shared by all of its clients.
#pragma once

#include "proxy/net/meters.hpp"
#include "proxy/net/stream.hpp"

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace cosdiag::net {

class Pool final : private Alarm {
public:
    /// `keep_alive`: how long a connection may idle. Units: milliseconds. `size` is told how many there are.
    Pool(Wheel& wheel, Ticks keep_alive, Count& size) noexcept;
    ~Pool() override;
    Pool(const Pool&) = delete;
    Pool& operator=(const Pool&) = delete;

    /// For what a connection is taken.
    enum class Use : std::uint8_t {
        once,    ///< a request that could not be sent twice: only what idled for less than 2 s will do
        again,   ///< one that could
        awaited, ///< one that could, and whose arrival woke us: what came before on an idle connection was
                 ///< delivered before
    };

    /// The connection used last, if it is young and quiet. Looks once more whether it is, but for `awaited`.
    StreamPtr take(const std::string& origin, Use use);

    /// Keeps a connection whose last answer has been read to its end. Whatever arrives on it from now on ends
    /// it.
    void give(const std::string& origin, StreamPtr stream);

    /// Remembers for a while whether this origin's last answer was of HTTP/1.0: no chunked request is sent
    /// there then (RFC 9112 §6.1).
    void note_version(const std::string& origin, bool http10);
    bool speaks_http10(const std::string& origin) const;

    std::size_t size() const noexcept { return x_size_.value(); }

    void clear();

    static constexpr Ticks young = 2000;
    static constexpr std::size_t most = 1024;            ///< connections kept
    static constexpr std::size_t most_of_origin = 256;   ///< of these, to one origin
    static constexpr std::size_t most_remembered = 1024; ///< origins remembered for HTTP/1.0
    static constexpr Ticks remembered = 30'000;

private:
    struct Idle;

    struct Origin {
        std::vector<std::unique_ptr<Idle>> idle; ///< the one used last at the back
        Ticks http10_until = 0;
    };

    void on_deadline() override;
    void drop(Idle& idle);

    std::unordered_map<std::string, Origin> x_origins_;
    Count& x_size_;
    std::size_t x_http10_ = 0;
    Ticks x_keep_alive_;
};

} // namespace cosdiag::net

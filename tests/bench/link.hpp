// SPDX-License-Identifier: Apache-2.0
// One connection of the load generator or the origin, with TLS inside or without.
#pragma once

#include "tests/bench/payload.hpp"
#include "tests/bench/socket.hpp"
#include "tests/bench/tls.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace cosdiag::bench {

/// Calls are as recv(2) and send(2): -1 with errno where nothing could be done, 0 at the end of what is
/// received. With TLS they throw TlsError, too.
class Link {
public:
    explicit Link(Fd socket = Fd()) : x_socket(std::move(socket)) {}

    const Fd& socket() const { return x_socket; }

    explicit operator bool() const { return static_cast<bool>(x_socket); }

    /// From here on all is TLS. `host` is empty on the server's side.
    void secure(const TlsContext& context, const std::string& host);

    bool secured() const { return x_tls != nullptr; }

    /// Goes on with the TLS handshake. True once it is done; what the last step has to say is then sent
    /// together with the first bytes.
    bool handshake();

    ssize_t receive(std::span<char> buffer);

    /// Receives and throws away; without TLS the kernel does, without copying.
    ssize_t discard(std::uint64_t bytes);

    /// `more` says that a body follows.
    ssize_t send(std::string_view head, std::string_view body, bool more);

    /// Of `payload`, what lies between `offset` and `left` bytes behind it.
    ssize_t send(const Payload& payload, std::uint64_t offset, std::uint64_t left);

    /// Bytes that send() took and the socket did not.
    std::uint64_t unsent() const { return x_tls ? x_tls->outgoing().size() - x_sent : 0; }

    /// Sends those. False where some are left, with errno.
    bool flush();

    void close();

private:
    Fd x_socket;
    std::unique_ptr<TlsStream> x_tls;
    std::size_t x_sent = 0; ///< of the stream's outgoing bytes
};

} // namespace cosdiag::bench

// SPDX-License-Identifier: Apache-2.0
// The first message of a TLS client, read only as far as it takes to know whom the client wants to reach.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace cosdiag::tls {

/// What has been read of a ClientHello (RFC 8446 §4.1.2).
struct ClientHello {
    enum class State : std::uint8_t {
        partial, ///< more bytes are needed
        whole,
        foreign, ///< these bytes are no ClientHello
    };

    State state = State::partial;
    std::string server_name; ///< in lower case; empty if the client names none (RFC 6066 §3)
};

/// A ClientHello longer than this is taken for none. Unit: bytes, record headers included.
inline constexpr std::size_t most_client_hello = 32 * 1024;

/// Whether a connection that begins so speaks TLS: a record of the handshake type (RFC 8446 §5.1).
bool begins_tls(std::string_view bytes) noexcept;

/// Reads the bytes at the beginning of a connection; the message may be spread over several records.
ClientHello read_client_hello(std::string_view bytes);

} // namespace cosdiag::tls

// SPDX-License-Identifier: Apache-2.0
// What the engine is given: one request and the answer COS gave to it, as seen on the wire.
#pragma once

#include "diagnose/bucket/documents.hpp"
#include "diagnose/memory.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace cosdiag {

struct Identity;

/// A moment in UTC. Units: milliseconds since the Unix epoch.
struct Time {
    std::int64_t ms = 0;

    friend constexpr auto operator<=>(Time, Time) = default;
};

/// One field line of a message: its name as spelled, its value without the outer blanks (RFC 9110 §5.5).
struct Field {
    std::string_view name;
    std::string_view value;
};

/// A TLS handshake that a client broke off once it had seen the proxy's certificate: no HTTP came of it.
struct BrokenHandshake {
    std::optional<int> alert; ///< what the client said (RFC 8446 §6); absent: it just closed
    unsigned times = 1;       ///< how often it did so for this host, this time included
    std::string_view client;  ///< what is known of the client's name; may be empty
    std::string_view setting; ///< what makes such a client trust the proxy's CA
};

/// One request and the answer to it. Borrowed: every view must stay valid while the engine reads it.
struct Exchange {
    std::string_view method;
    std::string_view target; ///< origin-form (path and query) as it left the proxy, byte for byte
    std::string_view scheme; ///< of the leg to COS: `http` or `https`
    std::string_view host;   ///< the Host field as it left the proxy
    std::span<const Field> request_fields; ///< as the client sent them; Host here may differ from `host`
    bool credentials_shown = true;         ///< false: who recorded it may have left Authorization out
    std::optional<std::string_view>
        request_body; ///< copied aside for forms and multi-deletes only; absent means not looked at
    bool request_body_complete = false;
    std::string_view client; ///< the client's address, for the log

    unsigned status = 0;
    std::span<const Field> response_fields;
    std::optional<std::string_view>
        response_body; ///< content coding undone; at most 256 KiB. Absent means not seen
    bool response_body_complete = false;

    std::span<const Identity> identities; ///< whose signatures may be checked; most exchanges need none

    std::optional<BrokenHandshake> handshake; ///< in place of a request and an answer

    Recollection memory;                       ///< what passed before and bears on this
    std::span<const BucketDocument> documents; ///< of the bucket asked, as far as they passed by

    Time asked_at;    ///< our clock when the request's head had been read
    Time answered_at; ///< our clock when the answer's head arrived
};

} // namespace cosdiag

// SPDX-License-Identifier: Apache-2.0
// What the shell asks of those who look on: which hosts are COS's, and what a 403 means.
#pragma once

#include "proxy/http/chunked.hpp"
#include "proxy/http/head.hpp"
#include "proxy/net/access.hpp"
#include "proxy/net/tls_stream.hpp"
#include "proxy/net/waiter.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace cosdiag::net {

/// A 403 and the request it answers, as seen on the wire. Borrowed.
struct Refused {
    const http::RequestHead& request;
    std::string_view target;                 ///< path and query as they left
    std::string_view host;                   ///< the Host field as it left
    const http::Tap* request_body = nullptr; ///< what was copied aside; null: not looked at
    bool request_body_complete = false;

    const http::ResponseHead& response;
    std::optional<std::string_view> response_body; ///< without chunks, content coding and all
    bool response_body_complete = false;

    std::string client; ///< its address
    bool tls = false;   ///< COS was spoken to over TLS
    Ticks asked_at = 0;
    Ticks answered_at = 0;
};

/// A request that was allowed. Borrowed.
struct Allowed {
    const http::RequestHead& request;
    std::string_view target; ///< path and query as they left
    std::string_view host;   ///< the Host field as it left
    const http::ResponseHead& response;
    const http::Tap* request_body = nullptr; ///< what was copied aside; null: not looked at
    bool request_body_complete = false;
    const Address& client;
};

/// A client whose TLS handshake with us failed. Borrowed.
struct FailedHandshake {
    std::string_view host;       ///< that the client wanted
    std::string client;          ///< its address
    std::string_view user_agent; ///< of the CONNECT; empty if there was none
    const TlsStream::Failure& failure;
};

class Examiner {
public:
    /// Whether the body of a request tells something: it is copied aside, up to 64 KiB. Asked before a
    /// request leaves, for hosts of COS.
    virtual bool wants_body(const http::RequestHead& request, std::string_view target) const noexcept = 0;

    /// Whether the name belongs to COS, by its shape or by cos.custom_domains. Called for every request that
    /// has a body worth a look, and for every tunnel.
    virtual bool is_cos_host(std::string_view host) const noexcept = 0;

    /// Diagnoses, logs, and answers with the value of X-Cos-Diagnosis; empty if that failed.
    virtual std::string examine(const Refused& refused) noexcept = 0;

    /// Takes note of what COS allowed. Called for every answer of 2xx, COS's or not: it has to be cheap.
    /// True: the body of the answer tells something; then told() follows once it has passed.
    virtual bool allowed(const Allowed& allowed) noexcept = 0;

    /// Takes note of the body of what was allowed: without chunks, content coding and all, up to 64 KiB.
    virtual void told(const Allowed& allowed, std::string_view body, bool complete) noexcept = 0;

    /// HTTPS to COS passes unseen from here on.
    virtual void blind_tunnel(std::string_view host, std::string_view user_agent) noexcept = 0;

    /// A client did not come to terms with the certificate that it was shown.
    virtual void handshake_failed(const FailedHandshake& failed) noexcept = 0;

    /// A client accepted it.
    virtual void handshake_done(std::string_view host, const Address& client) noexcept = 0;

protected:
    ~Examiner() = default;
};

} // namespace cosdiag::net

// SPDX-License-Identifier: Apache-2.0
// What the proxy says when an exchange fails on the way: the status, RFC 9209's error type, and words.
#pragma once

#include "config/config.hpp"
#include "proxy/http/answer.hpp"
#include "proxy/http/target.hpp"

namespace cosdiag::net {

struct Denial;

/// The answer to a CONNECT that succeeded.
inline constexpr std::string_view tunnel_open = "HTTP/1.1 200 Connection established\r\n\r\n";

/// 400: the client's half of the connection ended in the middle of its body.
http::Refusal client_ended_early();

/// 408: the client has not sent its request, or no more of its body, in time.
http::Refusal client_sends_nothing(const config::Timeouts& timeouts);
http::Refusal client_head_late(const config::Timeouts& timeouts);

/// 502: whom we asked closed or reset. `heard`: in the middle of an answer. `error`: errno, or 0 for an end.
http::Refusal origin_ended_early(std::string_view peer, bool heard, int error);

/// 504: whom we asked reads no more of the request, or does not answer it, in time.
http::Refusal origin_takes_nothing(std::string_view peer, const config::Timeouts& timeouts);
http::Refusal no_answer_in_time(std::string_view peer, const config::Timeouts& timeouts);

/// 411: a chunked request for an origin that is known to speak HTTP/1.0.
http::Refusal length_required(const http::Authority& origin);

/// 407: no credentials for the proxy, or wrong ones.
http::Refusal credentials_required(bool sent);

/// 403: the tunnel's port is none of access.connect_ports.
http::Refusal port_refused(std::uint16_t port);

/// 421 (RFC 9110 §15.5.20): a request to a reverse listener whose Host, which may be empty, is no host of
/// COS. `here`: the listener's address, as clients are to be told it.
http::Refusal unknown_host(std::string_view host, const std::string& here);

/// 421: a client that connected to a transparent listener by itself.
http::Refusal not_redirected(const std::string& here);

/// 502 for an address of our own, 403 for one that is not to be connected to.
http::Refusal destination_refused(const Denial& denial);

/// 502: a connection of our own to that address arrived at a transparent listener.
http::Refusal led_back(const std::string& address);

/// 502: something of our own failed.
http::Refusal internal_failure(std::string_view what);

} // namespace cosdiag::net

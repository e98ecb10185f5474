// SPDX-License-Identifier: Apache-2.0
// What the proxy says when its parent is the one that fails or refuses: whose fault, and what to do.
#pragma once

#include "config/config.hpp"
#include "proxy/net/parent.hpp"

namespace cosdiag::net {

/// It could not be connected to; `why` is what a connection to an origin would have failed with.
http::Refusal parent_unreachable(const Parent& parent, const http::Refusal& why);

/// 502: it answered, and not as was hoped. `wanted` completes "it answered … to".
http::Refusal
parent_refused(const Parent& parent, std::string_view wanted, unsigned status, std::string_view reason);

/// 502: what it answered to a CONNECT cannot be read.
http::Refusal parent_unreadable(const Parent& parent, std::string_view wanted, std::string_view what);

/// 502: it closed, or reset with that errno, instead of answering a CONNECT.
http::Refusal parent_ended(const Parent& parent, std::string_view wanted, int error);

/// 504: it did not answer a CONNECT in time.
http::Refusal parent_late(const Parent& parent, std::string_view wanted, const config::Timeouts& timeouts);

} // namespace cosdiag::net

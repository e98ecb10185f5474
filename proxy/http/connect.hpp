// SPDX-License-Identifier: Apache-2.0
// A tunnel asked for at another proxy, and the credentials that it may want.
#pragma once

#include "proxy/http/forward.hpp"

#include <string>
#include <string_view>

namespace cosdiag::http {

/// A CONNECT of our own (RFC 9110 §9.3.6). `via`: what the request that it is made for has in Via.
std::string connect_request(
    std::string_view authority, const Identity& identity, std::string_view via, const NextProxy& proxy
);

/// The value of Proxy-Authorization for a name and a password (RFC 7617).
std::string basic_credentials(std::string_view user, std::string_view password);

} // namespace cosdiag::http

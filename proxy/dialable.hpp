// SPDX-License-Identifier: Apache-2.0
// Where a client on this machine reaches what listens on an address.
#pragma once

#include "config/address.hpp"

#include <string>

namespace cosdiag {

/// HOST:PORT; a loopback address stands in for all addresses.
inline std::string dialable(const config::Address& address)
{
    config::Address reached = address;
    if (reached.host == "0.0.0.0")
        reached.host = "127.0.0.1";
    if (reached.host == "::")
        reached.host = "::1";
    return to_string(reached);
}

} // namespace cosdiag

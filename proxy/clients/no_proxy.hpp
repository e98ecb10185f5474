// SPDX-License-Identifier: Apache-2.0
// Which hosts clients are to reach without the proxy: the user's wish, but for COS.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cosdiag::clients {

/// Whether some client that has this entry in NO_PROXY would reach some host of these domains directly. No
/// standard says what an entry means (libraries differ in dots, stars, ports and case), so the widest reading
/// counts: to Python's requests `cloud.com` is the end of every name that ends with it.
bool exempts(std::string_view entry, std::span<const std::string> domains);

/// What NO_PROXY and no_proxy say.
struct NoProxy {
    std::string_view upper, lower;
};

/// The entries of both, in order, without those that exempt one of `domains`, and with this machine's own
/// names; each once. `proxy` is the host the proxy is reached at: what goes to it needs no proxy (Node ≥ 24
/// would send it there a second time).
std::vector<std::string>
hosts_without_proxy(NoProxy said, std::span<const std::string> domains, std::string_view proxy);

/// The same for Java's http.nonProxyHosts, which https follows too ("Java Networking and Proxies" §2.1, 2.2).
/// Names and IPv4 addresses only: it knows neither ranges nor ports.
std::string java_non_proxy_hosts(std::span<const std::string> hosts);

} // namespace cosdiag::clients

// SPDX-License-Identifier: Apache-2.0
#include "proxy/clients/no_proxy.hpp"

#include "diagnose/text.hpp"

#include <algorithm>

namespace cosdiag::clients {

namespace {

constexpr std::string_view loopback[] = {"localhost", "127.0.0.1", "::1"};

/// What an entry means at most: without `*.` or `.` before it, port and final dot behind it.
std::string bare_name(std::string_view entry)
{
    if (std::count(entry.begin(), entry.end(), ':') == 1)
        entry = split_at(entry, ':').front;
    const std::size_t begin = entry.find_first_not_of("*.");
    entry.remove_prefix(std::min(begin, entry.size()));
    if (entry.ends_with('.'))
        entry.remove_suffix(1);
    return lowered(entry);
}

void add(std::vector<std::string>& hosts, std::string_view host)
{
    if (!host.empty() && std::find(hosts.begin(), hosts.end(), host) == hosts.end())
        hosts.emplace_back(host);
}

void add_all(std::vector<std::string>& hosts, std::string_view list, std::span<const std::string> domains)
{
    constexpr std::string_view separators = ", \t\r\n";
    while (!list.empty()) {
        const std::size_t end = std::min(list.find_first_of(separators), list.size());
        const std::string_view entry = list.substr(0, end);
        if (!entry.empty() && !exempts(entry, domains))
            add(hosts, entry);
        list.remove_prefix(std::min(end + 1, list.size()));
    }
}

} // namespace

bool exempts(std::string_view entry, std::span<const std::string> domains)
{
    const std::string name = bare_name(entry);
    return std::any_of(domains.begin(), domains.end(), [&](const std::string& each) {
        const std::string domain = lowered(each);
        return domain.ends_with(name) || name.ends_with("." + domain);
    });
}

std::vector<std::string>
hosts_without_proxy(NoProxy said, std::span<const std::string> domains, std::string_view proxy)
{
    std::vector<std::string> hosts;
    add_all(hosts, said.upper, domains);
    add_all(hosts, said.lower, domains);
    for (const std::string_view host : loopback)
        add(hosts, host);
    add(hosts, proxy);
    return hosts;
}

std::string java_non_proxy_hosts(std::span<const std::string> hosts)
{
    std::string patterns = "localhost|127.*|[::1]";
    for (const std::string& host : hosts) {
        if (host.find_first_of(":/|") != std::string::npos || host == "localhost" || host.starts_with("127."))
            continue;
        const std::string name = bare_name(host);
        const bool is_address = name.find_first_not_of("0123456789.") == std::string::npos;
        patterns += join("|", name, is_address ? "" : join("|*.", name));
    }
    return patterns;
}

} // namespace cosdiag::clients

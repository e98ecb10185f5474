// SPDX-License-Identifier: Apache-2.0
// What an origin is filed under, and the rules that lead connections elsewhere.
#include "proxy/http/field.hpp"
#include "proxy/net/dialer.hpp"

namespace cosdiag::net {

std::string Origin::key() const
{
    std::string key;
    key.reserve(host.size() + 6);
    for (const char c : host)
        key += c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    key += ':';
    key += std::to_string(port);
    if (tls)
        key += "+tls";
    if (at)
        key += '@' + at->to_string();
    if (parent != nullptr)
        key += "+parent";
    return key;
}

std::string Origin::authority() const
{
    const bool v6 = host.find(':') != std::string::npos;
    return (v6 ? "[" + host + "]:" : host + ":") + std::to_string(port);
}

bool apply_connect_to(const std::vector<config::ConnectTo>& rules, std::string& host, std::uint16_t& port)
{
    for (const config::ConnectTo& rule : rules) {
        if ((!rule.from_host.empty() && !http::equals(rule.from_host, host)) ||
            (rule.from_port && *rule.from_port != port))
            continue;
        if (!rule.to_host.empty())
            host = rule.to_host;
        port = rule.to_port.value_or(port);
        return true;
    }
    return false;
}

} // namespace cosdiag::net

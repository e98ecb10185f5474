// SPDX-License-Identifier: Apache-2.0
// What an origin is filed under, and the rules that lead connections elsewhere.
#include "proxy/http/field.hpp"
#include "proxy/net/dialer.hpp"

#include <array>
#include <charconv>

namespace cosdiag::net {

void Origin::write_key(std::string& key) const
{
    key = host;
    for (char& c : key)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    std::array<char, 6> digits{':'};
    key.append(digits.data(), std::to_chars(digits.data() + 1, digits.data() + digits.size(), port).ptr);
    if (tls)
        key += "+tls";
    if (at)
        key += '@' + at->to_string();
    if (parent != nullptr)
        key += "+parent";
}

std::string Origin::key() const
{
    std::string key;
    write_key(key);
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

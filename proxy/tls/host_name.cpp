// SPDX-License-Identifier: Apache-2.0
#include "proxy/tls/host_name.hpp"

namespace cosdiag::tls {

namespace {

constexpr std::string_view digits = "0123456789";
constexpr std::string_view of_labels = "abcdefghijklmnopqrstuvwxyz0123456789-_";

} // namespace

bool is_address(std::string_view host) noexcept
{
    if (host.find(':') != std::string_view::npos)
        return true;
    const std::string_view last = host.substr(host.rfind('.') + 1);
    return !last.empty() && last.find_first_not_of(digits) == std::string_view::npos;
}

bool is_name(std::string_view host) noexcept
{
    if (host.empty() || host.size() > 253 || is_address(host))
        return false;
    for (std::size_t begin = 0; begin <= host.size();) {
        const std::string_view label = host.substr(begin, host.find('.', begin) - begin);
        if (label.empty() || label.size() > 63 ||
            label.find_first_not_of(of_labels) != std::string_view::npos)
            return false;
        begin += label.size() + 1;
    }
    return true;
}

bool is_within(std::string_view host, std::string_view domain) noexcept
{
    if (!host.ends_with(domain))
        return false;
    return host.size() == domain.size() || host[host.size() - domain.size() - 1] == '.';
}

} // namespace cosdiag::tls

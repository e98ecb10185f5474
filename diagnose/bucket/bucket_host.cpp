// SPDX-License-Identifier: Apache-2.0
#include "diagnose/bucket/bucket_host.hpp"

#include "diagnose/text.hpp"

#include <algorithm>

namespace cosdiag {
namespace {

constexpr std::string_view domains[] = {".myqcloud.com", ".tencentcos.cn"};

bool ends_in_domain_of_cos(std::string_view host) noexcept
{
    return std::any_of(std::begin(domains), std::end(domains), [host](std::string_view domain) {
        return host.size() > domain.size() && same_name(host.substr(host.size() - domain.size()), domain);
    });
}

bool in_domain_of_cos(std::string_view host) noexcept
{
    // As nearly everybody writes it.
    if (host.ends_with(domains[0]) || host.ends_with(domains[1])) {
        return true;
    }
    host = host.substr(0, host.rfind(':'));
    if (host.ends_with('.')) {
        host.remove_suffix(1);
    }
    return ends_in_domain_of_cos(host);
}

/// `<name>-<appid>` (436/6225).
bool names_bucket(std::string_view label) noexcept
{
    auto front = label;
    while (!front.empty() && is_digit(front.back())) {
        front.remove_suffix(1);
    }
    return front.size() < label.size() && front.size() > 1 && front.back() == '-';
}

} // namespace

std::string_view bucket_of(std::string_view host) noexcept
{
    const auto label = host.substr(0, host.find('.'));
    return names_bucket(label) && in_domain_of_cos(host) ? label : host;
}

bool is_path_style_host(std::string_view host) noexcept
{
    return host.starts_with("cos.") && in_domain_of_cos(host);
}

} // namespace cosdiag

// SPDX-License-Identifier: Apache-2.0
#include "proxy/admin/guard.hpp"

#include "diagnose/text.hpp"

namespace cosdiag::admin {

namespace {

/// Host without its port and brackets.
std::string_view name_of(std::string_view host)
{
    if (host.starts_with('['))
        return host.substr(1, host.find(']') - 1);
    return host.substr(0, host.find(':'));
}

/// Names are nobody's word: whoever owns one can let it point here. Addresses are ours.
bool is_ours(std::string_view host, const boost::asio::ip::address& local)
{
    const std::string_view name = name_of(host);
    if (lowered(name) == "localhost")
        return true;
    boost::system::error_code none;
    const auto address = boost::asio::ip::make_address(std::string(name), none);
    return !none && (address.is_loopback() || address == local);
}

} // namespace

Shows what_shows(std::string_view path)
{
    if (path == "/livez" || path == "/readyz" || path == "/metrics")
        return Shows::state;
    return path == "/" ? Shows::page : Shows::requests;
}

std::optional<std::string> objection(const Provenance& from, Shows shows)
{
    if (!is_ours(from.host, from.local))
        return "this listener answers to localhost and to its own address, and was asked for as " +
               (from.host.empty() ? std::string("nobody") : std::string(from.host.substr(0, 255))) +
               ". Use http://localhost and its port";
    const bool ours =
        from.fetch_site.empty() || from.fetch_site == "none" || from.fetch_site == "same-origin";
    if (!ours && shows != Shows::page)
        return "pages of other sites get no answer here";
    return std::nullopt;
}

} // namespace cosdiag::admin

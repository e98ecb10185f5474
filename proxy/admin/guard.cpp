// SPDX-License-Identifier: Apache-2.0
#include "proxy/admin/guard.hpp"

#include "diagnose/text.hpp"

#include <cstddef>

namespace cosdiag::admin {

namespace {

using boost::asio::ip::address;
using boost::asio::ip::address_v4;
using boost::asio::ip::address_v6;

constexpr std::size_t most_shown = 255; ///< bytes: as long as a name may be

/// Whether that is what may stand behind a host: nothing, or a port (RFC 3986 §3.2.3). Which port it is says
/// nothing: somebody's port forwarding may have led here.
bool is_port(std::string_view text)
{
    constexpr std::size_t most_digits = 5;
    return text.empty() || (text.front() == ':' && text.size() > 1 && text.size() <= 1 + most_digits &&
                            consists_of(text.substr(1), is_digit));
}

bool is_ours(const address_v6& asked, const address& local)
{
    return asked.is_loopback() || (local.is_v6() && asked.to_bytes() == local.to_v6().to_bytes());
}

bool is_ours(const address_v4& asked, const address& local)
{
    return asked.is_loopback() || (local.is_v4() && asked == local.to_v4());
}

/// Names are nobody's word: whoever owns one can let it point here. Addresses are ours.
bool is_ours(std::string_view host, const address& local)
{
    boost::system::error_code none;
    if (host.starts_with('[')) {
        const auto [inner, rest] = split_at(host.substr(1), ']');
        const bool plain = consists_of(inner, [](char c) { return is_alnum(c) || c == ':' || c == '.'; });
        const auto asked = boost::asio::ip::make_address_v6(std::string(inner), none);
        return plain && !none && host.size() > inner.size() + 1 && is_port(rest) && is_ours(asked, local);
    }
    const std::string_view name = host.substr(0, host.find(':'));
    if (!is_port(host.substr(name.size())))
        return false;
    if (same_name(name, "localhost"))
        return true;
    const bool plain = consists_of(name, [](char c) { return is_digit(c) || c == '.'; });
    const auto asked = boost::asio::ip::make_address_v4(std::string(name), none);
    return plain && !none && is_ours(asked, local);
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
               (from.host.empty() ? std::string("nobody") : shortened(from.host, most_shown)) +
               ". Use http://localhost and its port";
    const bool ours =
        from.fetch_site.empty() || from.fetch_site == "none" || from.fetch_site == "same-origin";
    if (!ours && shows != Shows::page)
        return "pages of other sites get no answer here";
    return std::nullopt;
}

} // namespace cosdiag::admin

// SPDX-License-Identifier: Apache-2.0
#include "proxy/net/parent.hpp"

#include "config/parent_url.hpp"
#include "proxy/http/connect.hpp"

namespace cosdiag::net {

namespace {

bool is_literal(const std::string& host)
{
    boost::system::error_code none;
    asio::ip::make_address(host, none);
    return !none;
}

} // namespace

Parent::Parent(const config::ParentUrl& url, std::string_view from)
    : x_host_(url.host),
      x_port_(url.port),
      x_name_(config::to_string(url)),
      x_from_(from),
      x_key_("parent " + x_name_),
      x_password_(url.password)
{
    if (!url.user.empty() || !url.password.empty())
        x_credentials_ = http::basic_credentials(url.user, url.password);
}

std::string_view Parent::named_by() const noexcept
{
    return x_from_ == "settings" ? std::string_view("parent.url (or --parent)") : std::string_view(x_from_);
}

std::string_view Parent::exempted_by() const noexcept
{
    return x_from_ == "settings" ? "parent.no_proxy" : "NO_PROXY, or parent.no_proxy";
}

bool Parent::reveals(std::string_view text) const noexcept
{
    const auto holds = [&](std::string_view secret) {
        return !secret.empty() && text.find(secret) != std::string_view::npos;
    };
    return holds(x_password_) || holds(std::string_view(x_credentials_).substr(0, x_credentials_.find('=')));
}

Parents::Parents(const config::ParentRules& rules, const std::vector<config::ConnectTo>& connect_to)
    : x_rules_(rules), x_connect_to_(connect_to)
{
    if (rules.for_http)
        x_http_.emplace(*rules.for_http, rules.from);
    if (rules.for_https)
        x_https_.emplace(*rules.for_https, rules.from);
}

void Parents::choose(Origin& origin, bool forwardable) const
{
    if (!any())
        return;
    const bool tunnelled = origin.tls || !forwardable;
    std::string host = origin.host;
    std::uint16_t port = origin.port;
    if ((origin.at && is_literal(host)) || apply_connect_to(x_connect_to_, host, port) ||
        x_rules_.parent_for(tunnelled, host, port) == nullptr)
        return;
    origin.parent = tunnelled ? &*x_https_ : &*x_http_;
    origin.forwarded = !tunnelled;
    origin.at.reset();
}

} // namespace cosdiag::net

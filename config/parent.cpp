// SPDX-License-Identifier: Apache-2.0
#include "config/parent.hpp"

#include "config/address.hpp"
#include "config/literal.hpp"
#include "config/parent_url.hpp"

#include <algorithm>
#include <initializer_list>
#include <set>
#include <utility>

namespace cosdiag::config {

namespace {

void append(std::string& names, const std::string& name)
{
    names += names.empty() ? name : " and " + name;
}

/// Reads the environment's parents, each variable once.
class FromEnvironment {
public:
    FromEnvironment(const Config& config, const Environment& environment, Faults& faults)
        : config_(config), environment_(environment), faults_(faults)
    {
    }

    /// The first of these variables that holds a parent. What is wrong with it ends the search: to go
    /// elsewhere than somebody meant could cross a border.
    std::optional<ParentUrl> first_of(std::initializer_list<const char*> names)
    {
        for (const std::string name : names) {
            const auto text = environment_(name).value_or("");
            const bool from_client = name == "HTTP_PROXY" && environment_("REQUEST_METHOD").has_value();
            if (text.empty() || from_client)
                continue;
            auto parsed = parse_parent_url(text.find("://") == std::string::npos ? "http://" + text : text);
            if (auto* complaint = std::get_if<Complaint>(&parsed)) {
                if (met_.insert(name).second)
                    faults_.push_back({name, {}, std::move(*complaint)});
                return std::nullopt;
            }
            const bool ourselves = is_listener(std::get<ParentUrl>(parsed), config_.listeners);
            if (met_.insert(name).second)
                append(ourselves ? rules.ourselves : rules.from, name);
            if (!ourselves)
                return std::get<ParentUrl>(std::move(parsed));
        }
        return std::nullopt;
    }

    ParentRules rules;

private:
    const Config& config_;
    const Environment& environment_;
    Faults& faults_;
    std::set<std::string> met_;
};

} // namespace

const ParentUrl* ParentRules::parent_for(bool https, std::string_view host, std::uint16_t port) const
{
    const auto& parent = https ? for_https : for_http;
    return parent && !no_proxy.matches(host, port) ? &*parent : nullptr;
}

ParentRules resolve_parent(const Config& config, const Environment& environment, Faults& faults)
{
    FromEnvironment read(config, environment, faults);
    auto& rules = read.rules;
    for (const auto& entry : config.parent.no_proxy)
        rules.no_proxy.add(entry);
    if (config.parent.none)
        return std::move(rules);
    if (config.parent.url) {
        rules.for_http = rules.for_https = config.parent.url;
        rules.from = "settings";
        return std::move(rules);
    }
    rules.for_http = read.first_of({"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"});
    rules.for_https = read.first_of({"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"});
    for (const auto* const name : {"no_proxy", "NO_PROXY"}) {
        const auto list = environment(name).value_or("");
        if (list.empty())
            continue;
        rules.no_proxy.add(list);
        break;
    }
    return std::move(rules);
}

bool is_listener(const ParentUrl& parent, const std::vector<Listener>& listeners)
{
    const auto there = parse_literal(parent.host);
    const bool localhost = parent.host == "localhost";
    const bool loopback = localhost || (there && is_loopback(*there));
    return std::ranges::any_of(listeners, [&](const Listener& listener) {
        const auto here = parse_literal(listener.address.host);
        if (!here || listener.address.port != parent.port)
            return false;
        const bool everywhere = network_of(*here, 0) == *here;
        return there == here || (loopback && everywhere) || (localhost && is_loopback(*here));
    });
}

} // namespace cosdiag::config

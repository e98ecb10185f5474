// SPDX-License-Identifier: Apache-2.0
#include "proxy/net/resolver.hpp"

#include "proxy/net/dns_answer.hpp"

#include <netdb.h>
#include <resolv.h>

#include <algorithm>
#include <cstring>
#include <span>
#include <system_error>

namespace cosdiag::net {

namespace {

Resolution resolve(const std::string& host)
{
    Resolution found;
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_ADDRCONFIG;
    addrinfo* list = nullptr;
    found.error = ::getaddrinfo(host.c_str(), nullptr, &hints, &list);
    if (found.error != 0)
        return found;
    for (const addrinfo* each = list; each != nullptr; each = each->ai_next) {
        asio::ip::tcp::endpoint endpoint;
        if (each->ai_addrlen > endpoint.capacity())
            continue;
        std::memcpy(endpoint.data(), each->ai_addr, each->ai_addrlen);
        found.addresses.push_back(endpoint.address());
    }
    ::freeaddrinfo(list);
    if (found.addresses.empty())
        found.error = EAI_NONAME;
    return found;
}

asio::ip::address address_of(const DnsAddress& found)
{
    if (found.v6)
        return asio::ip::address_v6(found.bytes);
    asio::ip::address_v4::bytes_type bytes;
    std::copy_n(found.bytes.begin(), bytes.size(), bytes.begin());
    return asio::ip::address_v4(bytes);
}

/// IPv4 first: a query for it is the one that every name server answers well.
Resolution ask_dns(const std::string& host)
{
    Resolution found;

    struct __res_state state {};

    if (::res_ninit(&state) != 0) {
        found.error = EAI_SYSTEM;
        return found;
    }
    std::vector<unsigned char> answer(NS_MAXMSG);
    state.retrans = std::min(state.retrans, 2); // seconds; the dialer's deadline holds for all of it
    bool answered = false;
    for (const int type : {ns_t_a, ns_t_aaaa}) {
        const int size =
            ::res_nquery(&state, host.c_str(), ns_c_in, type, answer.data(), static_cast<int>(answer.size()));
        answered =
            answered || size >= 0 || state.res_h_errno == HOST_NOT_FOUND || state.res_h_errno == NO_DATA;
        if (size <= 0)
            continue;
        const auto length = std::min(static_cast<std::size_t>(size), answer.size());
        for (const DnsAddress& each : read_dns_answer(std::span(answer).first(length), host))
            found.addresses.push_back(address_of(each));
    }
    ::res_nclose(&state);
    if (found.addresses.empty())
        found.error = answered ? EAI_NONAME : EAI_AGAIN;
    return found;
}

} // namespace

std::shared_ptr<Lookup>
Resolver::begin(asio::io_context& context, std::string host, Source source, Waiter& waiter)
{
    auto lookup = std::make_shared<Lookup>();
    lookup->waiter = &waiter;
    const std::lock_guard lock(x_mutex_);
    if (!has_threads()) {
        lookup->result.error = EAI_AGAIN;
        lookup->done = true;
        return lookup;
    }
    // A look-up that is forgotten may outlive the context, so it does not count as the context's work.
    asio::post(x_queue_, [lookup, host = std::move(host), source, home = context.get_executor()]() mutable {
        auto result = source == Source::dns ? ask_dns(host) : resolve(host);
        asio::post(home, [lookup = std::move(lookup), result = std::move(result)]() mutable {
            lookup->result = std::move(result);
            lookup->done = true;
            if (lookup->waiter != nullptr)
                lookup->waiter->wake();
        });
    });
    return lookup;
}

/// As many as the system gives, at least one.
bool Resolver::has_threads()
{
    try {
        while (x_threads_.size() < most_threads)
            x_threads_.emplace_back([this] { x_queue_.run(); });
    } catch (const std::system_error&) {
        return !x_threads_.empty();
    }
    return true;
}

void Resolver::stop()
{
    const std::lock_guard lock(x_mutex_);
    x_queue_.stop();
    for (std::thread& each : x_threads_)
        each.join();
    x_threads_.clear();
}

} // namespace cosdiag::net

// SPDX-License-Identifier: Apache-2.0
#include "proxy/net/resolver.hpp"

#include <netdb.h>

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

} // namespace

std::shared_ptr<Lookup> Resolver::begin(asio::io_context& context, std::string host, Waiter& waiter)
{
    auto lookup = std::make_shared<Lookup>();
    lookup->waiter = &waiter;
    const std::lock_guard lock(x_mutex_);
    if (!x_pool_)
        x_pool_.emplace(threads);
    // The context's work count keeps it running until the answer has been posted back.
    auto work = asio::make_work_guard(context);
    asio::post(*x_pool_, [lookup, host = std::move(host), work = std::move(work)]() mutable {
        auto result = resolve(host);
        asio::post(work.get_executor(), [lookup = std::move(lookup), result = std::move(result)]() mutable {
            lookup->result = std::move(result);
            lookup->done = true;
            if (lookup->waiter != nullptr)
                lookup->waiter->wake();
        });
    });
    return lookup;
}

void Resolver::stop()
{
    const std::lock_guard lock(x_mutex_);
    if (x_pool_)
        x_pool_->join();
}

} // namespace cosdiag::net

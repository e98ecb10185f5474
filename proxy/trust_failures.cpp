// SPDX-License-Identifier: Apache-2.0
#include "proxy/trust_failures.hpp"

namespace cosdiag {

namespace {

std::string key_of(std::string_view client, std::string_view host)
{
    std::string key(client);
    key += ' ';
    key += host.substr(0, 255);
    return key;
}

} // namespace

unsigned TrustFailures::add(std::string_view client, std::string_view host, net::Ticks now)
{
    const std::lock_guard lock(x_mutex_);
    if (x_counts_.size() >= most)
        std::erase_if(x_counts_, [&](const auto& each) { return each.second.last + lifetime < now; });
    if (x_counts_.size() >= most)
        x_counts_.erase(x_counts_.begin());
    Count& count = x_counts_[key_of(client, host)];
    if (count.last + lifetime < now)
        count.times = 0;
    count.last = now;
    x_any_ = true;
    return ++count.times;
}

void TrustFailures::clear(std::string_view client, std::string_view host)
{
    if (!x_any_.load(std::memory_order_relaxed))
        return;
    const std::lock_guard lock(x_mutex_);
    x_counts_.erase(key_of(client, host));
    x_any_ = !x_counts_.empty();
}

} // namespace cosdiag

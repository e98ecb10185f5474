// SPDX-License-Identifier: Apache-2.0
#include "proxy/tls/leaf_cache.hpp"

#include <algorithm>
#include <utility>

namespace cosdiag::tls {

LeafCache::LeafCache(std::shared_ptr<const Authority> authority, std::size_t most)
    : x_authority_(std::move(authority)), x_most_(std::max<std::size_t>(most, 1))
{
}

std::shared_ptr<const Leaf> LeafCache::leaf(std::string_view host, Time now)
{
    {
        const std::lock_guard lock(x_mutex_);
        if (auto known = find(host, now))
            return known;
    }
    auto made = std::make_shared<const Leaf>(x_authority_->mint(host, now));
    const std::lock_guard lock(x_mutex_);
    if (auto known = find(host, now))
        return known;
    remember(host, made);
    return made;
}

std::size_t LeafCache::size() const
{
    const std::lock_guard lock(x_mutex_);
    return x_entries_.size();
}

/// A clock that was set back makes a leaf begin in the future: then too it is made anew.
bool LeafCache::is_fresh(const Leaf& leaf, Time now) const noexcept
{
    if (now < leaf.not_before || now > leaf.not_after)
        return false;
    return leaf.not_after - now >= least_left || leaf.not_after == x_authority_->not_after();
}

/// Null if it is not known, or has to be made anew.
std::shared_ptr<const Leaf> LeafCache::find(std::string_view host, Time now)
{
    const auto place = x_places_.find(host);
    if (place == x_places_.end() || !is_fresh(*place->second->leaf, now))
        return nullptr;
    x_entries_.splice(x_entries_.begin(), x_entries_, place->second);
    return place->second->leaf;
}

void LeafCache::remember(std::string_view host, std::shared_ptr<const Leaf> leaf)
{
    if (const auto place = x_places_.find(host); place != x_places_.end()) {
        place->second->leaf = std::move(leaf);
        x_entries_.splice(x_entries_.begin(), x_entries_, place->second);
        return;
    }
    if (x_entries_.size() == x_most_) {
        x_places_.erase(x_entries_.back().host);
        x_entries_.pop_back();
    }
    x_entries_.push_front({std::string(host), std::move(leaf)});
    x_places_.emplace(x_entries_.front().host, x_entries_.begin());
}

} // namespace cosdiag::tls

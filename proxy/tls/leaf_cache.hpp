// SPDX-License-Identifier: Apache-2.0
// The certificates of the hosts asked for last, so that a handshake need not wait for a signature.
#pragma once

#include "proxy/tls/authority.hpp"

#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace cosdiag::tls {

/// Any thread.
class LeafCache {
public:
    /// A leaf that ends sooner is made anew, unless the authority itself ends then.
    static constexpr std::chrono::hours least_left{24};

    /// `most`: hosts that are remembered, at least one; those asked for longest ago are forgotten.
    explicit LeafCache(std::shared_ptr<const Authority> authority, std::size_t most = 1024);

    /// See Authority::mint. Two threads that ask at once for a host not known may both make a leaf; both get
    /// the one that was first.
    std::shared_ptr<const Leaf> leaf(std::string_view host, Time now);

    std::size_t size() const;

private:
    struct Entry {
        std::string host;
        std::shared_ptr<const Leaf> leaf;
    };

    bool is_fresh(const Leaf& leaf, Time now) const noexcept;
    std::shared_ptr<const Leaf> find(std::string_view host, Time now);
    void remember(std::string_view host, std::shared_ptr<const Leaf> leaf);

    const std::shared_ptr<const Authority> x_authority_;
    const std::size_t x_most_;
    mutable std::mutex x_mutex_;
    std::list<Entry> x_entries_;                                                ///< the last asked for first
    std::unordered_map<std::string_view, std::list<Entry>::iterator> x_places_; ///< keys lie in the entries
};

} // namespace cosdiag::tls

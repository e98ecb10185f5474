// SPDX-License-Identifier: Apache-2.0
#include "proxy/net/meters.hpp"

#include <algorithm>

namespace cosdiag::net {

namespace {

/// The place of `word`, else the last one, which stands for all others.
template <std::size_t Size>
std::size_t index_of(const std::array<std::string_view, Size>& words, std::string_view word) noexcept
{
    const auto found = std::find(words.begin(), words.end() - 1, word);
    return static_cast<std::size_t>(found - words.begin());
}

} // namespace

void Histogram::observe(std::int64_t milliseconds) noexcept
{
    milliseconds = std::max<std::int64_t>(milliseconds, 0);
    const auto range = std::lower_bound(bounds.begin(), bounds.end(), milliseconds);
    x_ranges_[static_cast<std::size_t>(range - bounds.begin())].add();
    x_sum_.add(static_cast<std::uint64_t>(milliseconds));
}

std::size_t index_of_method(std::string_view method) noexcept
{
    return index_of(counted_methods, method);
}

std::size_t index_of_error(std::string_view type) noexcept
{
    return index_of(counted_errors, type);
}

Meters& MeterRoom::take()
{
    const std::lock_guard lock(x_mutex_);
    if (x_free_.empty())
        return x_all_.emplace_back();
    Meters& meters = *x_free_.back();
    x_free_.pop_back();
    return meters;
}

void MeterRoom::give_back(Meters& meters)
{
    meters.pooled.set(0);
    const std::lock_guard lock(x_mutex_);
    x_free_.push_back(&meters);
}

} // namespace cosdiag::net

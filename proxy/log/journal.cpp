// SPDX-License-Identifier: Apache-2.0
#include "proxy/log/journal.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace cosdiag::log {

void Journal::add(std::string_view line) noexcept
{
    try {
        auto kept = std::make_shared<const std::string>(line);
        const std::lock_guard lock(x_mutex_);
        x_entries_.push_back({x_latest_ + 1, std::move(kept)});
        ++x_latest_;
        x_bytes_ += line.size();
        while (x_entries_.size() > 1 && (x_entries_.size() > x_bounds_.entries || x_bytes_ > x_bounds_.bytes)
        ) {
            x_bytes_ -= x_entries_.front().line->size();
            x_entries_.pop_front();
        }
        if (x_news_)
            x_news_();
    } catch (const std::exception&) { // a diagnosis must not fail over who else would like to see it
    }
}

std::uint64_t Journal::latest() const
{
    const std::lock_guard lock(x_mutex_);
    return x_latest_;
}

std::size_t Journal::kept() const
{
    const std::lock_guard lock(x_mutex_);
    return x_entries_.size();
}

std::vector<Journal::Entry> Journal::before(std::uint64_t seq, std::size_t most) const
{
    const std::lock_guard lock(x_mutex_);
    std::vector<Entry> found;
    for (auto it = x_entries_.rbegin(); it != x_entries_.rend() && found.size() < most; ++it)
        if (it->seq < seq)
            found.push_back(*it);
    return found;
}

std::vector<Journal::Entry> Journal::after(std::uint64_t seq, std::size_t most) const
{
    const std::lock_guard lock(x_mutex_);
    const auto begin = std::partition_point(x_entries_.begin(), x_entries_.end(), [&](const Entry& each) {
        return each.seq <= seq;
    });
    const auto count = std::min(most, static_cast<std::size_t>(std::distance(begin, x_entries_.end())));
    return {begin, begin + static_cast<std::ptrdiff_t>(count)};
}

void Journal::tell(std::function<void()> news)
{
    const std::lock_guard lock(x_mutex_);
    x_news_ = std::move(news);
}

} // namespace cosdiag::log

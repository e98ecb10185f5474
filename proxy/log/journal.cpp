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

Journal::View Journal::before(std::uint64_t seq, std::size_t most) const
{
    const std::lock_guard lock(x_mutex_);
    const auto end = first_behind(seq - std::min<std::uint64_t>(seq, 1));
    const auto count = std::min(most, static_cast<std::size_t>(std::distance(x_entries_.begin(), end)));
    const auto latest = std::make_reverse_iterator(end);
    return {{latest, latest + static_cast<std::ptrdiff_t>(count)}, x_latest_, x_entries_.size()};
}

std::vector<Journal::Entry> Journal::after(std::uint64_t seq, std::size_t most) const
{
    const std::lock_guard lock(x_mutex_);
    const auto begin = first_behind(seq);
    const auto count = std::min(most, static_cast<std::size_t>(std::distance(begin, x_entries_.end())));
    return {begin, begin + static_cast<std::ptrdiff_t>(count)};
}

std::deque<Journal::Entry>::const_iterator Journal::first_behind(std::uint64_t seq) const
{
    return std::partition_point(x_entries_.begin(), x_entries_.end(), [&](const Entry& each) {
        return each.seq <= seq;
    });
}

void Journal::tell(std::function<void()> news)
{
    const std::lock_guard lock(x_mutex_);
    x_news_ = std::move(news);
}

} // namespace cosdiag::log

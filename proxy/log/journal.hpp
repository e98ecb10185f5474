// SPDX-License-Identifier: Apache-2.0
// The latest diagnoses in memory, for who asks the running program.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace cosdiag::log {

/// Used by all threads at once.
class Journal {
public:
    struct Bounds {
        std::size_t entries = 10'000;
        std::size_t bytes = std::size_t{32} << 20; ///< of lines; the latest entry is kept whatever its size
    };

    /// An entry of the diagnosis log and its number, from 1 on.
    struct Entry {
        std::uint64_t seq;
        std::shared_ptr<const std::string> line; ///< JSON, without a newline
    };

    /// What there was at one moment.
    struct View {
        std::vector<Entry> entries;
        std::uint64_t latest; ///< see latest()
        std::size_t kept;     ///< those with lower numbers than these are forgotten
    };

    Journal() : Journal(Bounds{}) {}

    explicit Journal(Bounds bounds) : x_bounds_(bounds) {}

    /// Keeps it, and forgets the oldest where there is no room. Out of memory: it is lost.
    void add(std::string_view line) noexcept;

    /// The number of the latest entry; 0: there was none.
    std::uint64_t latest() const;

    /// At most `most` entries with lower numbers, the latest first.
    View before(std::uint64_t seq, std::size_t most) const;

    /// At most `most` entries with higher numbers, the earliest first.
    std::vector<Entry> after(std::uint64_t seq, std::size_t most) const;

    /// `news` is called after each entry, by the thread that added it, and must be quick. Empty: nobody.
    void tell(std::function<void()> news);

private:
    std::deque<Entry>::const_iterator first_behind(std::uint64_t seq) const;

    const Bounds x_bounds_;
    mutable std::mutex x_mutex_;
    std::deque<Entry> x_entries_;
    std::size_t x_bytes_ = 0;
    std::uint64_t x_latest_ = 0;
    std::function<void()> x_news_;
};

} // namespace cosdiag::log

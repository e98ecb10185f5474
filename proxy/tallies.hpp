// SPDX-License-Identifier: Apache-2.0
// What the diagnoses came to, in numbers.
#pragma once

#include "diagnose/diagnosis.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

namespace cosdiag {

/// Used by all threads at once.
class Tallies {
public:
    static constexpr std::size_t most_causes = 64;
    static constexpr std::size_t confidences = 3;

    /// Counts the first finding, which is the best.
    void diagnosed(const Diagnosis& diagnosis) noexcept;

    /// A client turned away from our certificate.
    void distrusted() noexcept { x_distrusted_.fetch_add(1, std::memory_order_relaxed); }

    /// COS's clock minus ours. Units: milliseconds.
    void saw_clock(std::int64_t offset) noexcept { x_clock_offset_.store(offset, std::memory_order_relaxed); }

    /// `cause`: its place in all_causes().
    std::uint64_t diagnoses(std::size_t cause, Confidence confidence) const noexcept;

    std::uint64_t all_diagnoses() const noexcept;

    std::uint64_t distrusts() const noexcept { return x_distrusted_.load(std::memory_order_relaxed); }

    /// The latest, good to half a second; none before COS has answered with a date.
    std::optional<std::int64_t> clock_offset() const noexcept;

private:
    static constexpr std::int64_t unknown = std::numeric_limits<std::int64_t>::min();

    std::array<std::array<std::atomic<std::uint64_t>, confidences>, most_causes> x_diagnoses_{};
    std::atomic<std::uint64_t> x_distrusted_{0};
    std::atomic<std::int64_t> x_clock_offset_{unknown};
};

} // namespace cosdiag

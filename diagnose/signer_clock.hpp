// SPDX-License-Identifier: Apache-2.0
// The clock of whoever signs, estimated from every exchange: what a request says of the time, against COS's
// clock.
#pragma once

#include "diagnose/exchange.hpp"

#include <array>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <string_view>

namespace cosdiag {

/// What one request says of its signer's clock.
struct ClockSample {
    Seconds stamp = 0;  ///< the time that the signer wrote
    Seconds offset = 0; ///< its clock minus COS's, at least
    Seconds slack = 0;  ///< and at most so much more
};

/// A date of the client's own, or else the start of a COS signature's window in Authorization, which SDKs let
/// begin up to a minute early. Nothing where neither is there; presigned URLs say nothing, for they may be
/// old by intention.
std::optional<ClockSample> read_clock_sample(std::span<const Field> request_fields, Seconds cos_now);

/// Estimates of clocks. Used by all threads at once. A signer is a key at a client's address.
/// A start that stays the same belongs to a signature that is used again, and one that stands alone may be
/// that of an old one: an estimate takes two fresh samples that agree, and only two others that agree take
/// its place. Bounds: 1,024 signers, a quarter of an hour.
class SignerClocks {
public:
    void
    observe(std::string_view client, std::string_view key_id, const ClockSample& sample, Seconds at) noexcept;

    std::optional<SignerClock>
    recall(std::string_view client, std::string_view key_id, Seconds at) const noexcept;

private:
    /// Samples that agree with one another.
    struct Run {
        ClockSample latest;
        Seconds at = 0;
        unsigned samples = 0;

        bool takes(const ClockSample& sample, Seconds now) noexcept;
    };

    struct Entry {
        std::uint64_t tag = 0;
        std::array<Run, 3> runs;
    };

    static std::uint64_t tag_of(std::string_view client, std::string_view key_id) noexcept;

    mutable std::mutex lock_;
    std::array<Entry, 1024> entries_;
};

} // namespace cosdiag

// SPDX-License-Identifier: Apache-2.0
// Which diagnoses a request to /api/diagnoses is about.
#pragma once

#include "proxy/log/entry_filter.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace cosdiag::admin {

struct Query {
    log::EntryFilter filter;
    std::size_t limit = 100;
    std::uint64_t before = std::numeric_limits<std::uint64_t>::max();
    std::optional<std::uint64_t> after; ///< of a stream

    static constexpr std::size_t most = 1000; ///< entries in one answer
};

/// Reads the part of a target behind `?`; application/x-www-form-urlencoded. Errors: words for people, about
/// the first name that is unknown or value that cannot be.
std::variant<Query, std::string> parse_query(std::string_view text);

} // namespace cosdiag::admin

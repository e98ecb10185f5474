// SPDX-License-Identifier: Apache-2.0
// Content codings (RFC 9110 §8.4.1), undone for the eyes of the diagnosis only.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace cosdiag {

struct Decoded {
    std::string bytes;
    bool complete = false; ///< the coded data has its end, and all of it fitted
};

/// Undoes gzip or deflate as far as the bytes go, up to `limit` bytes. Empty for any other coding, and for
/// data that is not of this one.
std::optional<Decoded> decode_content(std::string_view coding, std::string_view bytes, std::size_t limit);

} // namespace cosdiag

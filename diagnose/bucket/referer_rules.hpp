// SPDX-License-Identifier: Apache-2.0
// A bucket's hotlink protection, asked about one Referer (PUT Bucket referer, 436/32492).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace cosdiag {

struct RefererVerdict {
    bool enabled = false;
    bool allowlist = false;     ///< else a blocklist
    bool empty_allowed = false; ///< readers without a Referer
    std::size_t entries = 0;
    std::string matched;         ///< the entry that fits the Referer; empty: none does
    std::optional<bool> refused; ///< empty where the documentation leaves it open
};

/// Nothing when the text is no RefererConfiguration. `referer` is the field's value, empty where it was not
/// sent.
std::optional<RefererVerdict> check_referer(std::string_view document, std::string_view referer);

} // namespace cosdiag

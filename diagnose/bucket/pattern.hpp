// SPDX-License-Identifier: Apache-2.0
// Patterns as the documents of a bucket have them.
#pragma once

#include <string_view>

namespace cosdiag {

/// Texts longer than this are not held against patterns: the work grows with the product of both lengths. No
/// key of an object (436/13324), origin or name of a field comes near it.
constexpr std::size_t longest_matched = 1200; ///< bytes

/// `*` stands for any run of characters, slashes too; everything else for itself.
bool fits(std::string_view pattern, std::string_view text) noexcept;

} // namespace cosdiag

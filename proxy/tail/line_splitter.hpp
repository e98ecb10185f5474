// SPDX-License-Identifier: Apache-2.0
// Bytes in, lines out, whatever pieces the bytes come in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace cosdiag::tail {

/// What is done with each line, which comes without its line feed and is valid during the call.
using EachLine = std::function<void(std::string_view line)>;

/// Longer lines are no entries, and nobody keeps them in memory. Bytes.
inline constexpr std::size_t longest_line = std::size_t{1024} * 1024;

class LineSplitter {
public:
    /// Calls for each line that ends in these bytes.
    void feed(std::string_view bytes, const EachLine& each);

    /// Calls for a last line that has no line feed; what comes then begins a new one.
    void finish(const EachLine& each);

    /// Lines that were longer than longest_line and left out.
    std::uint64_t too_long() const noexcept { return x_too_long_; }

private:
    void keep(std::string_view bytes);

    std::string x_begun_;
    bool x_dropping_ = false; ///< the line under way is too long
    std::uint64_t x_too_long_ = 0;
};

} // namespace cosdiag::tail

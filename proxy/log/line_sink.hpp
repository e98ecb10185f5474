// SPDX-License-Identifier: Apache-2.0
// A file, a pipe or a terminal that takes whole lines and never holds its writer up for long.
#pragma once

#include "diagnose/render.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace cosdiag::log {

class LineSink {
public:
    /// `file`: opened for appending, created with mode 0600. Empty: standard output. Throws
    /// std::runtime_error.
    explicit LineSink(std::string file);
    ~LineSink();
    LineSink(const LineSink&) = delete;
    LineSink& operator=(const LineSink&) = delete;

    /// Writes `count` entries, each a piece of `text` that ends in a newline; waits no longer than `patience`
    /// for a slow reader. The number of entries that went out whole; what a failed one left half-written is
    /// ended before the next.
    std::size_t write(std::string_view text, std::size_t count, std::chrono::milliseconds patience);

    /// Opens the file anew. False, and everything stays as it was, if that fails.
    bool reopen();

    /// What went wrong last; empty if nothing since the last success.
    const std::string& failure() const noexcept { return x_failure_; }

    bool is_terminal() const noexcept { return x_terminal_; }

    /// For the terminal as it is now.
    BlockStyle style() const;

private:
    std::size_t write_some(std::string_view text, std::chrono::milliseconds patience);
    std::string name() const;

    std::string x_file_;
    int x_descriptor_ = -1;
    bool x_terminal_ = false;
    bool x_may_block_ = false; ///< a pipe, socket or terminal: its reader may have stopped
    bool x_half_line_ = false;
    std::string x_failure_;
};

} // namespace cosdiag::log

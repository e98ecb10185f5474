// SPDX-License-Identifier: Apache-2.0
// A file, a pipe or a terminal that takes whole entries and never holds its writer up for long.
#pragma once

#include "diagnose/render.hpp"
#include "proxy/log/outlet.hpp"

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cosdiag::log {

/// Entries, one behind the other; each ends in a newline.
struct Entries {
    std::string text;
    std::vector<std::size_t> ends; ///< where in the text each of them ends

    std::size_t size() const noexcept { return ends.size(); }

    bool empty() const noexcept { return ends.empty(); }

    void add(std::string_view entry);

    /// Keeps the memory.
    void clear() noexcept;

    /// Clears, and gives the memory back.
    void give_back();
};

class LineSink {
public:
    using Clock = std::chrono::steady_clock;

    /// `file`: see Outlet::of_file. Empty: `stream`, which is standard output or standard error. Throws
    /// std::runtime_error that says what failed and what to do.
    explicit LineSink(std::string file, int stream = STDOUT_FILENO);

    /// Gives up on a reader that takes nothing for 200 ms, and counts as lost what did not go out. What a
    /// failure cuts in the middle is finished before anything else is written.
    void write(const Entries& entries);

    /// Opens the file anew. False, and everything stays as it was, if that fails.
    bool reopen();

    /// From then on nothing is waited for. Any thread.
    void finish_by(Clock::time_point deadline) noexcept { x_deadline_ = deadline; }

    /// Entries that went out whole, and that never will. Any thread.
    std::uint64_t written() const noexcept { return x_written_; }

    std::uint64_t lost() const noexcept { return x_lost_; }

    /// What went wrong last; empty if nothing since the last success.
    const std::string& failure() const noexcept { return x_failure_; }

    std::string name() const;

    bool is_terminal() const noexcept { return x_terminal_; }

    /// For the terminal as it is now.
    BlockStyle style() const;

private:
    bool finish_cut_entry();
    std::size_t put(std::string_view text);
    std::string_view next_piece(std::string_view text) const noexcept;

    std::string x_file_;
    int x_stream_; ///< where there is no file
    Outlet x_outlet_;
    bool x_terminal_ = false;
    std::string x_cut_; ///< the rest of an entry whose beginning is out
    std::string x_failure_;
    std::atomic<Clock::time_point> x_deadline_{Clock::time_point::max()};
    std::atomic<std::uint64_t> x_written_{0};
    std::atomic<std::uint64_t> x_lost_{0};
};

/// Of blocks for who reads at this descriptor, as wide as the terminal is now.
BlockStyle style_for(int descriptor);

} // namespace cosdiag::log

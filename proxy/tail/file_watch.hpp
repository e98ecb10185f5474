// SPDX-License-Identifier: Apache-2.0
// Waiting until something may have happened to a file.
#pragma once

#include <chrono>
#include <string>

namespace cosdiag::tail {

/// Learns of changes from inotify(7), and looks again after a while in any case: not every file system tells.
class FileWatch {
public:
    FileWatch() noexcept;
    ~FileWatch();
    FileWatch(const FileWatch&) = delete;
    FileWatch& operator=(const FileWatch&) = delete;

    /// Watches the file that has the name now, and its folder for others to come. To be done before looking
    /// at the file: what happens between the look and wait() then ends the wait.
    void arm(const std::string& path) const noexcept;

    /// Until a change, for a second at most. False when nobody reads `output` any more.
    [[nodiscard]] bool wait(int output) const noexcept;

private:
    int x_descriptor_;
};

enum class Wake {
    input,      ///< there is something to read, or its end
    time,       ///< nothing happened
    reader_gone ///< nobody reads the output any more
};

/// Waits so long, or until there is something to read from `input` (none: -1), or nobody reads `output`.
Wake wait_for(int input, int output, std::chrono::milliseconds patience) noexcept;

} // namespace cosdiag::tail

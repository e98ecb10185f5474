// SPDX-License-Identifier: Apache-2.0
// A file that somebody else writes, cuts short and replaces, read as one stream of bytes.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace cosdiag::tail {

class FileFollower {
public:
    enum class News {
        replaced,  ///< another file has the name; it is read from its beginning
        cut_short, ///< it is read from its beginning
        unreadable ///< another file has the name and cannot be opened; told once, and tried again
    };

    struct Handlers {
        std::function<void(std::string_view bytes)> bytes;
        std::function<void(News news)> news; ///< what was read before ends here
    };

    explicit FileFollower(std::string path) : x_path_(std::move(path)) {}

    ~FileFollower();
    FileFollower(const FileFollower&) = delete;
    FileFollower& operator=(const FileFollower&) = delete;

    /// False, and errno says why, where it cannot be opened. Then step() tries again.
    bool open();

    bool is_open() const noexcept { return x_descriptor_ >= 0; }

    int descriptor() const noexcept { return x_descriptor_; }

    /// Bytes that it has now.
    std::uint64_t size() const noexcept;

    /// Whether reading on from anywhere is possible; a pipe cannot, and cannot be followed by name.
    bool is_regular() const noexcept;

    /// Reads on from there.
    void seek(std::uint64_t position) noexcept { x_position_ = position; }

    /// Reads what is there, and goes on to the file that has the name by now once it holds something: until
    /// then whoever writes may not have it opened. Never waits.
    void step(const Handlers& handlers);

private:
    void read_on(const Handlers& handlers);
    void look_for_another(const Handlers& handlers);

    std::string x_path_;
    int x_descriptor_ = -1;
    std::uint64_t x_position_ = 0;
    bool x_told_unreadable_ = false;
};

} // namespace cosdiag::tail

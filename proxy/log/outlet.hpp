// SPDX-License-Identifier: Apache-2.0
// A descriptor that can be written to without ever waiting for who reads at its other end.
#pragma once

#include <chrono>
#include <cstddef>
#include <string_view>

namespace cosdiag::log {

class Outlet {
public:
    /// Nothing is open.
    Outlet() = default;

    /// For standard output or error. Others share its open file description, where O_NONBLOCK would surprise
    /// them: a pipe or terminal is opened once more, with a description of our own (proc(5), /proc/PID/fd).
    /// Where that is not allowed, it is asked for room before each write. Closed if the descriptor is.
    static Outlet of_stream(int descriptor) noexcept;

    /// Opens for appending, created with mode 0600; an existing file keeps its mode. Closed, and errno says
    /// why, if that fails.
    static Outlet of_file(const char* file) noexcept;

    ~Outlet();
    Outlet(const Outlet&) = delete;
    Outlet& operator=(const Outlet&) = delete;
    Outlet(Outlet&& other) noexcept;
    Outlet& operator=(Outlet&& other) noexcept;

    bool is_open() const noexcept { return x_descriptor_ >= 0; }

    /// A pipe, socket or terminal: its reader may be slow, or go away.
    bool has_reader() const noexcept { return x_kind_ != Kind::file; }

    /// Bytes taken, maybe fewer than given. Negative, and errno says why, if none: EAGAIN when it would have
    /// to wait. Up to PIPE_BUF bytes go into a pipe whole or not at all (pipe(7)).
    std::ptrdiff_t put(std::string_view text) const noexcept;

    /// Waits until there may be room. Errors count as room: the next put tells them.
    void wait(std::chrono::milliseconds patience) const noexcept;

private:
    enum class Kind { file, private_stream, socket, shared_stream };

    Outlet(int descriptor, Kind kind, bool owned) noexcept;
    bool has_room(int milliseconds) const noexcept;

    int x_descriptor_ = -1;
    Kind x_kind_ = Kind::file;
    bool x_owned_ = false;
};

} // namespace cosdiag::log

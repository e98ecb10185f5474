// SPDX-License-Identifier: Apache-2.0
#include "proxy/log/line_sink.hpp"

#include "proxy/log/notices.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace cosdiag::log {

namespace {

int open_file(const std::string& file)
{
    return ::open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0600);
}

bool is_regular(int descriptor)
{
    struct stat about {};

    return ::fstat(descriptor, &about) == 0 && S_ISREG(about.st_mode);
}

} // namespace

LineSink::LineSink(std::string file) : x_file_(std::move(file))
{
    x_descriptor_ = x_file_.empty() ? STDOUT_FILENO : open_file(x_file_);
    if (x_descriptor_ < 0)
        throw std::runtime_error(
            "the diagnosis log " + x_file_ + " cannot be opened: " + std::generic_category().message(errno) +
            ". Choose another file with --log, or none for standard output"
        );
    x_terminal_ = x_file_.empty() && ::isatty(x_descriptor_) == 1;
    x_may_block_ = !is_regular(x_descriptor_);
}

LineSink::~LineSink()
{
    if (!x_file_.empty())
        ::close(x_descriptor_);
}

bool LineSink::reopen()
{
    if (x_file_.empty())
        return true;
    const int fresh = open_file(x_file_);
    if (fresh < 0) {
        x_failure_ = "the diagnosis log " + x_file_ +
                     " cannot be opened anew: " + std::generic_category().message(errno);
        return false;
    }
    ::close(std::exchange(x_descriptor_, fresh));
    x_may_block_ = !is_regular(fresh);
    x_half_line_ = false;
    x_failure_.clear();
    return true;
}

std::string LineSink::name() const
{
    return x_file_.empty() ? "standard output" : x_file_;
}

std::size_t LineSink::write(std::string_view text, std::size_t count, std::chrono::milliseconds patience)
{
    if (x_half_line_ && write_some("\n", patience) != 1)
        return 0;
    x_half_line_ = false;
    const std::size_t put = write_some(text, patience);
    if (put == text.size()) {
        x_failure_.clear();
        return count;
    }
    x_half_line_ = put != 0 && text[put - 1] != '\n';
    const auto out = text.substr(0, put);
    return std::min(count - 1, static_cast<std::size_t>(std::count(out.begin(), out.end(), '\n')));
}

/// Bytes that went out before something failed or patience ended.
std::size_t LineSink::write_some(std::string_view text, std::chrono::milliseconds patience)
{
    using Clock = std::chrono::steady_clock;
    auto give_up = Clock::now() + patience;
    std::size_t put = 0;
    while (put < text.size()) {
        std::size_t piece = text.size() - put;
        if (x_may_block_) {
            pollfd room{x_descriptor_, POLLOUT, 0};
            const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(give_up - Clock::now());
            const int ready = ::poll(&room, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
            if (ready == 0) {
                x_failure_ = name() + ": its reader has stopped reading";
                return put;
            }
            if (ready < 0 && errno == EINTR)
                continue;
            // After POLLOUT so much goes into a pipe without blocking (pipe(7)).
            piece = std::min<std::size_t>(piece, PIPE_BUF);
        }
        const ssize_t done = ::write(x_descriptor_, text.data() + put, piece);
        if (done > 0) {
            put += static_cast<std::size_t>(done);
            give_up = Clock::now() + patience;
        } else if (done < 0 && errno != EINTR && errno != EAGAIN) {
            x_failure_ = "writing to " + name() + " failed: " + std::generic_category().message(errno);
            return put;
        } else if (done == 0 || Clock::now() >= give_up) {
            x_failure_ = "writing to " + name() + " got nowhere";
            return put;
        }
    }
    return put;
}

BlockStyle LineSink::style() const
{
    BlockStyle style;
    style.colour = wants_colour(x_descriptor_);
    winsize size{};
    if (::ioctl(x_descriptor_, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40)
        style.width = std::min<unsigned>(size.ws_col, 120);
    return style;
}

} // namespace cosdiag::log

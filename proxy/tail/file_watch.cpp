// SPDX-License-Identifier: Apache-2.0
#include "proxy/tail/file_watch.hpp"

#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <array>

namespace cosdiag::tail {

namespace {

constexpr std::chrono::milliseconds look_again(1000);

std::string folder_of(const std::string& path)
{
    const auto slash = path.rfind('/');
    return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

} // namespace

FileWatch::FileWatch() noexcept : x_descriptor_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {}

FileWatch::~FileWatch()
{
    if (x_descriptor_ >= 0)
        ::close(x_descriptor_);
}

void FileWatch::arm(const std::string& path) const noexcept
{
    if (x_descriptor_ < 0)
        return;
    ::inotify_add_watch(x_descriptor_, path.c_str(), IN_MODIFY | IN_ATTRIB | IN_MOVE_SELF);
    ::inotify_add_watch(x_descriptor_, folder_of(path).c_str(), IN_CREATE | IN_MOVED_TO);
}

bool FileWatch::wait(int output) const noexcept
{
    const bool read = wait_for(x_descriptor_, output, look_again) != Wake::reader_gone;
    std::array<char, 4096> events; // NOLINT(cppcoreguidelines-pro-type-member-init): read into
    while (x_descriptor_ >= 0 && ::read(x_descriptor_, events.data(), events.size()) > 0) {
    }
    return read;
}

Wake wait_for(int input, int output, std::chrono::milliseconds patience) noexcept
{
    std::array<pollfd, 2> both{pollfd{output, 0, 0}, pollfd{input, POLLIN, 0}};
    ::poll(both.data(), both.size(), static_cast<int>(patience.count()));
    if ((both[0].revents & (POLLERR | POLLHUP | POLLNVAL)) != 0)
        return Wake::reader_gone;
    return both[1].revents != 0 ? Wake::input : Wake::time;
}

} // namespace cosdiag::tail

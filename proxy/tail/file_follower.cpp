// SPDX-License-Identifier: Apache-2.0
#include "proxy/tail/file_follower.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

namespace cosdiag::tail {

namespace {

constexpr std::size_t piece = std::size_t{64} * 1024;

int open_to_read(const std::string& path) noexcept
{
    return ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
}

} // namespace

FileFollower::~FileFollower()
{
    if (is_open())
        ::close(x_descriptor_);
}

bool FileFollower::open()
{
    x_descriptor_ = open_to_read(x_path_);
    x_position_ = 0;
    return is_open();
}

std::uint64_t FileFollower::size() const noexcept
{
    struct stat about {};

    return ::fstat(x_descriptor_, &about) == 0 && about.st_size > 0
               ? static_cast<std::uint64_t>(about.st_size)
               : 0;
}

bool FileFollower::is_regular() const noexcept
{
    struct stat about {};

    return ::fstat(x_descriptor_, &about) == 0 && S_ISREG(about.st_mode);
}

void FileFollower::step(const Handlers& handlers)
{
    if (!is_open() && !open())
        return;
    if (size() < x_position_) {
        x_position_ = 0;
        handlers.news(News::cut_short);
    }
    read_on(handlers);
    look_for_another(handlers);
}

void FileFollower::read_on(const Handlers& handlers)
{
    std::array<char, piece> bytes; // NOLINT(cppcoreguidelines-pro-type-member-init): read into
    for (;;) {
        const auto got = ::pread(x_descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(x_position_));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return;
        x_position_ += static_cast<std::uint64_t>(got);
        handlers.bytes({bytes.data(), static_cast<std::size_t>(got)});
    }
}

void FileFollower::look_for_another(const Handlers& handlers)
{
    struct stat named {
    }, own{};

    if (::stat(x_path_.c_str(), &named) != 0 || ::fstat(x_descriptor_, &own) != 0)
        return;
    if ((named.st_ino == own.st_ino && named.st_dev == own.st_dev) || named.st_size == 0)
        return;
    const int other = open_to_read(x_path_);
    if (other < 0) {
        if (!std::exchange(x_told_unreadable_, true))
            handlers.news(News::unreadable);
        return;
    }
    read_on(handlers); // what was written to the old one before the new one was opened
    ::close(std::exchange(x_descriptor_, other));
    x_position_ = 0;
    x_told_unreadable_ = false;
    handlers.news(News::replaced);
    read_on(handlers);
}

} // namespace cosdiag::tail

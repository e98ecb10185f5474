// SPDX-License-Identifier: Apache-2.0
#include "proxy/log/outlet.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <string>
#include <utility>

namespace cosdiag::log {

Outlet::Outlet(int descriptor, Kind kind, bool owned) noexcept
    : x_descriptor_(descriptor), x_kind_(kind), x_owned_(owned)
{
}

Outlet Outlet::of_stream(int descriptor) noexcept
{
    struct stat about {};

    if (::fstat(descriptor, &about) != 0)
        return {};
    if (S_ISREG(about.st_mode))
        return {descriptor, Kind::file, false};
    if (S_ISSOCK(about.st_mode))
        return {descriptor, Kind::socket, false};
    const std::string path = "/proc/self/fd/" + std::to_string(descriptor);
    const int own = ::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (own < 0)
        return {descriptor, Kind::shared_stream, false};
    return {own, Kind::private_stream, true};
}

Outlet Outlet::of_file(const char* file) noexcept
{
    const int own = ::open(file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0600);
    if (own < 0)
        return {};

    struct stat about {};

    const bool regular = ::fstat(own, &about) == 0 && S_ISREG(about.st_mode);
    return {own, regular ? Kind::file : Kind::private_stream, true};
}

Outlet::~Outlet()
{
    if (x_owned_)
        ::close(x_descriptor_);
}

Outlet::Outlet(Outlet&& other) noexcept
    : x_descriptor_(std::exchange(other.x_descriptor_, -1)),
      x_kind_(other.x_kind_),
      x_owned_(std::exchange(other.x_owned_, false))
{
}

Outlet& Outlet::operator=(Outlet&& other) noexcept
{
    std::swap(x_descriptor_, other.x_descriptor_);
    std::swap(x_kind_, other.x_kind_);
    std::swap(x_owned_, other.x_owned_);
    return *this;
}

std::ptrdiff_t Outlet::put(std::string_view text) const noexcept
{
    switch (x_kind_) {
    case Kind::socket:
        return ::send(x_descriptor_, text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    case Kind::shared_stream:
        if (!has_room(0)) {
            errno = EAGAIN;
            return -1;
        }
        return ::write(x_descriptor_, text.data(), std::min<std::size_t>(text.size(), PIPE_BUF));
    case Kind::file:
    case Kind::private_stream:
        break;
    }
    return ::write(x_descriptor_, text.data(), text.size());
}

void Outlet::wait(std::chrono::milliseconds patience) const noexcept
{
    (void)has_room(static_cast<int>(std::clamp<std::int64_t>(patience.count(), 0, INT_MAX)));
}

bool Outlet::has_room(int milliseconds) const noexcept
{
    pollfd room{x_descriptor_, POLLOUT, 0};
    return ::poll(&room, 1, milliseconds) != 0;
}

} // namespace cosdiag::log

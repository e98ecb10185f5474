// SPDX-License-Identifier: Apache-2.0
#include "proxy/net/stream.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace cosdiag::net {

Pipe::Pipe()
{
    if (::pipe2(x_ends_, O_NONBLOCK | O_CLOEXEC) != 0)
        throw std::system_error(errno, std::generic_category(), "pipe2");
    // Refused once this user's pipes hold 64 MiB (fs.pipe-user-pages-soft): the default size works, only
    // slower.
    int size = ::fcntl(x_ends_[1], F_SETPIPE_SZ, 1 << 20);
    if (size < 0)
        size = ::fcntl(x_ends_[1], F_GETPIPE_SZ);
    x_capacity_ = size > 0 ? static_cast<std::size_t>(size) : 65536;
}

Pipe::~Pipe()
{
    ::close(x_ends_[0]);
    ::close(x_ends_[1]);
}

} // namespace cosdiag::net

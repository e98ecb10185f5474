// SPDX-License-Identifier: Apache-2.0
#include "proxy/net/descriptor.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace cosdiag::net {

Descriptor::~Descriptor()
{
    if (x_number_ >= 0)
        ::close(x_number_);
}

Descriptor Descriptor::duplicate_of(int number)
{
    const int copy = ::fcntl(number, F_DUPFD_CLOEXEC, 0);
    if (copy < 0)
        throw std::system_error(errno, std::generic_category(), "a listening socket cannot be shared");
    return Descriptor(copy);
}

} // namespace cosdiag::net

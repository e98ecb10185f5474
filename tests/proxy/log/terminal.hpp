// SPDX-License-Identifier: Apache-2.0
// A terminal whose screen the test reads.
#pragma once

#include "tests/proxy/log/support.hpp"

#include <sys/ioctl.h>

#include <cstdlib>

namespace cosdiag::test {

class Terminal {
public:
    explicit Terminal(unsigned short columns = 80)
        : x_screen_(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK))
    {
        if (::grantpt(x_screen_.number) != 0 || ::unlockpt(x_screen_.number) != 0)
            throw std::runtime_error("no terminal");
        end = Descriptor(::open(::ptsname(x_screen_.number), O_RDWR | O_NOCTTY | O_CLOEXEC));
        const winsize size{24, columns, 0, 0};
        ::ioctl(end.number, TIOCSWINSZ, &size);
    }

    /// Everything written to it since the last look.
    std::string shown() const { return x_screen_.take(); }

    Descriptor end; ///< what a program has as its standard output

private:
    Descriptor x_screen_;
};

} // namespace cosdiag::test

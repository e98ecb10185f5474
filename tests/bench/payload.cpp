// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/payload.hpp"

#include <sys/mman.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

namespace cosdiag::bench {

namespace {

/// Larger than a core's own caches, so that a copying proxy pays for reading it.
constexpr std::uint64_t period = 32 * 1024 * 1024;

} // namespace

Payload::Payload() : x_file(memfd_create("payload", MFD_CLOEXEC)), x_front(nullptr)
{
    if (!x_file || ftruncate64(x_file.get(), static_cast<off64_t>(period)) != 0)
        fail("memfd_create");
    void* const memory = mmap(nullptr, period, PROT_READ | PROT_WRITE, MAP_SHARED, x_file.get(), 0);
    if (memory == MAP_FAILED)
        fail("mmap");
    std::memset(memory, 'c', period);
    x_front = static_cast<const char*>(memory);
}

std::string_view Payload::front(std::uint64_t bytes) const
{
    return {x_front, std::min(bytes, copied_bytes)};
}

ssize_t Payload::send(const Fd& socket, std::uint64_t offset, std::uint64_t left) const
{
    auto at = static_cast<off_t>(offset % period);
    return sendfile(socket.get(), x_file.get(), &at, std::min(left, period - offset % period));
}

} // namespace cosdiag::bench

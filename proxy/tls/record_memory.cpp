// SPDX-License-Identifier: Apache-2.0
#include "proxy/tls/record_memory.hpp"

#include "proxy/tls/record.hpp"

#include <malloc.h>
#include <openssl/crypto.h>

#include <array>
#include <cstdint>
#include <cstdlib>

namespace cosdiag::tls {

namespace record_memory {

namespace {

constexpr std::size_t page = 4096;
static_assert(size > largest_record && size % page == 0);

bool can_be_kept(const void* memory) noexcept
{
    if (reinterpret_cast<std::uintptr_t>(memory) % page != 0)
        return false;
    const std::size_t usable = ::malloc_usable_size(const_cast<void*>(memory)); // which is older than const
    return usable >= size && usable < 2 * size;
}

/// Without a destructor: OpenSSL gives memory back even when a thread's objects are gone.
struct Kept {
    std::array<void*, most> all;
    std::size_t count;
    bool closed; ///< the thread is at its end, and keeps nothing any more
};

constinit thread_local Kept at_hand{};

/// Empties what the thread has kept when it ends.
struct Closing {
    Closing() = default;
    Closing(const Closing&) = delete;
    Closing& operator=(const Closing&) = delete;

    ~Closing()
    {
        at_hand.closed = true;
        while (at_hand.count != 0)
            std::free(at_hand.all[--at_hand.count]); // NOLINT(*-no-malloc): OpenSSL's memory is malloc's
    }
};

void close_with_thread()
{
    thread_local const Closing closing;
}

} // namespace

void* take(std::size_t bytes, const char*, int) noexcept
{
    if (bytes == 0)
        return nullptr; // as OpenSSL's own does
    if (bytes <= largest_fragment || bytes > size)
        return std::malloc(bytes); // NOLINT(*-no-malloc)
    return at_hand.count != 0 ? at_hand.all[--at_hand.count] : std::aligned_alloc(page, size);
}

void* resize(void* memory, std::size_t bytes, const char*, int) noexcept
{
    if (bytes != 0)
        return std::realloc(memory, bytes); // NOLINT(*-no-malloc)
    std::free(memory);                      // NOLINT(*-no-malloc)
    return nullptr;
}

void give(void* memory, const char*, int) noexcept
{
    if (!can_be_kept(memory) || at_hand.closed || at_hand.count == most) {
        std::free(memory); // NOLINT(*-no-malloc)
        return;
    }
    close_with_thread();
    at_hand.all[at_hand.count++] = memory;
}

std::size_t kept() noexcept
{
    return at_hand.count;
}

} // namespace record_memory

bool keep_record_memory() noexcept
{
    return CRYPTO_set_mem_functions(record_memory::take, record_memory::resize, record_memory::give) == 1;
}

} // namespace cosdiag::tls

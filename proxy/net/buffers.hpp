// SPDX-License-Identifier: Apache-2.0
// Memory for bytes on their way, and pools of it: an idle connection holds none.
#pragma once

#include "proxy/net/stream.hpp"

#include <cstddef>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace cosdiag::net {

struct DeleteBlock {
    std::size_t before = 0; ///< bytes of its first page that lie before the block

    void operator()(char* block) const noexcept;
};

/// Bytes [begin, end) of a block of memory. Movable; empty when it has no block.
class Buffer {
public:
    Buffer() = default;

    explicit Buffer(std::size_t capacity) : x_bytes_(new char[capacity]), x_capacity_(capacity) {}

    /// One that begins in the middle of a page, for what OpenSSL copies from and to. Throws std::bad_alloc.
    ///
    /// The C library copies more than 2 KiB with REP MOVSB, which takes up to 25 times as long on AMD Zen 3
    /// and 4 where the target lies up to 128 bytes behind the source within their pages (glibc bug 30994).
    /// OpenSSL's own buffers begin at a page.
    static Buffer in_mid_page(std::size_t capacity);

    Buffer(Buffer&& other) noexcept { swap(other); }

    Buffer& operator=(Buffer&& other) noexcept
    {
        Buffer(std::move(other)).swap(*this);
        return *this;
    }

    Buffer(const Buffer&) = delete;
    Buffer& operator=(const Buffer&) = delete;
    ~Buffer() = default;

    explicit operator bool() const noexcept { return x_bytes_ != nullptr; }

    std::size_t capacity() const noexcept { return x_capacity_; }

    std::size_t size() const noexcept { return x_end_ - x_begin_; }

    bool empty() const noexcept { return x_begin_ == x_end_; }

    char* data() noexcept { return x_bytes_.get() + x_begin_; }

    std::string_view view() const noexcept { return {x_bytes_.get() + x_begin_, size()}; }

    /// Free space behind the bytes.
    std::span<char> room() noexcept { return {x_bytes_.get() + x_end_, x_capacity_ - x_end_}; }

    void grow(std::size_t bytes) noexcept { x_end_ += bytes; }

    /// Takes bytes off the front.
    void consume(std::size_t bytes) noexcept
    {
        x_begin_ += bytes;
        if (x_begin_ == x_end_)
            x_begin_ = x_end_ = 0;
    }

    /// Takes bytes off the front without ever moving what follows: views stay valid.
    void skip(std::size_t bytes) noexcept { x_begin_ += bytes; }

    void clear() noexcept { x_begin_ = x_end_ = 0; }

    /// Moves the bytes to the front of the block.
    void compact() noexcept;

    /// Moves the bytes into a block of at least this capacity.
    void enlarge(std::size_t capacity);

    void append(std::string_view bytes);

    void swap(Buffer& other) noexcept
    {
        std::swap(x_bytes_, other.x_bytes_);
        std::swap(x_capacity_, other.x_capacity_);
        std::swap(x_begin_, other.x_begin_);
        std::swap(x_end_, other.x_end_);
    }

private:
    std::unique_ptr<char[], DeleteBlock> x_bytes_;
    std::size_t x_capacity_ = 0;
    std::size_t x_begin_ = 0;
    std::size_t x_end_ = 0;
};

/// Things kept for the next who needs one, the last given first taken.
template <class T>
struct Spares {
    static constexpr std::size_t most = 64;

    std::vector<T> all;
    std::size_t unused = 0; ///< how many have not been needed since the last shrink

    bool full() const noexcept { return all.size() == most; }

    T take()
    {
        T spare = std::move(all.back());
        all.pop_back();
        unused = unused < all.size() ? unused : all.size();
        return spare;
    }

    std::size_t shrink()
    {
        const std::size_t dropped = unused;
        all.erase(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(dropped));
        unused = all.size();
        return dropped;
    }
};

/// A thread's spare buffers and pipes. What is given back beyond a few of each goes back to the system.
class Stores {
public:
    static constexpr std::size_t small = 16 * 1024;  ///< for request heads
    static constexpr std::size_t large = 128 * 1024; ///< for answers and bodies
    static constexpr std::size_t huge = 2 * large;   ///< for bodies that nothing holds up

    Buffer take_small() { return x_small_.all.empty() ? Buffer(small) : x_small_.take(); }

    Buffer take_large() { return x_large_.all.empty() ? Buffer::in_mid_page(large) : x_large_.take(); }

    Buffer take_huge() { return x_huge_.all.empty() ? Buffer::in_mid_page(huge) : x_huge_.take(); }

    /// Keeps the buffer if it has one of the three sizes.
    void give(Buffer buffer);

    std::unique_ptr<Pipe> take_pipe();

    /// Keeps the pipe if nothing is left in it.
    void give(std::unique_ptr<Pipe> pipe);

    /// Lets go of what has lain unused since the last call; how many that were.
    std::size_t shrink();

    bool empty() const noexcept
    {
        return x_small_.all.empty() && x_large_.all.empty() && x_huge_.all.empty() && x_pipes_.all.empty();
    }

private:
    Spares<Buffer> x_small_;
    Spares<Buffer> x_large_;
    Spares<Buffer> x_huge_;
    Spares<std::unique_ptr<Pipe>> x_pipes_;
};

} // namespace cosdiag::net

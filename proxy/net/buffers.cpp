// SPDX-License-Identifier: Apache-2.0
#include "proxy/net/buffers.hpp"

#include <algorithm>
#include <cstring>
#include <new>

namespace cosdiag::net {

namespace {

constexpr std::size_t page = 4096;

} // namespace

Buffer Buffer::in_mid_page(std::size_t capacity)
{
    constexpr std::size_t before = page / 2;
    void* const pages = ::operator new[](before + capacity, std::align_val_t(page));
    Buffer buffer;
    buffer.x_bytes_ = {static_cast<char*>(pages) + before, DeleteBlock{before}};
    buffer.x_capacity_ = capacity;
    return buffer;
}

void DeleteBlock::operator()(char* block) const noexcept
{
    if (before == 0)
        delete[] block;
    else
        ::operator delete[](block - before, std::align_val_t(page));
}

void Buffer::compact() noexcept
{
    if (x_begin_ == 0)
        return;
    std::memmove(x_bytes_.get(), x_bytes_.get() + x_begin_, size());
    x_end_ -= x_begin_;
    x_begin_ = 0;
}

void Buffer::enlarge(std::size_t capacity)
{
    if (capacity <= x_capacity_)
        return compact();
    Buffer larger(capacity);
    if (!empty())
        std::memcpy(larger.x_bytes_.get(), data(), size());
    larger.x_end_ = size();
    swap(larger);
}

void Buffer::append(std::string_view bytes)
{
    if (room().size() < bytes.size())
        enlarge(std::max(size() + bytes.size(), x_capacity_));
    std::memcpy(room().data(), bytes.data(), bytes.size());
    grow(bytes.size());
}

void Stores::give(Buffer buffer)
{
    Spares<Buffer>* const spares = buffer.capacity() == small   ? &x_small_
                                   : buffer.capacity() == large ? &x_large_
                                   : buffer.capacity() == huge  ? &x_huge_
                                                                : nullptr;
    if (spares == nullptr || spares->full())
        return;
    buffer.clear();
    spares->all.push_back(std::move(buffer));
}

std::unique_ptr<Pipe> Stores::take_pipe()
{
    return x_pipes_.all.empty() ? std::make_unique<Pipe>() : x_pipes_.take();
}

void Stores::give(std::unique_ptr<Pipe> pipe)
{
    if (pipe && pipe->held == 0 && !x_pipes_.full())
        x_pipes_.all.push_back(std::move(pipe));
}

std::size_t Stores::shrink()
{
    return x_small_.shrink() + x_large_.shrink() + x_huge_.shrink() + x_pipes_.shrink();
}

} // namespace cosdiag::net

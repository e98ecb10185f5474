// SPDX-License-Identifier: Apache-2.0
#include "proxy/net/buffers.hpp"

#include <algorithm>
#include <cstring>

namespace cosdiag::net {

namespace {

constexpr std::size_t spare_buffers = 16;
constexpr std::size_t spare_pipes = 16;

} // namespace

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

Buffer Stores::take(std::vector<Buffer>& spares, std::size_t capacity)
{
    if (spares.empty())
        return Buffer(capacity);
    Buffer buffer = std::move(spares.back());
    spares.pop_back();
    return buffer;
}

void Stores::give(Buffer buffer)
{
    auto& spares = buffer.capacity() == small ? x_small_ : x_large_;
    if ((buffer.capacity() != small && buffer.capacity() != large) || spares.size() == spare_buffers)
        return;
    buffer.clear();
    spares.push_back(std::move(buffer));
}

std::unique_ptr<Pipe> Stores::take_pipe()
{
    if (x_pipes_.empty())
        return std::make_unique<Pipe>();
    auto pipe = std::move(x_pipes_.back());
    x_pipes_.pop_back();
    return pipe;
}

void Stores::give(std::unique_ptr<Pipe> pipe)
{
    if (pipe && pipe->held == 0 && x_pipes_.size() < spare_pipes)
        x_pipes_.push_back(std::move(pipe));
}

} // namespace cosdiag::net

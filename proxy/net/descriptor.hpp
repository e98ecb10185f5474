// SPDX-License-Identifier: Apache-2.0
// A descriptor with an owner.
#pragma once

#include <utility>

namespace cosdiag::net {

class Descriptor {
public:
    Descriptor() = default;

    /// Takes it over; negative: none.
    explicit Descriptor(int number) noexcept : x_number_(number) {}

    ~Descriptor();

    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    Descriptor(Descriptor&& other) noexcept : x_number_(std::exchange(other.x_number_, -1)) {}

    Descriptor& operator=(Descriptor&& other) noexcept
    {
        std::swap(x_number_, other.x_number_);
        return *this;
    }

    int number() const noexcept { return x_number_; }

    /// Lets go of it.
    int release() noexcept { return std::exchange(x_number_, -1); }

    /// Another one for the same thing. Throws std::system_error without descriptors.
    Descriptor duplicate() const { return duplicate_of(x_number_); }

    static Descriptor duplicate_of(int number);

private:
    int x_number_ = -1;
};

} // namespace cosdiag::net

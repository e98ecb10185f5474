// SPDX-License-Identifier: Apache-2.0
#include "proxy/net/buffers.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>

using namespace cosdiag::net;

namespace {

std::uintptr_t place_in_page(Buffer& buffer)
{
    return reinterpret_cast<std::uintptr_t>(buffer.data()) % 4096;
}

} // namespace

TEST_SUITE("proxy/net/buffers")
{
    TEST_CASE("buffers for bodies begin in the middle of a page, taken anew or given back before")
    {
        Stores stores;
        Buffer first = stores.take_large();
        CHECK(place_in_page(first) == 2048);
        CHECK(first.capacity() == Stores::large);
        const char* const where = first.data();
        first.append(std::string(Stores::large, 'x'));
        stores.give(std::move(first));
        Buffer again = stores.take_large();
        CHECK(again.data() == where);
        CHECK(again.empty());
        CHECK(place_in_page(again) == 2048);
    }

    TEST_CASE("a buffer keeps its bytes when it grows, and those that are moved take their blocks along")
    {
        Buffer buffer = Buffer::in_mid_page(10);
        buffer.append("0123456789");
        buffer.consume(3);
        buffer.append("abcdefgh");
        CHECK(buffer.view() == "3456789abcdefgh");
        Buffer other = Buffer::in_mid_page(20);
        other = std::move(buffer);
        CHECK(other.view() == "3456789abcdefgh");
    }

    TEST_CASE("spares beyond the bound go back to the system, and so do those unused between two shrinks")
    {
        Stores stores;
        for (std::size_t i = 0; i < Spares<Buffer>::most + 1; ++i)
            stores.give(Buffer(Stores::small));
        CHECK(stores.shrink() == 0);
        CHECK(stores.shrink() == Spares<Buffer>::most);
        CHECK(stores.empty());
    }
}

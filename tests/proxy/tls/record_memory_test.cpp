// SPDX-License-Identifier: Apache-2.0
#include "proxy/tls/record.hpp"
#include "proxy/tls/record_memory.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <cstring>
#include <thread>
#include <vector>

using namespace cosdiag::tls;

namespace {

void* take(std::size_t bytes)
{
    return record_memory::take(bytes, "", 0);
}

void give(void* memory)
{
    record_memory::give(memory, "", 0);
}

/// A thread of its own, as each begins with nothing at hand.
template <class Do>
void in_a_thread(Do what)
{
    std::thread(what).join();
}

} // namespace

TEST_SUITE("proxy/tls/record_memory")
{
    TEST_CASE("what was given back last is taken first, whatever size of record it is for")
    {
        in_a_thread([] {
            void* const read = take(largest_record + 300);
            void* const written = take(largest_fragment + 200);
            CHECK(read != written);
            give(read);
            give(written);
            CHECK(record_memory::kept() == 2);
            CHECK(take(largest_fragment + 1) == written);
            CHECK(take(record_memory::size) == read);
            CHECK(record_memory::kept() == 0);
            std::memset(read, 1, record_memory::size);
            give(read);
            give(written);
        });
    }

    TEST_CASE("a buffer for records begins at a page")
    {
        in_a_thread([] {
            void* const memory = take(largest_record);
            CHECK(reinterpret_cast<std::uintptr_t>(memory) % 4096 == 0);
            give(memory);
        });
    }

    TEST_CASE("no more is kept than the bound, and nothing of other sizes")
    {
        in_a_thread([] {
            std::vector<void*> all;
            for (std::size_t i = 0; i < record_memory::most + 3; ++i)
                all.push_back(take(largest_record));
            for (void* const each : all)
                give(each);
            CHECK(record_memory::kept() == record_memory::most);
            for (const std::size_t bytes :
                 {std::size_t{1}, std::size_t{40}, largest_fragment, 3 * record_memory::size}) {
                void* const other = take(bytes);
                REQUIRE(other != nullptr);
                std::memset(other, 1, bytes);
                give(other);
                CHECK(record_memory::kept() == record_memory::most);
            }
        });
    }

    TEST_CASE("nothing is what no bytes take, and giving it back is no fault")
    {
        CHECK(take(0) == nullptr);
        give(nullptr);
        CHECK(record_memory::resize(take(10), 0, "", 0) == nullptr);
    }

    TEST_CASE("a buffer can be made larger, and its bytes stay")
    {
        in_a_thread([] {
            char* memory = static_cast<char*>(take(largest_record));
            memory[0] = 'a';
            memory = static_cast<char*>(record_memory::resize(memory, 10 * record_memory::size, "", 0));
            REQUIRE(memory != nullptr);
            CHECK(memory[0] == 'a');
            give(memory);
            CHECK(record_memory::kept() == 0);
        });
    }
}

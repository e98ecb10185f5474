// SPDX-License-Identifier: Apache-2.0
#include "proxy/tls/leaf_cache.hpp"
#include "tests/proxy/tls/support.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <set>
#include <thread>

using namespace cosdiag;
using namespace std::chrono_literals;
using std::chrono::days;
using test::cos_host;
using test::noon;
using tls::Authority;
using tls::LeafCache;

namespace {

std::shared_ptr<const Authority> shared_authority()
{
    return std::make_shared<const Authority>(test::make_authority());
}

std::string host(int number)
{
    return "b" + std::to_string(number) + "-1250000000.cos.ap-guangzhou.myqcloud.com";
}

} // namespace

TEST_SUITE("proxy/tls/leaf_cache")
{
    TEST_CASE("a host gets the same leaf again, another host another")
    {
        const auto authority = shared_authority();
        LeafCache cache(authority);
        const auto leaf = cache.leaf(cos_host, noon);
        CHECK(test::verdict(*leaf->certificate, authority->certificate(), cos_host, noon) == X509_V_OK);
        CHECK(cache.leaf(std::string(cos_host), noon + 1h) == leaf);
        CHECK(cache.leaf(host(1), noon) != leaf);
        CHECK(cache.size() == 2);
    }

    TEST_CASE("a leaf is made anew when it soon ends, or begins later than now")
    {
        LeafCache cache(shared_authority());
        const auto leaf = cache.leaf(cos_host, noon);
        CHECK(cache.leaf(cos_host, leaf->not_after - 24h) == leaf);
        CHECK(cache.leaf(cos_host, leaf->not_before) == leaf);
        const auto next = cache.leaf(cos_host, leaf->not_after - 24h + 1s);
        CHECK(next != leaf);
        CHECK(next->not_after > leaf->not_after);
        const auto set_back = cache.leaf(cos_host, noon);
        CHECK(set_back != next);
        CHECK(set_back->not_before == noon - 24h);
        CHECK(cache.size() == 1);
    }

    TEST_CASE("a leaf that ends with its authority is kept to the end, and not longer")
    {
        const auto authority = shared_authority();
        LeafCache cache(authority);
        const tls::Time end = authority->not_after();
        const auto leaf = cache.leaf(cos_host, end - days(3));
        CHECK(cache.leaf(cos_host, end - 1h) == leaf);
        CHECK(cache.leaf(cos_host, end) == leaf);
        CHECK_THROWS_AS(cache.leaf(cos_host, end + 1s), tls::CaError);
        CHECK_THROWS_AS(cache.leaf(cos_host, authority->not_before() - 1s), tls::CaError);
    }

    TEST_CASE("the host asked for longest ago is forgotten first")
    {
        LeafCache cache(shared_authority(), 3);
        const auto first = cache.leaf(host(1), noon);
        const auto second = cache.leaf(host(2), noon);
        cache.leaf(host(3), noon);
        CHECK(cache.leaf(host(1), noon) == first);
        cache.leaf(host(4), noon);
        CHECK(cache.size() == 3);
        CHECK(cache.leaf(host(1), noon) == first);
        CHECK(cache.leaf(host(2), noon) != second);
        CHECK(cache.size() == 3);
    }

    TEST_CASE("a cache has room for one at least")
    {
        LeafCache cache(shared_authority(), 0);
        const auto leaf = cache.leaf(cos_host, noon);
        CHECK(cache.leaf(cos_host, noon) == leaf);
        cache.leaf(host(1), noon);
        CHECK(cache.size() == 1);
    }

    TEST_CASE("10,000 hosts leave it at its bound")
    {
        LeafCache cache(shared_authority());
        for (int i = 0; i < 10'000; ++i)
            cache.leaf(host(i), noon);
        CHECK(cache.size() == 1024);
    }

    TEST_CASE("what is refused is not remembered")
    {
        LeafCache cache(shared_authority());
        CHECK_THROWS_AS(cache.leaf("example.com", noon), tls::CaError);
        CHECK_THROWS_AS(cache.leaf("10.0.0.1", noon), tls::CaError);
        CHECK(cache.size() == 0);
    }

    TEST_CASE("threads that ask at once for a host get the same leaf, and it outlives the cache")
    {
        std::vector<std::set<std::shared_ptr<const tls::Leaf>>> seen(20);
        {
            LeafCache cache(shared_authority());
            std::vector<std::vector<std::shared_ptr<const tls::Leaf>>> got(4);
            std::vector<std::thread> threads;
            std::atomic<int> ready{0};
            for (auto& own : got)
                threads.emplace_back([&] {
                    ++ready;
                    while (ready < 4)
                        std::this_thread::yield();
                    for (int i = 0; i < 20; ++i)
                        own.push_back(cache.leaf(host(i), noon));
                });
            for (auto& thread : threads)
                thread.join();
            CHECK(cache.size() == 20);
            for (const auto& own : got) {
                for (std::size_t i = 0; i < own.size(); ++i)
                    seen[i].insert(own[i]);
            }
        }
        for (const auto& leaves : seen) {
            REQUIRE(leaves.size() == 1);
            CHECK(
                X509_check_private_key((*leaves.begin())->certificate.get(), (*leaves.begin())->key.get()) ==
                1
            );
        }
    }

    TEST_CASE("threads that ask for more hosts than it remembers do not disturb each other")
    {
        LeafCache cache(shared_authority(), 8);
        std::atomic<int> wrong{0};
        std::vector<std::thread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&, t] {
                for (int i = 0; i < 200; ++i) {
                    const std::string name = host((i * (t + 1)) % 24);
                    const auto leaf = cache.leaf(name, noon);
                    if (X509_check_host(leaf->certificate.get(), name.data(), name.size(), 0, nullptr) != 1)
                        ++wrong;
                }
            });
        for (auto& thread : threads)
            thread.join();
        CHECK(wrong == 0);
        CHECK(cache.size() == 8);
    }
}

// SPDX-License-Identifier: Apache-2.0
#include "diagnose/memory.hpp"

#include <doctest/doctest.h>

#include <thread>
#include <vector>

using namespace cosdiag;

namespace {

constexpr Seconds noon = 1795492800;

Passage
passage(std::string_view method, std::string_view target, std::string_view key = "AKIDa", Seconds at = noon)
{
    return {
        .at = at,
        .method = method,
        .target = target,
        .host = "examplebucket-1250000000.cos.ap-beijing.myqcloud.com",
        .key_id = key,
        .token = {},
        .client = "192.0.2.7",
        .retry = false,
    };
}

} // namespace

TEST_SUITE("diagnose/memory")
{
    TEST_CASE("what a key did before is told by call, by folder and by bucket")
    {
        Memory memory;
        memory.remember(passage("PUT", "/photos/cat.jpg?q-ak=x"), "");

        struct Row {
            Passage asked;
            bool same_call, same_folder, same_key;
        };

        auto elsewhere = passage("PUT", "/photos/cat.jpg");
        elsewhere.host = "otherbucket-1250000000.cos.ap-beijing.myqcloud.com";
        auto switched = passage("PUT", "/photos/cat.jpg");
        switched.host = "examplebucket-1250000000.cos.ap-beijing.tencentcos.cn";
        auto by_path = passage("PUT", "/examplebucket-1250000000/photos/cat.jpg");
        by_path.host = "cos.ap-beijing.myqcloud.com";
        const Row rows[] = {
            {passage("PUT", "/photos/cat.jpg"), true, true, true},
            {passage("PUT", "/photos/dog.jpg"), false, true, true},
            {passage("PUT", "/other/cat.jpg"), false, false, true},
            {passage("GET", "/photos/cat.jpg"), false, false, true},
            {passage("PUT", "/photos/cat.jpg?acl"), false, false, true},
            {passage("PUT", "/photos/cat.jpg", "AKIDb"), false, false, false},
            {passage("PUT", "/photos/cat.jpg", ""), false, false, false},
            {elsewhere, false, false, false},
            {switched, true, true, true},
            {by_path, true, true, true},
        };
        for (const Row& row : rows) {
            CAPTURE(row.asked.target);
            CAPTURE(row.asked.host);
            const auto found = memory.recall(row.asked);
            CHECK(found.same_call.has_value() == row.same_call);
            CHECK(found.same_folder.has_value() == row.same_folder);
            CHECK(found.same_key.has_value() == row.same_key);
        }
    }

    TEST_CASE("two domains of one's own that begin alike share no memory")
    {
        Memory memory;
        const auto on = [](std::string_view host, std::string_view target) {
            auto asked = passage("GET", target);
            asked.host = host;
            return asked;
        };
        memory.remember(on("www.a.com", "/k"), "ARCHIVE");
        CHECK(memory.recall(on("www.a.com", "/k")).same_call);
        const auto other = memory.recall(on("www.b.com", "/k"));
        CHECK_FALSE(other.same_key);
        CHECK(other.storage_class.empty());
        memory.remember(on("cos.a.com", "/folder/k"), "");
        CHECK_FALSE(memory.recall(on("cos.a.com", "/other/k")).same_folder);
        CHECK(memory.recall(on("cos.a.com", "/other/k")).same_key);
    }

    TEST_CASE("a class told by a list is known for each way of asking for the object")
    {
        Memory memory;
        const auto asked = passage("GET", "/a%20b?versionId=1", "");
        memory.remember_class(asked.host, "/a%20b", "DEEP_ARCHIVE", noon);
        CHECK(memory.recall(asked).storage_class == "DEEP_ARCHIVE");
        CHECK_FALSE(memory.recall(asked).read_unsigned);
    }

    TEST_CASE("facts say how old they are, and end after an hour")
    {
        Memory memory;
        memory.remember(passage("GET", "/k"), "");
        CHECK(*memory.recall(passage("GET", "/k", "AKIDa", noon + 12)).same_call == 12);
        CHECK(memory.recall(passage("GET", "/k", "AKIDa", noon + 3600)).same_call);
        CHECK_FALSE(memory.recall(passage("GET", "/k", "AKIDa", noon + 3601)).same_call);
        CHECK(*memory.recall(passage("GET", "/k", "AKIDa", noon - 5)).same_call == 0);
    }

    TEST_CASE("an object that was read without a signature, and its class, are known to everybody")
    {
        Memory memory;
        memory.remember(passage("HEAD", "/k", ""), "ARCHIVE");
        const auto found = memory.recall(passage("GET", "/k", "AKIDa"));
        CHECK(found.read_unsigned);
        CHECK(found.storage_class == "ARCHIVE");
        CHECK_FALSE(memory.recall(passage("GET", "/other", "AKIDa")).read_unsigned);
        CHECK(memory.recall(passage("GET", "/other", "AKIDa")).storage_class.empty());
        memory.remember(passage("GET", "/odd"), "NO_SUCH_CLASS");
        CHECK(memory.recall(passage("GET", "/odd")).storage_class.empty());
    }

    TEST_CASE("a token is known by the key that it came with")
    {
        Memory memory;
        auto allowed = passage("GET", "/k");
        allowed.token = "token";
        memory.remember(allowed, "");
        CHECK(*memory.recall(allowed).token_of_this_key);
        allowed.key_id = "AKIDb";
        CHECK_FALSE(*memory.recall(allowed).token_of_this_key);
        allowed.token = "another";
        CHECK_FALSE(memory.recall(allowed).token_of_this_key);
    }

    TEST_CASE("refusals of one call are counted as attempts while they follow each other")
    {
        Memory memory;
        CHECK(memory.refuse(passage("PUT", "/k"), "1").number == 1);
        const auto second = memory.refuse(passage("PUT", "/k", "AKIDa", noon + 9), "2");
        CHECK(second.number == 2);
        CHECK(second.first_id == "1");
        auto retry = passage("PUT", "/k", "AKIDa", noon + 60);
        retry.host = "examplebucket-1250000000.cos.ap-beijing.tencentcos.cn";
        CHECK(memory.refuse(retry, "3").number == 1);
        retry.at += 50;
        retry.retry = true;
        CHECK(memory.refuse(retry, "4").first_id == "3");
        auto other = passage("PUT", "/k", "AKIDa", noon + 111);
        other.client = "192.0.2.8";
        CHECK(memory.refuse(other, "5").number == 1);
        CHECK(memory.refuse(passage("PUT", "/l", "AKIDa", noon + 111), "6").number == 1);
    }

    TEST_CASE(
        "a hundred thousand facts fit, the newest of them for sure, and threads do not disturb each other"
    )
    {
        Memory memory;
        std::vector<std::thread> threads;
        for (int part = 0; part < 4; ++part) {
            threads.emplace_back([&memory, part] {
                for (int i = 0; i < 12500; ++i)
                    memory.remember(passage("GET", "/" + std::to_string(part) + "/" + std::to_string(i)), "");
            });
        }
        for (auto& thread : threads)
            thread.join();
        int kept = 0;
        for (int part = 0; part < 4; ++part) {
            for (int i = 0; i < 12500; ++i)
                kept += memory.recall(passage("GET", "/" + std::to_string(part) + "/" + std::to_string(i)))
                                .same_call
                            ? 1
                            : 0;
        }
        CHECK(kept > 45000);
        memory.remember(passage("GET", "/last"), "");
        CHECK(memory.recall(passage("GET", "/last")).same_call);
    }
}

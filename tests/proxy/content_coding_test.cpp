// SPDX-License-Identifier: Apache-2.0
#include "proxy/content_coding.hpp"
#include "tests/support/coded.hpp"

#include <doctest/doctest.h>

using namespace cosdiag;
using test::coded;

TEST_SUITE("proxy/content_coding")
{
    TEST_CASE("gzip, zlib and bare deflate are undone")
    {
        const std::string text = "<Error><Code>AccessDenied</Code></Error>";

        struct Row {
            const char* coding;
            int window_bits;
        };

        for (const Row row :
             {Row{"gzip", 31}, Row{"GZip", 31}, Row{"x-gzip", 31}, Row{"deflate", 15}, Row{"deflate", -15}}) {
            CAPTURE(row.coding);
            const auto decoded = decode_content(row.coding, coded(text, row.window_bits), 4096);
            REQUIRE(decoded);
            CHECK(decoded->bytes == text);
            CHECK(decoded->complete);
        }
    }

    TEST_CASE("a cut body gives what there is of it, and says that it is not all")
    {
        const std::string text(3000, 'a');
        const std::string whole = coded(text + "the end", 31);
        const auto decoded =
            decode_content("gzip", std::string_view(whole).substr(0, whole.size() - 12), 1 << 20);
        REQUIRE(decoded);
        CHECK_FALSE(decoded->complete);
        CHECK((text + "the end").starts_with(decoded->bytes));
    }

    TEST_CASE("a bomb stops at the limit")
    {
        const auto decoded = decode_content("gzip", coded(std::string(10'000'000, 'a'), 31), 256 * 1024);
        REQUIRE(decoded);
        CHECK(decoded->bytes.size() == 256 * 1024);
        CHECK_FALSE(decoded->complete);
    }

    TEST_CASE("other codings and other bytes give nothing")
    {
        CHECK_FALSE(decode_content("br", "whatever", 100));
        CHECK_FALSE(decode_content("gzip", "no gzip at all", 100));
        CHECK_FALSE(decode_content("deflate", "\xff\xff\xff\xff", 100));
    }
}

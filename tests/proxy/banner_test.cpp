// SPDX-License-Identifier: Apache-2.0
#include "proxy/banner.hpp"

#include <doctest/doctest.h>

#include <array>

using namespace cosdiag;

namespace {

bool has(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

TEST_SUITE("proxy/banner")
{
    TEST_CASE("every address is named, and the lines to copy bear the first")
    {
        const std::array<std::string, 2> addresses{"127.0.0.1:8403", "[::1]:8404"};
        const std::string text = banner(addresses, "", false);
        CHECK(has(text, "cosdiag listening on 127.0.0.1:8403\ncosdiag listening on [::1]:8404\n"));
        CHECK(has(text, "  export HTTP_PROXY=http://127.0.0.1:8403\n"));
        CHECK(has(text, "  export http_proxy=http://127.0.0.1:8403\n"));
        CHECK(has(text, "  export NO_PROXY=localhost,127.0.0.1\n"));
        CHECK(has(text, "HTTPS passes through unseen"));
        CHECK(has(text, "in this output."));
    }

    TEST_CASE("the lines to copy bear an address that can be dialled, where the proxy listens on all of them")
    {
        struct Row {
            const char* listening;
            const char* dialled;
        };

        const Row rows[] = {
            {"0.0.0.0:8403", "http://127.0.0.1:8403\n"},
            {"[::]:8403", "http://[::1]:8403\n"},
            {"192.0.2.1:80", "http://192.0.2.1:80\n"},
            {"10.0.0.0:8403", "http://10.0.0.0:8403\n"},
        };
        for (const Row& row : rows) {
            CAPTURE(row.listening);
            const std::array<std::string, 1> addresses{row.listening};
            CHECK(has(banner(addresses, "", false), std::string("export HTTP_PROXY=") + row.dialled));
        }
    }

    TEST_CASE("the log's file is named, and colour is there only when asked for")
    {
        const std::array<std::string, 1> addresses{"127.0.0.1:8403"};
        CHECK(has(banner(addresses, "/var/log/cosdiag.jsonl", false), "and in /var/log/cosdiag.jsonl."));
        CHECK_FALSE(has(banner(addresses, "", false), "\033"));
        CHECK(has(banner(addresses, "", true), "\033[1m127.0.0.1:8403\033[0m"));
    }
}

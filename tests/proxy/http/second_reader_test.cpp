// SPDX-License-Identifier: Apache-2.0
// Ours beside Boost.Beast's parser: nothing that we accept may mean something else to another reader.
#include "tests/support/second_reader.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace cosdiag;

namespace {

/// Pieces of which heads are thrown together, good and bad.
constexpr std::string_view pieces[] = {
    "GET",
    "POST",
    " ",
    "  ",
    "\t",
    "http://a.example/",
    "/x?y",
    "*",
    "HTTP/1.1",
    "HTTP/1.0",
    "HTTP/2.0",
    "\r\n",
    "\n",
    "\r",
    "Host: a.example\r\n",
    "Content-Length: 3\r\n",
    "Content-Length: 03\r\n",
    "Content-Length: +3\r\n",
    "Content-Length: 3, 3\r\n",
    "Content-Length : 3\r\n",
    "Transfer-Encoding: chunked\r\n",
    "Transfer-Encoding: gzip, chunked\r\n",
    "Transfer-Encoding: identity\r\n",
    "transfer-encoding:CHUNKED\r\n",
    "Transfer-Encoding: x\r\n",
    "X: a\r\n b\r\n",
    "X:\r\n",
    ": x\r\n",
    "Connection: close\r\n",
    "Connection: keep-alive\r\n",
    "X: \x80\xff\r\n",
    "X: \x01\r\n",
    "X-Y_Z: \t v \t\r\n",
};

std::string request_of(std::mt19937& dice)
{
    const auto any = [&] { return pieces[dice() % std::size(pieces)]; };
    std::string bytes = dice() % 4 != 0 ? "POST http://a.example/x HTTP/1.1\r\nHost: a.example\r\n" : "";
    for (auto i = dice() % 6; i != 0; --i)
        bytes += any();
    return bytes + "\r\n";
}

} // namespace

TEST_SUITE("proxy/http/second_reader")
{
    TEST_CASE("of two hundred thousand heads thrown together, Beast reads those we accept as we do")
    {
        std::mt19937 dice(8403); // NOLINT(cert-msc51-cpp): the same heads each time
        unsigned accepted = 0;
        for (int round = 0; round < 200'000; ++round) {
            const std::string bytes = request_of(dice);
            http::HeadScanner scanner(http::HeadScanner::Role::request);
            const auto found = scanner.scan(bytes, 4096);
            if (found.fault || found.end == 0)
                continue;
            const auto whole = std::string_view(bytes).substr(found.begin, found.end - found.begin);
            http::RequestHead head;
            if (http::parse_request(whole, {}, head))
                continue;
            const auto framing = http::request_framing(head);
            if (!std::holds_alternative<http::Framing>(framing))
                continue;
            ++accepted;
            const auto different =
                test::difference(head, std::get<http::Framing>(framing), test::read_again<true>(whole));
            if (!different.empty()) {
                CAPTURE(bytes);
                FAIL(different);
            }
        }
        CHECK(accepted > 10'000);
    }
}

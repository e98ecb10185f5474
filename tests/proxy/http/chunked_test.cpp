// SPDX-License-Identifier: Apache-2.0
#include "proxy/http/chunked.hpp"

#include <doctest/doctest.h>

using namespace cosdiag::http;

namespace {

struct Walked {
    std::string out;
    std::string rest; ///< not consumed
    std::string data;
    bool done = false;
    bool fault = false;
};

/// Feeds the bytes in pieces of this size.
Walked
walk(std::string_view bytes, std::size_t piece, ChunkedBody::Output output = ChunkedBody::Output::relay)
{
    ChunkedBody body(output);
    Tap tap;
    Walked result;
    std::string pending;
    for (std::size_t at = 0; at < bytes.size() && !result.done && !result.fault; at += piece) {
        pending += bytes.substr(at, piece);
        const auto step = body.filter(pending.data(), pending.size(), &tap);
        result.out.append(pending, 0, step.produced);
        pending.erase(0, step.consumed);
        result.done = step.done;
        result.fault = !step.fault.empty();
        if (result.done)
            pending += bytes.substr(std::min(bytes.size(), at + piece));
    }
    result.rest = pending;
    result.data = tap.data;
    return result;
}

} // namespace

TEST_SUITE("proxy/http/chunked")
{
    TEST_CASE("chunks pass as they are but for extensions and trailers that must not stand there, however "
              "they arrive")
    {
        struct Row {
            const char* in;
            const char* out;
            const char* data;
        };

        const Row rows[] = {
            {"0\r\n\r\n", "0\r\n\r\n", ""},
            {"3\r\nabc\r\n0\r\n\r\n", "3\r\nabc\r\n0\r\n\r\n", "abc"},
            {"3;x=y\r\nabc\r\n0;z\r\n\r\n", "3\r\nabc\r\n0\r\n\r\n", "abc"},
            {"3;x=\"a;\\\"b\"\r\nabc\r\n0\r\n\r\n", "3\r\nabc\r\n0\r\n\r\n", "abc"},
            {"00A\r\n0123456789\r\n000\r\n\r\n", "00A\r\n0123456789\r\n000\r\n\r\n", "0123456789"},
            {"a\r\n0\r\n\r\n56789\r\n0\r\n\r\n", "a\r\n0\r\n\r\n56789\r\n0\r\n\r\n", "0\r\n\r\n56789"},
            {"1\r\na\r\n2\r\nbc\r\n0\r\nX-T: v\r\nY: w\r\n\r\n",
             "1\r\na\r\n2\r\nbc\r\n0\r\nX-T: v\r\nY: w\r\n\r\n",
             "abc"},
            {"1\r\na\r\n0\r\nContent-Length: 5\r\nX: y\r\nHost: b\r\n\r\n",
             "1\r\na\r\n0\r\nX: y\r\n\r\n",
             "a"},
        };
        for (const Row& row : rows) {
            CAPTURE(row.in);
            const std::string bytes = std::string(row.in) + "next";
            for (std::size_t piece = 1; piece <= bytes.size(); ++piece) {
                CAPTURE(piece);
                const Walked relayed = walk(bytes, piece);
                CHECK(relayed.out == row.out);
                CHECK(relayed.data == row.data);
                CHECK(relayed.done);
                CHECK(relayed.rest == "next");
                const Walked decoded = walk(bytes, piece, ChunkedBody::Output::decode);
                CHECK(decoded.out == row.data);
                CHECK(decoded.done);
                CHECK(decoded.rest == "next");
            }
        }
    }

    TEST_CASE("what is no chunked coding is a fault")
    {
        const char* const bad[] = {
            "\r\n",
            "x\r\n",
            "-1\r\n",
            "+1\r\n",
            "0x1\r\n",
            " 1\r\na\r\n",
            "1 \r\na\r\n",
            "1\na\r\n",
            "1\r\nab\r\n",
            "1\r\na\n0\r\n\r\n",
            "1\r\naX\r\n",
            "3;x\n",
            "ffffffffffffffffff\r\n",
            "10000000000000000\r\n",
            ";x\r\n",
            "0\r\nbad trailer\r\n\r\n",
            "0\r\nX : y\r\n\r\n",
            "0\r\n X: y\r\n\r\n",
            "0\r\nX: y\n\r\n",
            "0\r\n\n",
            "1\r\na\r\n\r\n0\r\n\r\n",
            "1;a\x01\r\na\r\n0\r\n\r\n",
            "1;a\rb\r\na\r\n0\r\n\r\n",
        };
        for (const char* bytes : bad) {
            CAPTURE(bytes);
            for (const std::size_t piece : {1U, 2U, 1000U}) {
                CAPTURE(piece);
                const Walked walked = walk(bytes, piece);
                CHECK(walked.fault);
                CHECK_FALSE(walked.done);
            }
        }
    }

    TEST_CASE("size lines and trailer sections have bounds")
    {
        CHECK(walk("1;" + std::string(10'000, 'x'), 100'000).fault);
        std::string trailers = "0\r\n";
        while (trailers.size() < 40'000)
            trailers += "X-Long-Name: " + std::string(1000, 'y') + "\r\n";
        CHECK(walk(trailers + "\r\n", 4096).fault);
    }

    TEST_CASE("a tap keeps what fits and says when that is not all")
    {
        Tap tap;
        tap.limit = 4;
        tap.add("abc");
        CHECK_FALSE(tap.full());
        CHECK_FALSE(tap.cut);
        tap.add("def");
        CHECK(tap.full());
        CHECK(tap.cut);
        CHECK(tap.data == "abcd");
    }
}

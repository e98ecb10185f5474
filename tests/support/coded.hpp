// SPDX-License-Identifier: Apache-2.0
// Content codings for the tests, made by zlib.
#pragma once

#include <doctest/doctest.h>
#include <zlib.h>

#include <string>
#include <string_view>

namespace cosdiag::test {

/// `window_bits` as zlib's deflateInit2 wants them: MAX_WBITS + 16 for gzip.
inline std::string coded(std::string_view text, int window_bits)
{
    z_stream stream{};
    REQUIRE(
        ::deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY) == Z_OK
    );
    std::string in(text);
    std::string out(in.size() + 1024, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(in.data());
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    REQUIRE(::deflate(&stream, Z_FINISH) == Z_STREAM_END);
    out.resize(stream.total_out);
    ::deflateEnd(&stream);
    return out;
}

} // namespace cosdiag::test

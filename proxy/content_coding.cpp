// SPDX-License-Identifier: Apache-2.0
#include "proxy/content_coding.hpp"

#include "proxy/http/field.hpp"

#include <zlib.h>

#include <algorithm>

namespace cosdiag {

namespace {

constexpr int gzip_or_zlib = MAX_WBITS + 32; ///< zlib.h, inflateInit2: tells the two apart by their headers
constexpr int raw_deflate = -MAX_WBITS;      ///< what some servers send as deflate

std::optional<Decoded> inflate_all(std::string_view bytes, std::size_t limit, int window_bits)
{
    z_stream stream{};
    if (::inflateInit2(&stream, window_bits) != Z_OK)
        return std::nullopt;
    std::string in(bytes); // zlib's type knows no const
    stream.next_in = reinterpret_cast<Bytef*>(in.data());
    stream.avail_in = static_cast<uInt>(in.size());
    Decoded out;
    out.bytes.resize(std::min(limit, bytes.size() * 4 + 1024));
    int status = Z_OK;
    std::size_t size = 0;
    for (;;) {
        stream.next_out = reinterpret_cast<Bytef*>(out.bytes.data() + size);
        stream.avail_out = static_cast<uInt>(out.bytes.size() - size);
        status = ::inflate(&stream, Z_SYNC_FLUSH);
        size = out.bytes.size() - stream.avail_out;
        if (status != Z_OK || stream.avail_out != 0 || size == limit)
            break;
        out.bytes.resize(std::min(limit, size * 2));
    }
    ::inflateEnd(&stream);
    out.bytes.resize(size);
    out.complete = status == Z_STREAM_END;
    if (status == Z_DATA_ERROR && size == 0)
        return std::nullopt;
    return out;
}

} // namespace

std::optional<Decoded> decode_content(std::string_view coding, std::string_view bytes, std::size_t limit)
{
    if (http::equals(coding, "gzip") || http::equals(coding, "x-gzip"))
        return inflate_all(bytes, limit, gzip_or_zlib);
    if (!http::equals(coding, "deflate"))
        return std::nullopt;
    auto decoded = inflate_all(bytes, limit, gzip_or_zlib);
    return decoded ? decoded : inflate_all(bytes, limit, raw_deflate);
}

} // namespace cosdiag

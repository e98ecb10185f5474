// SPDX-License-Identifier: Apache-2.0
// A chunked body comes to the same however it is cut; relayed it is chunked again, with the same data.
#include "proxy/http/chunked.hpp"
#include "support.hpp"

using namespace cosdiag;
using fuzz::require;

namespace {

struct Walked {
    std::string out;
    std::string data;
    std::size_t consumed = 0;
    bool done = false;
    bool fault = false;
};

Walked walk(std::string_view bytes, std::size_t piece, http::ChunkedBody::Output output)
{
    http::ChunkedBody body(output);
    http::Tap tap;
    tap.limit = 1 << 20;
    Walked result;
    std::string pending;
    for (std::size_t at = 0; at < bytes.size() && !result.done && !result.fault; at += piece) {
        pending += bytes.substr(at, piece);
        const auto step = body.filter(pending.data(), pending.size(), &tap);
        require(step.produced <= step.consumed && step.consumed <= pending.size(), "nothing is made longer");
        result.out.append(pending, 0, step.produced);
        pending.erase(0, step.consumed);
        result.consumed += step.consumed;
        result.done = step.done;
        result.fault = !step.fault.empty();
    }
    result.data = tap.data;
    return result;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0)
        return 0;
    const std::string_view bytes = fuzz::text(data + 1, size - 1);
    using Output = http::ChunkedBody::Output;
    const Walked whole = walk(bytes, bytes.size() + 1, Output::relay);
    const Walked pieces = walk(bytes, data[0] % 16U + 1U, Output::relay);
    require(whole.done == pieces.done && whole.fault == pieces.fault, "split or not");
    const Walked decoded = walk(bytes, bytes.size() + 1, Output::decode);
    require(decoded.done == whole.done && decoded.fault == whole.fault, "relayed or decoded");
    if (whole.done) {
        require(whole.out == pieces.out && whole.data == pieces.data, "the same bytes, split or not");
        require(whole.consumed == pieces.consumed, "the same end");
        require(decoded.out == whole.data, "decoding gives the data");
        const Walked again = walk(whole.out, whole.out.size(), Output::relay);
        require(again.done && again.out == whole.out && again.data == whole.data, "what leaves is chunked");
    }
    return 0;
}

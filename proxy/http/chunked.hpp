// SPDX-License-Identifier: Apache-2.0
// The chunked transfer coding (RFC 9112 §7.1), checked and passed on in the buffer it was read into.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace cosdiag::http {

/// A bounded copy of body bytes that stream past.
struct Tap {
    std::size_t limit = 64 * 1024; ///< bytes
    std::string data;
    bool cut = false; ///< more came than fits

    void add(std::string_view bytes)
    {
        const std::size_t room = limit - data.size();
        cut = cut || bytes.size() > room;
        data.append(bytes.substr(0, room));
    }

    bool full() const noexcept { return data.size() == limit; }
};

/// Walks a chunked body piece by piece. Relaying keeps the chunks as they are but for their extensions and
/// for trailer fields that must not stand there; decoding leaves the data alone. Either never makes bytes
/// more, so the result replaces the input where it stands.
class ChunkedBody {
public:
    enum class Output : std::uint8_t { relay, decode };

    explicit ChunkedBody(Output output = Output::relay) noexcept : x_output_(output) {}

    struct Step {
        std::size_t consumed =
            0; ///< bytes of the input that are done with; the rest comes again, with more behind it
        std::size_t produced = 0; ///< bytes at the input's front that are to be sent on
        bool done = false;        ///< the body's end was among the consumed bytes
        std::string_view fault;   ///< what is wrong with the coding, empty if nothing
    };

    /// Works on the next `size` bytes in place. `tap`, if given, gets the body's data.
    /// Bounds: a chunk's size line or a trailer line of more than `max_line` bytes, or more than
    /// `max_trailers` bytes of trailer section are faults.
    Step filter(char* bytes, std::size_t size, Tap* tap = nullptr);

    static constexpr std::size_t max_line = 8 * 1024;
    static constexpr std::size_t max_trailers = 32 * 1024;

private:
    enum class State : std::uint8_t { size_line, data, data_end, trailers, done };
    struct Cursor;

    bool take_size_line(Cursor& cursor);
    void take_data(Cursor& cursor, Tap* tap);
    bool take_data_end(Cursor& cursor);
    bool take_trailer(Cursor& cursor);

    Output x_output_;
    State x_state_ = State::size_line;
    std::uint64_t x_left_ = 0; ///< data bytes of the current chunk still to come
    std::size_t x_trailers_ = 0;
};

} // namespace cosdiag::http

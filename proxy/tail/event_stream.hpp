// SPDX-License-Identifier: Apache-2.0
// Server-sent events (WHATWG HTML §9.2.6, "Interpreting an event stream"): bytes in, events out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace cosdiag::tail {

struct Event {
    std::string type; ///< `message` where the stream does not say
    std::string data; ///< its lines, joined by line feeds
    std::string id;   ///< of this event or the last before it that had one

    friend bool operator==(const Event&, const Event&) = default;
};

/// Reads one stream, whatever pieces it comes in. `retry` is not asked for and passed over.
class EventStream {
public:
    using EachEvent = std::function<void(const Event& event)>;

    /// Bytes that a line, or the data of an event, may have. Events beyond that are left out.
    static constexpr std::size_t longest = std::size_t{4} * 1024 * 1024;

    /// Calls for each event that ends in these bytes.
    void feed(std::string_view all, const EachEvent& each);

    /// Events that were left out.
    std::uint64_t too_long() const noexcept { return x_too_long_; }

private:
    void keep(std::string_view bytes);
    void end_line(const EachEvent& each);
    void take_field(std::string_view name, std::string_view value);
    void dispatch(const EachEvent& each);

    std::string x_line_;
    bool x_first_line_ = true;
    bool x_after_return_ = false; ///< a line feed that comes next belongs to the CR before it
    bool x_dropping_ = false;     ///< the event under way is too long
    bool x_has_data_ = false;
    std::string x_type_, x_data_, x_id_;
    std::uint64_t x_too_long_ = 0;
};

} // namespace cosdiag::tail

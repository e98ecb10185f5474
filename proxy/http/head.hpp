// SPDX-License-Identifier: Apache-2.0
// Heads of HTTP/1.1 messages: finding where one ends, and reading it strictly into views of the buffer.
//
// Strict means: whatever two parsers could read in two ways is a fault (RFC 9112 §11.2). Lines end in CRLF
// and nothing else, a field name touches its colon, no line is folded, no control character stands anywhere.
#pragma once

#include "proxy/http/field.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace cosdiag::http {

/// What is wrong with a head. The words complete "the message was refused because …".
struct HeadFault {
    enum class Kind : std::uint8_t { none, malformed, target_too_long, too_large, version };
    Kind kind = Kind::none;
    std::string_view what;

    explicit operator bool() const noexcept { return kind != Kind::none; }
};

/// Bounds of a head. Units: bytes, field lines.
struct HeadLimits {
    std::size_t bytes = 64 * 1024;
    std::size_t fields = 200;
};

/// Finds the end of a head that arrives piece by piece, each byte looked at once. A bare LF and a first byte
/// that starts no HTTP message are faults at once: nothing waits for more of what can never become a head.
class HeadScanner {
public:
    enum class Role : std::uint8_t { request, response };

    explicit HeadScanner(Role role) noexcept : x_role_(role) {}

    struct Result {
        std::size_t begin =
            0; ///< where the start-line begins: empty lines before a request are skipped (RFC 9112 §2.2)
        std::size_t end = 0; ///< just past the empty line; 0 while incomplete
        HeadFault fault;
    };

    /// `bytes` is everything received of the message so far, from its first byte.
    Result scan(std::string_view bytes, std::size_t limit) noexcept;

    void reset() noexcept { *this = HeadScanner(x_role_); }

private:
    bool skip_empty_lines(std::string_view bytes, HeadFault& fault) noexcept;
    HeadFault check_start(std::string_view start, bool complete) const noexcept;
    HeadFault too_large() const noexcept;

    Role x_role_;
    std::size_t x_begin_ = 0;   ///< of the start-line
    std::size_t x_line_ = 0;    ///< of the current line
    std::size_t x_scanned_ = 0; ///< bytes that hold no further LF
};

struct RequestHead {
    std::string_view method;
    std::string_view target;
    unsigned minor_version = 1; ///< 0 or 1; a higher minor version of HTTP/1 counts as 1
    Fields fields;
};

struct ResponseHead {
    unsigned minor_version = 1;
    unsigned status = 0; ///< 100 to 999
    std::string_view reason;
    Fields fields;
};

/// Reads a complete head as HeadScanner delimited it. `head` keeps views into `bytes`.
HeadFault parse_request(std::string_view bytes, const HeadLimits& limits, RequestHead& head);
HeadFault parse_response(std::string_view bytes, const HeadLimits& limits, ResponseHead& head);

/// Reads one field line without its CRLF. `what` is set on a fault.
HeadFault parse_field(std::string_view line, FieldLine& field) noexcept;

} // namespace cosdiag::http

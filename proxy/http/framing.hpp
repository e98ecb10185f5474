// SPDX-License-Identifier: Apache-2.0
// Where a message's body ends (RFC 9112 §6), decided so strictly that no other reader can decide otherwise.
#pragma once

#include "proxy/http/head.hpp"

#include <cstdint>
#include <string_view>
#include <variant>

namespace cosdiag::http {

struct Framing {
    enum class Kind : std::uint8_t { none, length, chunked, until_close };
    Kind kind = Kind::none;
    std::uint64_t length = 0; ///< bytes, for Kind::length

    friend bool operator==(const Framing&, const Framing&) = default;
};

/// Why a body's end cannot be told. `status` is what RFC 9112 answers a request with: 400, or 501 for a
/// transfer coding that is not understood.
struct FramingFault {
    unsigned status = 400;
    std::string_view what;
};

using FramingResult = std::variant<Framing, FramingFault>;

FramingResult request_framing(const RequestHead& head);

/// `method` is that of the request this answers: HEAD and CONNECT change the rules.
FramingResult response_framing(const ResponseHead& head, std::string_view method);

/// Whether an answer of this status has a body at all (RFC 9110 §6.4.1), HEAD aside.
constexpr bool has_body(unsigned status) noexcept
{
    return status >= 200 && status != 204 && status != 304;
}

} // namespace cosdiag::http

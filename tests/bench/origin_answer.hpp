// SPDX-License-Identifier: Apache-2.0
// What the origin says to a request: COS's answers in shape and size, with as little work as possible.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace cosdiag::bench {

/// What the origin has to know of a request head.
struct Asked {
    std::string_view method;
    std::string_view path; ///< origin-form, with the query
    std::string_view host;
    std::uint64_t body_bytes = 0;
    bool close = false; ///< HTTP/1.0 or "Connection: close"
};

/// Reads a complete head, the empty line included. Throws std::invalid_argument where it makes no sense.
Asked read_head(std::string_view head);

/// Head and, for the 403, body of an answer; `body_bytes` of filler follow it.
struct Answer {
    std::string head;
    std::uint64_t body_bytes = 0;
};

/// GET /bytes/N… is answered with N bytes, /denied… with COS's 403, PUT with an empty 200. A request id is
/// made for each, Date and request id show the same second.
Answer answer_to(const Asked& asked);

} // namespace cosdiag::bench

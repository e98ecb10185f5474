// SPDX-License-Identifier: Apache-2.0
// What a session takes for as long as a request is under way.
#pragma once

#include "proxy/net/exchange.hpp"

namespace cosdiag::net {

struct Work {
    explicit Work(Context& context) noexcept : exchange(context) {}

    /// Before another head is read: nothing is left of the last one, whose bytes may be gone.
    void begin() noexcept
    {
        scanner.reset();
        head.method = head.target = {};
        head.fields.clear();
    }

    Buffer input; ///< what the client sent: the head, and what came with it
    http::HeadScanner scanner{http::HeadScanner::Role::request};
    http::RequestHead head;
    std::size_t head_size = 0; ///< bytes of input up to the head's end
    Ticks asked_at = 0;        ///< when the head was there
    http::Plan plan;
    Origin origin;
    std::string key; ///< of the origin

    /// Where the pool keeps connections for this request.
    const std::string& pool_key() const noexcept { return origin.forwarded ? origin.parent->key() : key; }

    Exchange exchange;
};

} // namespace cosdiag::net

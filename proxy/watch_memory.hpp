// SPDX-License-Identifier: Apache-2.0
// What the two halves of Watch share: a call as memory tells calls apart, and bodies without content coding.
#pragma once

#include "diagnose/exchange.hpp"
#include "proxy/content_coding.hpp"
#include "proxy/http/head.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace cosdiag {

std::vector<Field> fields_of(const http::Fields& fields);

/// `client` is empty for what was allowed, where nobody asks for it.
Passage passage_of(
    const http::RequestHead& request,
    std::string_view target,
    std::string_view host,
    Seconds at,
    std::string_view client
);

/// Now, by this machine's clock.
Time wall_clock();

bool is_coded(const http::ResponseHead& response) noexcept;

/// Nothing when the coding is not known or the bytes are not of it. `limit`: bytes of the result.
std::optional<Decoded>
decoded_body(const http::ResponseHead& response, std::string_view body, std::size_t limit);

} // namespace cosdiag

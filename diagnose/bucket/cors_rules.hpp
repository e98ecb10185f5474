// SPDX-License-Identifier: Apache-2.0
// A bucket's CORS rules, asked about one request (PUT Bucket cors, 436/8279).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace cosdiag {

/// What a page wants to do. Borrowed.
struct CorsWish {
    std::string_view origin, method;
    std::string_view headers; ///< a list, as Access-Control-Request-Headers has it
};

/// The answer, and what the closest rule lacks.
struct CorsVerdict {
    bool allowed = false;
    std::size_t rules = 0;
    std::size_t nearest = 0; ///< counted from 1; 0 when there is no rule
    std::string id;          ///< of the nearest, often empty
    std::string_view field;  ///< AllowedOrigin, AllowedMethod or AllowedHeader: what does not fit
    std::string has, wanted; ///< what stands there, and what would have to
    std::string_view slip;   ///< a usual mistake in what stands there, in words; often empty
};

/// Nothing when the text is no CORSConfiguration, or the wish longer than any browser's. An empty text has no
/// rules. Where the documentation leaves open whether a rule fits, it does.
std::optional<CorsVerdict> check_cors(std::string_view document, const CorsWish& wish);

} // namespace cosdiag

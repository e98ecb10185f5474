// SPDX-License-Identifier: Apache-2.0
// Reading JSON of which nothing is certain: what is missing or of another type reads as empty.
#pragma once

#include <boost/json/value.hpp>

#include <cstdint>
#include <string_view>

namespace cosdiag {

namespace json = boost::json;

/// Null when the text is no JSON. Bounds: 32 levels.
json::value parse_json(std::string_view text);

/// The first JSON object in a text that has other words before or behind it; null when there is none. Bounds:
/// 32 levels, the first 16 places that an object could begin at.
json::value parse_json_object(std::string_view text);

const json::value& value_in(const json::value& object, std::string_view name) noexcept;
std::string_view text_in(const json::value& object, std::string_view name) noexcept;

/// A number, or a text of digits.
std::int64_t number_in(const json::value& object, std::string_view name) noexcept;

const json::array& list_in(const json::value& value) noexcept;

} // namespace cosdiag

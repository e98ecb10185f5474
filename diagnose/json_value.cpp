// SPDX-License-Identifier: Apache-2.0
#include "diagnose/json_value.hpp"

#include "diagnose/text.hpp"

#include <boost/json/src.hpp>

namespace cosdiag {

namespace {

json::parse_options lenient()
{
    json::parse_options options;
    options.max_depth = 32;
    options.allow_invalid_utf8 = true;
    return options;
}

} // namespace

json::value parse_json(std::string_view text)
{
    json::error_code error;
    auto value = json::parse(text, error, {}, lenient());
    return error ? json::value() : value;
}

json::value parse_json_object(std::string_view text)
{
    constexpr int most_places = 16;
    auto at = text.find('{');
    for (int place = 0; place < most_places && at != std::string_view::npos; ++place) {
        json::error_code error;
        json::stream_parser parser({}, lenient());
        parser.write_some(text.data() + at, text.size() - at, error);
        if (!error && parser.done()) {
            return parser.release();
        }
        at = text.find('{', at + 1);
    }
    return {};
}

const json::value& value_in(const json::value& object, std::string_view name) noexcept
{
    static const json::value nothing;
    if (!object.is_object())
        return nothing;
    const auto* const value = object.get_object().if_contains(name);
    return value == nullptr ? nothing : *value;
}

std::string_view text_in(const json::value& object, std::string_view name) noexcept
{
    const auto& value = value_in(object, name);
    return value.is_string() ? std::string_view(value.get_string()) : std::string_view{};
}

std::int64_t number_in(const json::value& object, std::string_view name) noexcept
{
    const auto& value = value_in(object, name);
    if (value.is_int64())
        return value.get_int64();
    if (value.is_double() && value.get_double() > -1e15 && value.get_double() < 1e15)
        return static_cast<std::int64_t>(value.get_double());
    return whole_number(text_in(object, name)).value_or(0);
}

const json::array& list_in(const json::value& value) noexcept
{
    static const json::array nothing;
    return value.is_array() ? value.get_array() : nothing;
}

} // namespace cosdiag

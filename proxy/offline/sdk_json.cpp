// SPDX-License-Identifier: Apache-2.0
// Errors as JSON objects. XML inside of one is left to the reader of XML, which looks at the same text.
#include "diagnose/json_value.hpp"
#include "diagnose/text.hpp"
#include "proxy/offline/scan.hpp"
#include "proxy/offline/sdk_readers.hpp"

#include <algorithm>
#include <array>

namespace cosdiag::offline {

namespace {

/// The first of these that is an object; null where none is.
const json::value&
object_in(const json::value& root, std::initializer_list<std::string_view> member_names) noexcept
{
    static const json::value nothing;
    for (const auto name : member_names) {
        if (const auto& value = value_in(root, name); value.is_object())
            return value;
    }
    return nothing;
}

/// By COS's names, or in the small letters of other languages.
std::string_view part_in(const json::value& error, std::string_view name)
{
    const auto text = text_in(error, name);
    return text.empty() ? text_in(error, lowered(name)) : text;
}

void take_error(CosError& out, const json::value& error)
{
    const auto code = part_in(error, "Code");
    if (!is_code(code))
        return;
    constexpr std::array pieces{
        std::pair{"Code", &CosError::code},
        std::pair{"Message", &CosError::message},
        std::pair{"StringToSign", &CosError::string_to_sign},
        std::pair{"FormatString", &CosError::format_string},
        std::pair{"Resource", &CosError::resource},
        std::pair{"ServerTime", &CosError::server_time},
        std::pair{"RequestId", &CosError::request_id},
        std::pair{"TraceId", &CosError::trace_id},
    };
    for (const auto& [name, piece] : pieces)
        tell(out.*piece, part_in(error, name));
}

void take_fields(Recording& out, const json::value& headers)
{
    if (!headers.is_object())
        return;
    out.response_fields.emplace();
    for (const auto& [name, value] : headers.get_object()) {
        if (value.is_string())
            out.response_fields->emplace_back(name, value.get_string());
    }
}

unsigned status_in(const json::value& object) noexcept
{
    for (const char* const name : {"statusCode", "status"}) {
        if (const auto number = number_in(object, name); number >= 100 && number < 600)
            return static_cast<unsigned>(number);
    }
    return 0;
}

std::string upper(std::string_view text)
{
    std::string out(text);
    std::ranges::transform(out, out.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    return out;
}

/// From the object itself, or from what axios calls `config`.
void take_asked(Recording& out, const json::value& asked)
{
    if (auto method = upper(text_in(asked, "method")); out.method.empty() && is_method(method))
        out.method = std::move(method);
    if (const auto url = text_in(asked, "url"); out.host.empty() && !url.empty())
        out.set_url(url);
}

} // namespace

void take_json(Told& told, std::string_view text)
{
    const auto root = parse_json_object(text);
    if (!root.is_object())
        return;
    auto& out = told.recording;
    const auto& answer = object_in(root, {"response"});
    out.status = status_in(root);
    if (out.status == 0)
        out.status = status_in(answer);
    take_asked(out, root);
    take_asked(out, object_in(root, {"config", "request", "options"}));
    const auto& fields = object_in(root, {"headers", "header"});
    take_fields(out, fields.is_null() ? object_in(answer, {"headers", "header"}) : fields);
    take_error(told.error, object_in(root, {"error", "Error", "err", "data"}));
    take_error(told.error, root);
}

} // namespace cosdiag::offline

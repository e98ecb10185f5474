// SPDX-License-Identifier: Apache-2.0
#include "diagnose/form.hpp"

#include "diagnose/text.hpp"

#include <algorithm>

namespace cosdiag {
namespace {

constexpr std::size_t max_fields = 64;

std::string_view take_line(std::string_view& text) noexcept
{
    const auto end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) {
        line.remove_suffix(1);
    }
    return line;
}

/// `name="value"` or `name=value` among the parameters of a field value (RFC 9110 §5.6.6), without
/// unescaping.
std::optional<std::string_view> parameter_of(std::string_view value, std::string_view name) noexcept
{
    while (!value.empty()) {
        const auto semicolon = value.find(';');
        if (semicolon == std::string_view::npos) {
            return std::nullopt;
        }
        value = trimmed(value.substr(semicolon + 1));
        const auto equals = value.find('=');
        if (equals == std::string_view::npos) {
            return std::nullopt;
        }
        const bool wanted = same_name(trimmed(value.substr(0, equals)), name);
        value.remove_prefix(equals + 1);
        const bool quoted = value.starts_with('"');
        const auto end = quoted ? value.find('"', 1) : value.find_first_of("; \t");
        if (wanted) {
            const std::size_t skip = quoted ? 1 : 0;
            return value.substr(skip, end == std::string_view::npos ? end : end - skip);
        }
        if (end == std::string_view::npos) {
            return std::nullopt;
        }
        value.remove_prefix(end);
    }
    return std::nullopt;
}

struct Part {
    std::string_view name;
    std::optional<std::string_view> file_name;
};

Part read_part_head(std::string_view& rest) noexcept
{
    Part part;
    while (!rest.empty()) {
        const auto line = take_line(rest);
        if (line.empty()) {
            break;
        }
        const auto colon = line.find(':');
        if (colon == std::string_view::npos || !same_name(line.substr(0, colon), "content-disposition")) {
            continue;
        }
        part.name = parameter_of(line, "name").value_or(std::string_view{});
        part.file_name = parameter_of(line, "filename");
    }
    return part;
}

} // namespace

std::optional<std::string_view> Form::find(std::string_view name) const noexcept
{
    for (const auto& field : fields) {
        if (same_name(field.name, name)) {
            return field.value;
        }
    }
    return std::nullopt;
}

std::optional<std::string_view> form_boundary(std::string_view content_type) noexcept
{
    constexpr std::string_view type = "multipart/form-data";
    if (content_type.size() < type.size() || !same_name(content_type.substr(0, type.size()), type)) {
        return std::nullopt;
    }
    return parameter_of(content_type, "boundary").value_or(std::string_view{});
}

Form read_form(std::string_view body, std::string_view boundary)
{
    Form form;
    if (boundary.empty()) {
        return form;
    }
    const auto delimiter = join("--", boundary);
    auto at = body.find(delimiter);
    while (at != std::string_view::npos && form.fields.size() < max_fields) {
        auto rest = body.substr(at + delimiter.size());
        if (rest.starts_with("--")) {
            form.complete = true;
            return form;
        }
        take_line(rest);
        const auto part = read_part_head(rest);
        if (part.file_name || part.name == "file") {
            form.file_name = part.file_name.value_or(std::string_view{});
            form.complete = true;
            return form;
        }
        const auto end = rest.find(delimiter);
        if (end == std::string_view::npos) {
            return form; // the value may go on beyond what was kept
        }
        auto value = rest.substr(0, end);
        for (const char line_end : {'\n', '\r'}) {
            if (value.ends_with(line_end)) {
                value.remove_suffix(1);
            }
        }
        form.fields.push_back({part.name, value});
        body = rest;
        at = end;
    }
    return form;
}

} // namespace cosdiag

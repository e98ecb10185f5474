// SPDX-License-Identifier: Apache-2.0
#include "diagnose/cos_error.hpp"

#include "diagnose/digest.hpp"
#include "diagnose/text.hpp"

#include <pugixml.hpp>

namespace cosdiag {
namespace {

constexpr std::size_t max_body = 64 * 1024;

std::string_view from_root(std::string_view body) noexcept
{
    constexpr std::string_view open = "<Error";
    for (auto at = body.find(open); at != std::string_view::npos; at = body.find(open, at + 1)) {
        const auto rest = body.substr(at + open.size());
        if (!rest.empty() && (rest.front() == '>' || rest.front() == '/' || is_blank(rest.front()))) {
            return body.substr(at);
        }
    }
    return {};
}

/// Elements of a root that may have been cut off: one counts if its end tag is there.
class Children {
public:
    Children(pugi::xml_node root, std::string_view text, bool whole) : root_(root), text_(text), whole_(whole)
    {
    }

    std::optional<std::string> raw(const char* name) const
    {
        const auto child = root_.child(name);
        if (!child || (!whole_ && text_.find(join("</", name)) == std::string_view::npos)) {
            return std::nullopt;
        }
        return child.child_value();
    }

    std::optional<std::string> trimmed_value(const char* name) const
    {
        auto value = raw(name);
        if (value) {
            *value = std::string(trimmed(*value));
        }
        return value;
    }

private:
    pugi::xml_node root_;
    std::string_view text_;
    bool whole_;
};

std::string without_indentation(std::string_view text)
{
    std::string out;
    for (auto rest = text.substr(first_without(text, is_blank)); rest.find('\n') != std::string_view::npos;) {
        const auto [line, behind] = split_at(rest, '\n');
        out += join(trimmed(line), "\n");
        rest = behind;
    }
    return out;
}

/// Bodies that were pasted have often been indented anew: where that undone gives the SHA-1 that COS shows,
/// it is undone, and where not, indented lines tell nothing.
void undo_indentation(CosError& error)
{
    if (strings_agree(error).value_or(true)) {
        return;
    }
    const bool indented = error.format_string->find("\n ") != std::string::npos ||
                          error.format_string->find("\n\t") != std::string::npos;
    auto bare = without_indentation(*error.format_string);
    if (same_name(read_string_to_sign(*error.string_to_sign).digest, sha1_hex(bare))) {
        error.format_string = std::move(bare);
    } else if (indented) {
        error.format_string.reset();
    }
}

} // namespace

StringToSign read_string_to_sign(std::string_view text) noexcept
{
    const auto behind_first = split_at(trimmed(text), '\n').back;
    const auto [time, rest] = split_at(behind_first, '\n');
    return {trimmed(time), trimmed(split_at(rest, '\n').front)};
}

std::optional<CosError> read_cos_error(std::string_view body)
{
    const auto text = from_root(body.substr(0, max_body));
    if (text.empty()) {
        return std::nullopt;
    }
    pugi::xml_document document;
    constexpr unsigned options = pugi::parse_escapes | pugi::parse_cdata | pugi::parse_eol;
    const auto result = document.load_buffer(text.data(), text.size(), options, pugi::encoding_utf8);
    const auto root = document.child("Error");
    if (!root) {
        return std::nullopt;
    }
    const Children children(root, text, result.status == pugi::status_ok);
    CosError error{
        .code = children.trimmed_value("Code"),
        .message = children.trimmed_value("Message"),
        .resource = children.trimmed_value("Resource"),
        .request_id = children.trimmed_value("RequestId"),
        .trace_id = children.trimmed_value("TraceId"),
        .server_time = children.trimmed_value("ServerTime"),
        .string_to_sign = children.raw("StringToSign"),
        .format_string = children.raw("FormatString"),
    };
    undo_indentation(error);
    return error;
}

std::optional<bool> strings_agree(const CosError& error)
{
    if (!error.string_to_sign || !error.format_string) {
        return std::nullopt;
    }
    return same_name(read_string_to_sign(*error.string_to_sign).digest, sha1_hex(*error.format_string));
}

} // namespace cosdiag

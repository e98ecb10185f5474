// SPDX-License-Identifier: Apache-2.0
#include "diagnose/json.hpp"

#include "diagnose/text.hpp"

namespace cosdiag {
namespace {

constexpr unsigned byte_at(std::string_view text, std::size_t at) noexcept
{
    return static_cast<unsigned char>(text[at]);
}

void append_escape(std::string& out, unsigned byte)
{
    constexpr std::string_view digits = "0123456789abcdef";
    switch (byte) {
    case '"':
    case '\\':
        out += '\\';
        out += static_cast<char>(byte);
        break;
    case '\n':
        out += "\\n";
        break;
    case '\r':
        out += "\\r";
        break;
    case '\t':
        out += "\\t";
        break;
    default:
        out += "\\u00";
        out += digits[byte >> 4U];
        out += digits[byte & 15U];
    }
}

} // namespace

std::size_t utf8_length(std::string_view text) noexcept
{
    if (text.empty()) {
        return 0;
    }
    const unsigned lead = byte_at(text, 0);
    if (lead < 0x80) {
        return 1;
    }
    const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || text.size() < size) {
        return 0;
    }
    for (std::size_t i = 1; i < size; ++i) {
        if ((byte_at(text, i) & 0xC0U) != 0x80U) {
            return 0;
        }
    }
    const unsigned second = byte_at(text, 1);
    const bool overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
    const bool surrogate = lead == 0xED && second > 0x9F;
    const bool too_large = lead == 0xF4 && second > 0x8F;
    return overlong || surrogate || too_large ? 0 : size;
}

void append_json_string(std::string& out, std::string_view text)
{
    out += '"';
    for (;;) {
        const std::size_t run = plain_run(text);
        out.append(text.data(), run);
        text.remove_prefix(run);
        if (text.empty()) {
            break;
        }
        const unsigned byte = byte_at(text, 0);
        const auto size = utf8_length(text);
        if (size == 0) {
            out += "\xEF\xBF\xBD";
            text.remove_prefix(1);
        } else if (byte < 0x20 || byte == '"' || byte == '\\' || byte == 0x7F) {
            append_escape(out, byte);
            text.remove_prefix(1);
        } else {
            out += text.substr(0, size);
            text.remove_prefix(size);
        }
    }
    out += '"';
}

} // namespace cosdiag

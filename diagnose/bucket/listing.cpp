// SPDX-License-Identifier: Apache-2.0
#include "diagnose/bucket/listing.hpp"

#include "diagnose/text.hpp"

#include <pugixml.hpp>

namespace cosdiag {
namespace {

std::string path_of(std::string_view key)
{
    std::string path;
    for (;;) {
        const auto slash = key.find('/');
        path += join("/", percent_encoded(key.substr(0, slash)));
        if (slash == std::string_view::npos) {
            return path;
        }
        key.remove_prefix(slash + 1);
    }
}

} // namespace

std::string without_entities(std::string_view text)
{
    if (text.find('&') == std::string_view::npos) {
        return std::string(text);
    }
    pugi::xml_document document;
    const auto element = join("<Key>", text, "</Key>");
    constexpr unsigned options = pugi::parse_escapes;
    document.load_buffer(element.data(), element.size(), options, pugi::encoding_utf8);
    return document.child_value("Key");
}

bool has_coded_keys(std::string_view list) noexcept
{
    const auto head = list.substr(0, list.find("<Contents>"));
    return head.find("<EncodingType>url<") != std::string_view::npos ||
           head.find("<Encoding-Type>url<") != std::string_view::npos;
}

std::optional<Archived> read_entry(std::string_view piece, bool coded_keys)
{
    constexpr std::string_view open_key = "<Key>";
    constexpr std::string_view open_class = "<StorageClass>";
    const auto entry = piece.rfind("<Contents>");
    if (entry == std::string_view::npos) {
        return std::nullopt;
    }
    piece.remove_prefix(entry);
    const auto key = piece.find(open_key);
    const auto end = piece.find("</Key>");
    const auto storage_class = piece.rfind(open_class);
    if (end == std::string_view::npos || key >= end || storage_class == std::string_view::npos ||
        storage_class < end) {
        return std::nullopt;
    }
    const auto name = without_entities(piece.substr(key + open_key.size(), end - key - open_key.size()));
    return Archived{
        path_of(coded_keys ? percent_decoded(name) : name), piece.substr(storage_class + open_class.size())};
}

} // namespace cosdiag

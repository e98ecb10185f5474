// SPDX-License-Identifier: Apache-2.0
#include "diagnose/bucket/listing.hpp"

#include <pugixml.hpp>

namespace cosdiag {

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

} // namespace cosdiag

// SPDX-License-Identifier: Apache-2.0
// What the readers of a bucket's XML documents share.
#pragma once

#include "diagnose/text.hpp"

#include <pugixml.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace cosdiag {

/// The root of a document, or nothing when the text is not whole or its root has another name.
class BucketXml {
public:
    BucketXml(std::string_view text, const char* root)
    {
        constexpr unsigned options = pugi::parse_escapes | pugi::parse_cdata | pugi::parse_eol;
        if (document_.load_buffer(text.data(), text.size(), options, pugi::encoding_utf8)) {
            const auto element = document_.document_element();
            root_ = element.name() == std::string_view(root) ? element : pugi::xml_node();
        }
    }

    pugi::xml_node root() const noexcept { return root_; }

private:
    pugi::xml_document document_;
    pugi::xml_node root_;
};

inline std::string value_of(pugi::xml_node parent, const char* name)
{
    return std::string(trimmed(parent.child_value(name)));
}

inline std::vector<std::string> values_of(pugi::xml_node parent, const char* name)
{
    std::vector<std::string> out;
    for (const auto child : parent.children(name)) {
        out.emplace_back(trimmed(child.child_value()));
    }
    return out;
}

} // namespace cosdiag

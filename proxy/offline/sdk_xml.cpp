// SPDX-License-Identifier: Apache-2.0
// COS's XML in a log, a page or a string literal. cos_error reads it; here it is found and cut out.
#include "diagnose/text.hpp"
#include "proxy/offline/scan.hpp"
#include "proxy/offline/sdk_readers.hpp"

namespace cosdiag::offline {

namespace {

constexpr std::string_view open_tag = "<Error";
constexpr std::string_view close_tag = "</Error>";

/// From the first <Error> to its end, or to the end of the text where it was cut off.
std::string_view find_element(std::string_view text) noexcept
{
    for (auto at = text.find(open_tag); at != std::string_view::npos; at = text.find(open_tag, at + 1)) {
        const auto behind = text.substr(at + open_tag.size(), 1);
        if (behind == ">" || behind == " ") {
            const auto end = text.find(close_tag, at);
            return text.substr(at, end == std::string_view::npos ? end : end + close_tag.size() - at);
        }
    }
    return {};
}

/// The element as COS sent it, out of what it was written into.
std::string element_in(std::string_view text)
{
    if (const auto found = find_element(text); !found.empty()) {
        const bool literal =
            found.find("\\n") != std::string_view::npos || found.find("\\t") != std::string_view::npos;
        return literal && found.find('\n') == std::string_view::npos ? unescaped(found) : std::string(found);
    }
    if (const auto at = text.find("\\u003cError"); at != std::string_view::npos)
        return std::string(find_element(unescaped(text.substr(at))));
    if (const auto at = text.find("&lt;Error"); at != std::string_view::npos)
        return std::string(find_element(without_entities(text.substr(at))));
    return {};
}

} // namespace

bool take_xml(Told& told, std::string_view text)
{
    auto element = element_in(text);
    auto error = read_cos_error(element);
    if (!error || (!error->code && !error->message))
        return false;
    told.error = std::move(*error);
    told.recording.response_body = std::move(element);
    return true;
}

} // namespace cosdiag::offline

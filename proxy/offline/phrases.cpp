// SPDX-License-Identifier: Apache-2.0
// The last resort: COS's own words, wherever they stand.
#include "diagnose/family.hpp"
#include "diagnose/text.hpp"
#include "proxy/offline/scan.hpp"
#include "proxy/offline/sdk_readers.hpp"

namespace cosdiag::offline {

namespace {

/// What file servers of the interface before version 5 answer; judged by the path.
constexpr std::string_view old_interface = "You do not have permission to get URL '";

struct First {
    std::size_t at = std::string_view::npos;
    std::string_view phrase;
};

void keep_first(First& first, std::string_view text, std::string_view phrase) noexcept
{
    // What stands behind the first one need not be looked at.
    const auto end = first.at == std::string_view::npos ? text.size() : first.at;
    if (const auto at = find_whole(text.substr(0, end), phrase); at != std::string_view::npos)
        first = {at, phrase};
}

void take_old_interface(Told& told, std::string_view text)
{
    const auto at = text.find(old_interface);
    if (at == std::string_view::npos || told.error.code || told.error.message)
        return;
    const auto path = unescaped(between(text, old_interface, "'\n"));
    if (!path.starts_with("/files/v"))
        return;
    auto& out = told.recording;
    out.status = out.status == 0 ? 403 : out.status;
    out.target = out.target.empty() ? path : out.target;
    out.response_body = join(old_interface, path, "' from this server.");
    told.traced = true;
}

} // namespace

void take_phrases(Told& told, std::string_view text)
{
    take_old_interface(told, text);
    First code;
    First message;
    for (const auto& phrase : refusal_phrases())
        keep_first(phrase.find(' ') == std::string_view::npos ? code : message, text, phrase);
    const bool alone = !told.error.code && !told.error.message;
    tell(told.error.code, code.phrase);
    if (alone || told.error.code == code.phrase)
        tell(told.error.message, message.phrase);
    if (alone && (told.error.code || told.error.message))
        told.recording.notes.emplace_back("only words of COS were recognised in the text, not its form");
}

} // namespace cosdiag::offline

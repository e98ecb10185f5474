// SPDX-License-Identifier: Apache-2.0
// Errors as programs print them: which reader looks at what.
#include "diagnose/text.hpp"
#include "proxy/offline/readers.hpp"
#include "proxy/offline/scan.hpp"
#include "proxy/offline/sdk_readers.hpp"

namespace cosdiag::offline {

namespace {

Told read_told(std::string_view text)
{
    Told told;
    take_json(told, text);
    if (told.error.code || take_xml(told, text)) {
        auto error = told.error; // whole: what the text says besides is about the request
        take_pairs(told, text);
        told.error = std::move(error);
    } else {
        take_pairs(told, text);
        if (!told.error.code && text.find("\\\"") != std::string_view::npos)
            take_pairs(told, unescaped(text)); // JSON in a string of JSON
        take_sentences(told, text);
        take_phrases(told, text);
    }
    take_request(told, text);
    return told;
}

} // namespace

std::vector<Recording> read_sdk_error(std::string_view text)
{
    return finished(read_told(text));
}

std::vector<Recording> read_any(std::string_view text)
{
    for (const auto read : {read_har, read_curl_trace, read_messages, read_sdk_error}) {
        if (auto recordings = read(text); !recordings.empty())
            return recordings;
    }
    return {};
}

} // namespace cosdiag::offline

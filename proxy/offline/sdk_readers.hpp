// SPDX-License-Identifier: Apache-2.0
// What an error that was printed can be read from. Each reader adds what it finds and leaves what was told.
#pragma once

#include "proxy/offline/told.hpp"

#include <string_view>

namespace cosdiag::offline {

/// The first JSON object: `err` of the JavaScript SDKs, an answer of wx.request, the log of an HTTP library.
void take_json(Told& told, std::string_view text);

/// COS's XML anywhere, escaped or cut off. Whether there was any.
bool take_xml(Told& told, std::string_view text);

/// Names with values behind them.
void take_pairs(Told& told, std::string_view text);

/// Sentences in which a tool names the error by its place: Go, Java, boto3, aws, s3cmd.
void take_sentences(Told& told, std::string_view text);

/// COS's own names and messages as whole phrases, for what is not told yet; with a note when nothing was.
void take_phrases(Told& told, std::string_view text);

/// The request, where the text shows it: a command of curl, the Java SDK's log, a URL with its method.
void take_request(Told& told, std::string_view text);

/// The command of curl in the text. Whether there was one.
bool take_curl_command(Recording& out, std::string_view text);

} // namespace cosdiag::offline

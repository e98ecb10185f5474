// SPDX-License-Identifier: Apache-2.0
// Readers of what people have at hand when a 403 came: each takes a text and gives the exchanges it finds in
// it.
#pragma once

#include "proxy/offline/recording.hpp"

#include <string_view>
#include <vector>

namespace cosdiag::offline {

/// Every exchange of an HTTP archive (HAR 1.2). Empty when the text is none.
std::vector<Recording> read_har(std::string_view text);

/// Every exchange of what `curl -v` writes, with or without the body in between. Empty when the text is none.
std::vector<Recording> read_curl_trace(std::string_view text);

/// A request and the answer to it as they stood on the wire, or an answer alone (`curl -i`). Line ends may be
/// LF.
std::vector<Recording> read_messages(std::string_view text);

/// The error of an SDK: a JSON object (Node, mini programs), or a line or two of text (Go, Java, Python,
/// PHP), or COS's XML somewhere in a log. Status 403 is taken for granted where none is told.
std::vector<Recording> read_sdk_error(std::string_view text);

/// What the text is, by the order: HAR, SDK error in JSON, curl's trace, messages, SDK error in text.
std::vector<Recording> read_any(std::string_view text);

} // namespace cosdiag::offline

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

/// A request and the answer to it as they stood on the wire, or an answer alone (`curl -i`), behind the
/// command perhaps. Line ends may be LF.
std::vector<Recording> read_messages(std::string_view text);

/// The error as a program printed it, words around it: JSON, XML, names with values, sentences; in the end
/// COS's own words. One recording at most; its status is 0 where none is told and the code is none of a 403.
std::vector<Recording> read_sdk_error(std::string_view text);

/// What the text is, by the order above.
std::vector<Recording> read_any(std::string_view text);

} // namespace cosdiag::offline

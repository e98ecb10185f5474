// SPDX-License-Identifier: Apache-2.0
// A diagnosis as a response field, as a log line, and as a block for people.
#pragma once

#include "diagnose/diagnosis.hpp"
#include "diagnose/language.hpp"

#include <string>

namespace cosdiag {

/// The value of X-Cos-Diagnosis: an RFC 9651 List of Tokens with parameters, at most three findings,
/// at most 1,024 bytes, printable ASCII whatever the findings hold.
std::string header_value(const Diagnosis& diagnosis);

/// One JSON object of schema `cosdiag.diagnosis/1`, without a newline; control characters are escaped, UTF-8
/// is valid.
std::string json_line(const Diagnosis& diagnosis);

/// Appends the same to `out`, for who writes many of them.
void append_json_line(std::string& out, const Diagnosis& diagnosis);

struct BlockStyle {
    bool colour = false;
    unsigned width = 100; ///< columns to wrap at
    Language language = Language::english;
};

/// A short block for a terminal, ending in a newline. Nothing from the wire can move the cursor or set a
/// colour.
std::string block(const Diagnosis& diagnosis, BlockStyle style);

} // namespace cosdiag

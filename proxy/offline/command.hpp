// SPDX-License-Identifier: Apache-2.0
// `cosdiag diagnose`: the engine on what was written down, without a proxy in between.
#pragma once

#include "diagnose/language.hpp"
#include "diagnose/signature/signing.hpp"

#include <iosfwd>
#include <span>
#include <string>

namespace cosdiag::offline {

enum class Form {
    block,  ///< for people
    json,   ///< lines of the log's schema
    bundle, ///< one object per 403 for a support ticket: the entry, the redacted fields, and what was missing
};

struct Request {
    std::string file; ///< `-`: standard input
    Form form = Form::block;
    bool colour = false;
    Language language = Language::english;
    std::span<const Identity> identities;
};

/// Diagnoses every 403 in the file: a HAR, the output of `curl -v`, messages, an SDK's error or lines of the
/// diagnosis log. Bounds: 64 MiB. Returns the exit status: 0 when there was one, 1 when there was none or the
/// file cannot be read, with the reason on `err`.
int diagnose_file(const Request& request, std::istream& in, std::ostream& out, std::ostream& err);

} // namespace cosdiag::offline

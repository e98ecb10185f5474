// SPDX-License-Identifier: Apache-2.0
// One cause of a 403: its name, its page, and the judge that recognises it.
#pragma once

#include "diagnose/diagnosis.hpp"
#include "diagnose/facts.hpp"

#include <optional>
#include <string_view>

namespace cosdiag {

/// Where the documentation of COS says so.
struct Section {
    std::string_view page, heading, url;
    std::string_view read_on; ///< ISO date
};

/// The cause's page. Each text is one or more paragraphs; line ends inside a paragraph mean nothing.
struct Explanation {
    std::string_view meaning;  ///< What it means
    std::string_view reason;   ///< Why COS answers so
    std::string_view evidence; ///< How we know, and how sure that makes us
    std::string_view change;   ///< What to change, and who
    std::string_view confused; ///< What it is often confused with
};

/// The same page in another language.
struct Page {
    std::string_view title;
    Explanation explanation;
};

/// Facts in, verdict out; nothing when the facts do not speak for this cause. Pure: no clock, no I/O, no
/// state.
using Judge = std::optional<Judgement> (*)(const Facts&);

struct Cause {
    std::string_view token; ///< stable within a major version
    std::string_view title;
    Explanation explanation;
    Page chinese;
    Section source;
    Judge judge;
};

} // namespace cosdiag

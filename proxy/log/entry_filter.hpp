// SPDX-License-Identifier: Apache-2.0
// Which entries of the diagnosis log somebody wants to see. Pure: an entry goes in, yes or no comes out.
#pragma once

#include <boost/json/value.hpp>

#include <string>

namespace cosdiag::log {

/// Holds for entries that fit every part that is not empty.
struct EntryFilter {
    std::string cause;      ///< token of any of the entry's findings
    std::string confidence; ///< `certain`, `likely` or `possible`: of the finding that `cause` names, else of
                            ///< the first
    std::string bucket;     ///< whole, with its APPID: `examplebucket-1250000000`
    std::string key;        ///< a part of the object's key, case ignored
    std::string access_key; ///< cut as the log shows it, or whole
    std::string action;     ///< whole, with or without its `name/cos:`
    std::string host;       ///< whole, case ignored
    std::string text;       ///< a part of any value in the entry, case ignored; names of values are none

    /// For one log line (`cosdiag.diagnosis/1`), parsed. Case is that of ASCII letters. What the entry does
    /// not say fits no filter that asks for it. Time: linear in the entry for each part.
    [[nodiscard]] bool matches(const boost::json::value& entry) const;

    friend bool operator==(const EntryFilter&, const EntryFilter&) = default;
};

} // namespace cosdiag::log

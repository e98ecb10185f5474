// SPDX-License-Identifier: Apache-2.0
// What is wrong with a setting, in the words that reach the person who wrote it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace cosdiag::config {

/// Why a text is no value of the kind wanted. Both are for people: `what` continues a line that names the
/// setting and has no full stop; `hint` is whole sentences, or empty.
struct Complaint {
    std::string what;
    std::string hint;

    friend bool operator==(const Complaint&, const Complaint&) = default;
};

/// A value, or why there is none.
template <class T>
using Parsed = std::variant<T, Complaint>;

/// A place in the settings file, both counted from 1; 0 when the setting did not come from the file.
struct Position {
    int line = 0;
    int column = 0;

    friend bool operator==(const Position&, const Position&) = default;
};

struct Fault {
    std::string path; ///< `timeouts.connect`, `listeners[1].address`, `--listen`; empty: the file as a whole
    Position at;
    Complaint complaint;

    friend bool operator==(const Fault&, const Fault&) = default;
};

using Faults = std::vector<Fault>;

/// One line without its newline: `file:line:column: path: what. hint`, leaving out what is not known.
std::string describe(const Fault& fault, std::string_view file);

/// The text between double quotes, control characters escaped and anything beyond 60 bytes cut, so that a
/// settings file cannot disturb the terminal that shows a fault.
std::string quoted(std::string_view text);

/// The known word a misspelt one most likely stands for; empty when none is near.
std::string_view nearest(std::string_view word, std::span<const std::string_view> known);

/// "Did you mean …?" when one is near, else the list of all that are known.
std::string suggest(std::string_view word, std::span<const std::string_view> known);

} // namespace cosdiag::config

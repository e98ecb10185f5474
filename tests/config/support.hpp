// SPDX-License-Identifier: Apache-2.0
// What the tests of the settings' parsers ask of their answers.
#pragma once

#include "config/fault.hpp"

#include <string>
#include <string_view>
#include <variant>

namespace cosdiag::config::test {

/// What is said against the text; empty if it was taken.
template <class T>
std::string refusal(const Parsed<T>& parsed)
{
    const auto* complaint = std::get_if<Complaint>(&parsed);
    return complaint == nullptr ? "" : complaint->what + ". " + complaint->hint;
}

inline bool contains(const std::string& text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

} // namespace cosdiag::config::test

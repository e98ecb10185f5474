// SPDX-License-Identifier: Apache-2.0
// The request target taken apart: path as sent and decoded, parameters in their order.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cosdiag {

/// One query parameter, percent-decoded; `+` stays, since clients do not agree on what it means.
struct Parameter {
    std::string name;
    std::string value;
};

/// Bounds: at most 256 parameters are kept; COS knows none that takes as many.
struct Target {
    std::string_view raw_path;  ///< as sent, borrowed from the exchange
    std::string_view raw_query; ///< as sent, without its `?`; borrowed too
    std::string path;           ///< percent-decoded
    std::vector<Parameter> parameters;

    /// The first parameter of that name (case matters not), or null.
    [[nodiscard]] const Parameter* find(std::string_view name) const noexcept;

    [[nodiscard]] bool has(std::string_view name) const noexcept { return find(name) != nullptr; }
};

Target read_target(std::string_view target);

/// The target with the values of parameters left out unless they are known to be harmless.
std::string redacted(const Target& target);

} // namespace cosdiag

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

/// Where a presigned query stands that COS does not take for one, because its `?`, or its `=` and `&`, were
/// percent-encoded.
enum class Misplaced { nowhere, in_path, in_name };

/// Bounds: at most 256 parameters are kept; COS knows none that takes as many.
struct Target {
    std::string_view raw_path;  ///< as sent, but for misplaced credentials; borrowed from the exchange
    std::string_view raw_query; ///< as sent, without its `?`; borrowed too
    std::string path;           ///< percent-decoded
    std::vector<Parameter> parameters;
    Misplaced credentials = Misplaced::nowhere; ///< they were cut off here: paths and names are shown

    /// The first parameter of that name (case matters not), or null.
    [[nodiscard]] const Parameter* find(std::string_view name) const noexcept;

    [[nodiscard]] bool has(std::string_view name) const noexcept { return find(name) != nullptr; }
};

Target read_target(std::string_view target);

/// The target with the values of parameters left out unless they are known to be harmless.
std::string redacted(const Target& target);

} // namespace cosdiag

// SPDX-License-Identifier: Apache-2.0
// A strict reader of the one kind of structured field that the engine writes. It shares no code with the
// writer.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cosdiag {

struct SfMember {
    std::string token;
    std::vector<std::pair<std::string, std::string>> parameters; ///< strings unescaped, tokens as they are

    [[nodiscard]] const std::string* find(std::string_view name) const;
};

/// A List (RFC 9651 §4.2.1) whose members are Tokens with parameters that are Tokens or Strings.
/// Empty when the text breaks any rule of it, duplicate parameters included.
std::optional<std::vector<SfMember>> read_sf_list(std::string_view text);

} // namespace cosdiag

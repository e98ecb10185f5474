// SPDX-License-Identifier: Apache-2.0
// A form's policy (436/14690) as it may have been when it was signed: the same JSON in other white space.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cosdiag {

struct PolicySpelling {
    std::string text;
    std::string_view what; ///< to follow "signed the policy"
};

/// Bounds: none for a policy of more than 8 KiB. What is no JSON is respaced as if it were.
std::vector<PolicySpelling> policy_spellings(std::string_view policy);

} // namespace cosdiag

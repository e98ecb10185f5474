// SPDX-License-Identifier: Apache-2.0
// Who may do what according to a bucket's policy (436/12469) and ACL (436/7737).
#pragma once

#include "diagnose/action.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cosdiag {

/// A statement that names the action on the resource. To whom it applies, COS alone knows: it knows the key's
/// owner.
struct PolicyMatch {
    std::size_t number = 0; ///< counted from 1
    bool denies = false;
    bool for_everyone = false;
    std::string principal;  ///< as written, the first of them and how many more
    std::string conditions; ///< as written, in short; empty: none
};

struct PolicyVerdict {
    std::size_t statements = 0;
    std::vector<PolicyMatch> matches;
};

/// Nothing when the text is no policy, or the resource longer than any. An empty text has no statements.
/// Bounds: 8 matches.
std::optional<PolicyVerdict> check_policy(std::string_view document, const Right& right);

/// What an ACL grants.
struct AclVerdict {
    std::string owner;     ///< UIN
    std::string everyone;  ///< permissions of all users: `READ`, `READ, WRITE`; empty: none
    std::size_t named = 0; ///< other grantees than the owner and everyone
};

/// Nothing when the text is no AccessControlPolicy.
std::optional<AclVerdict> read_acl(std::string_view document);

} // namespace cosdiag

// SPDX-License-Identifier: Apache-2.0
// How a path, a host, a value or a content type is spelled by clients that sign it otherwise than documented.
#pragma once

#include "diagnose/signature/http_string.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cosdiag {

struct Spelling {
    std::string text;
    std::string what;     ///< to follow "signed the path", "signed Host"
    std::string_view fix; ///< what to do instead
};

/// Percent-encoded once, slashes excepted.
std::string path_encoded(std::string_view path);

/// Of the path, whose right spelling is `path`.
std::vector<Spelling> path_spellings(const SignedParts& parts, std::string_view path);

/// Of the Host that went to COS.
std::vector<Spelling> host_spellings(const SignedParts& parts);

/// Content types that HTTP libraries put in the place of the one that was given.
std::vector<std::string> type_spellings(std::string_view sent);

/// A wrong way to encode values.
struct ValueSpelling {
    std::string (*change)(std::string_view encoded); ///< from the right encoding to the wrong one
    std::string_view what;                           ///< to follow "signed the values"
    std::string_view fix;
};

std::span<const ValueSpelling> value_spellings() noexcept;

} // namespace cosdiag

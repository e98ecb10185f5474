// SPDX-License-Identifier: Apache-2.0
// A request as AWS Signature Version 4 sees it: what its signature says, and the canonical request that is
// signed.
#pragma once

#include "diagnose/signature/variant_spelling.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cosdiag::aws_v4 {

inline constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";
inline constexpr std::string_view unsigned_payload = "UNSIGNED-PAYLOAD";

/// What the signature itself says.
struct Signed {
    std::string scope;     ///< date/region/s3/aws4_request
    std::string names;     ///< SignedHeaders
    std::string signature; ///< 64 hex digits
    std::string stamp;     ///< X-Amz-Date
    bool presigned = false;
};

/// The canonical request, in its parts.
struct Canonical {
    std::string method, path, query;
    std::vector<SignedPair> headers; ///< values as they are, in the order of the list
    std::string names, payload;

    [[nodiscard]] std::string text() const;
};

/// From the Authorization field, or from the query. Empty when a part is missing.
std::optional<Signed> read_signed(const SignedParts& parts);

/// The canonical request of what was observed.
Canonical canonical_of(const SignedParts& parts, const Signed& found);

/// The parameters as they are signed, encoded and sorted by name, then value.
std::vector<SignedPair> query_pairs(const Target& target);

/// The query's line as clients sign it by mistake.
std::vector<Spelling> query_spellings(const Target& target);

/// The scope as it goes into the signing key by mistake: another region, service or day than the Credential
/// names.
std::vector<Spelling> scope_spellings(const Signed& found);

/// The path as clients sign it by mistake; `encoded` is its right spelling.
std::vector<Spelling> path_spellings(const SignedParts& parts, std::string_view encoded);

} // namespace cosdiag::aws_v4

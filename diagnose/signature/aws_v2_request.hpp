// SPDX-License-Identifier: Apache-2.0
// A request as AWS Signature Version 2 sees it: the StringToSign and its parts.
#pragma once

#include "diagnose/signature/http_string.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace cosdiag::aws_v2 {

struct Request {
    const SignedParts& parts;
    std::string_view bucket; ///< with the APPID; empty where none is asked for
    bool in_path;            ///< the path begins with it, and not the host
    bool presigned;
};

/// The StringToSign, in its parts ("Constructing the CanonicalizedResource Element" and those beside it).
struct StringToSign {
    std::string method, md5, type;
    std::string date;                       ///< empty beside x-amz-date; Expires of a presigned URL
    std::vector<SignedPair> fields;         ///< x-amz-..., sorted, the values of one name joined
    std::string resource;                   ///< bucket and path, the path as it stands in the URL
    std::vector<std::string> sub_resources; ///< `name` or `name=value`, decoded and sorted

    [[nodiscard]] std::string field_lines() const; ///< each ended by LF
    [[nodiscard]] std::string target() const;      ///< resource and sub-resources
    [[nodiscard]] std::string text() const;
};

/// Everything of this request that the documentation, or what it leaves open, lets be signed; at least one.
std::vector<StringToSign> documented(const Request& request);

} // namespace cosdiag::aws_v2

// SPDX-License-Identifier: Apache-2.0
// A signer of AWS Signature Version 2 (RESTAuthentication) that shares nothing with the engine, and that
// makes mistakes when told to.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace cosdiag::test {

/// A request before it is encoded.
struct S3Request {
    std::string method = "GET";
    std::string key = "/";
    bool path_style = false;
    bool presigned = false;
    std::map<std::string, std::string> fields;                   ///< lower-case names, the date among them
    std::vector<std::pair<std::string, std::string>> parameters; ///< an empty value stands for none

    [[nodiscard]] std::string host() const;
    [[nodiscard]] std::string path() const; ///< encoded
};

/// The steps of a signature as texts, for mistakes to change.
struct S3Signing {
    const S3Request& request;
    std::string method, md5, type, date;
    std::map<std::string, std::string> fields; ///< x-amz-...
    std::string resource, sub_resources;
    std::string secret;
    std::string (*write)(const S3Signing& signing);

    S3Signing(const S3Request& plain, std::string key);

    [[nodiscard]] std::string text() const;

    [[nodiscard]] std::string signature() const { return write(*this); }
};

/// One mistake. Each names the cause that the engine shall find, and a part of what it shall say.
struct S3Mistake {
    const char* cause;
    const char* says;
    bool (*make)(S3Signing& signing); ///< false: has no effect on this request
};

const std::vector<S3Mistake>& s3_mistakes();

} // namespace cosdiag::test

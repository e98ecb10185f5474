// SPDX-License-Identifier: Apache-2.0
// A signer of requests to COS (436/7778) that shares nothing with the engine, and that makes mistakes when
// told to.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace cosdiag::test {

/// A request before it is encoded.
struct PlainRequest {
    std::string method = "GET";
    std::string key = "/";
    std::string host = "examplebucket-1250000000.cos.ap-beijing.myqcloud.com";
    std::map<std::string, std::string> parameters; ///< all of them signed
    std::map<std::string, std::string> fields;     ///< all of them signed, and Host
};

/// One mistake. Each names the cause that the engine shall find.
struct Mistake {
    const char* name;
    const char* cause;
    bool (*make)(struct Signing& signing); ///< false: has no effect on this request
};

/// The steps of a signature as texts, for mistakes to change.
struct Signing {
    const PlainRequest& request;
    std::string method, path, parameters, fields; ///< the lines of the HttpString
    std::string secret;
    std::string sign_key_time, sign_time;
    bool raw_sign_key = false;

    explicit Signing(const PlainRequest& plain, std::string_view secret_key);

    [[nodiscard]] std::string http_string() const;
    [[nodiscard]] std::string signature() const; ///< 40 hex digits
};

/// `A-Z a-z 0-9 - _ . ~` and what `also` holds stay.
std::string encode(std::string_view text, std::string_view also = {});

/// The request line's target, encoded once.
std::string target_of(const PlainRequest& request);

/// The whole Authorization field.
std::string
authorization_of(const PlainRequest& request, const std::string& secret_id, const std::string& signature);

const std::vector<Mistake>& mistakes();

} // namespace cosdiag::test

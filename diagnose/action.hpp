// SPDX-License-Identifier: Apache-2.0
// Which rights a call needs: method, kind of host and sub-resource → CAM actions and resources (436/30580).
#pragma once

#include "diagnose/endpoint.hpp"
#include "diagnose/exchange.hpp"
#include "diagnose/form.hpp"
#include "diagnose/policy.hpp"
#include "diagnose/query.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cosdiag {

/// The object that a copy reads.
struct CopySource {
    std::string bucket, appid, region, key;
    std::string version; ///< of its `?versionId=`
    std::string shown;   ///< what was sent, decoded, without its query
    bool without_bucket =
        false;        ///< a key and nothing before it; a domain of its own names a bucket, unknown here
    bool cut = false; ///< credentials stood in the key: what is left of it names another object
};

/// What a request asks for.
struct Call {
    std::string bucket, appid, region; ///< from the host, or from the path where that is path-style
    std::string key;    ///< decoded, without the leading slash; empty for a bucket or a form unread
    std::string action; ///< without `name/cos:`; empty when the table has no such call
    bool path_style = false;
    std::optional<CopySource> source;
    std::vector<Right> rights; ///< the action first, then what else the same call needs
};

/// The form upload of 436/14690, whose credentials and key stand in the body.
bool is_form_upload(std::string_view method, std::span<const Field> fields) noexcept;

/// `<bucket>-<appid>.cos.<region>.myqcloud.com/<key>`, percent-encoded, or `/<bucket>-<appid>/<key>` as S3
/// has it.
std::optional<CopySource> read_copy_source(std::string_view value);

struct CallParts {
    std::string_view method;
    const Target& target;
    const Endpoint& endpoint;
    std::span<const Field> fields;
    const Form* form;                     ///< null when not read
    std::optional<std::string_view> body; ///< of a multi-delete; absent when not read
    bool body_complete = false;
};

Call read_call(const CallParts& parts);

} // namespace cosdiag

// SPDX-License-Identifier: Apache-2.0
// The API's calls and the CAM actions that allow them (436/30580). Names are case-sensitive in
// policies.
#include "diagnose/action_table.hpp"

#include "diagnose/text.hpp"

#include <algorithm>
#include <span>

namespace cosdiag {
namespace {

/// A call is recognised by the parameters its query must have. Rows that ask for more come first.
struct Row {
    std::string_view method;
    Level level;
    std::string_view parameter, second_parameter;
    std::string_view action;
};

constexpr Row rows[] = {
    {"PUT", Level::bucket, "inventory", "id", "PutBucketInventory"},
    {"POST", Level::bucket, "inventory", "id", "PostBucketInventory"},
    {"GET", Level::bucket, "inventory", "id", "GetBucketInventory"},
    {"DELETE", Level::bucket, "inventory", "id", "DeleteBucketInventory"},
    {"PUT", Level::object, "partNumber", "uploadId", "UploadPart"},
    {"GET", Level::bucket, "versions", "", "GetBucketObjectVersions"},
    {"GET", Level::bucket, "uploads", "", "ListMultipartUploads"},
    {"GET", Level::bucket, "location", "", "GetBucketLocation"},
    {"PUT", Level::bucket, "acl", "", "PutBucketACL"},
    {"GET", Level::bucket, "acl", "", "GetBucketACL"},
    {"PUT", Level::bucket, "cors", "", "PutBucketCORS"},
    {"GET", Level::bucket, "cors", "", "GetBucketCORS"},
    {"DELETE", Level::bucket, "cors", "", "DeleteBucketCORS"},
    {"PUT", Level::bucket, "lifecycle", "", "PutBucketLifecycle"},
    {"GET", Level::bucket, "lifecycle", "", "GetBucketLifecycle"},
    {"DELETE", Level::bucket, "lifecycle", "", "DeleteBucketLifecycle"},
    {"PUT", Level::bucket, "policy", "", "PutBucketPolicy"},
    {"GET", Level::bucket, "policy", "", "GetBucketPolicy"},
    {"DELETE", Level::bucket, "policy", "", "DeleteBucketPolicy"},
    {"PUT", Level::bucket, "referer", "", "PutBucketReferer"},
    {"GET", Level::bucket, "referer", "", "GetBucketReferer"},
    {"PUT", Level::bucket, "tagging", "", "PutBucketTagging"},
    {"GET", Level::bucket, "tagging", "", "GetBucketTagging"},
    {"DELETE", Level::bucket, "tagging", "", "DeleteBucketTagging"},
    {"PUT", Level::bucket, "website", "", "PutBucketWebsite"},
    {"GET", Level::bucket, "website", "", "GetBucketWebsite"},
    {"DELETE", Level::bucket, "website", "", "DeleteBucketWebsite"},
    {"PUT", Level::bucket, "intelligenttiering", "", "PutBucketIntelligentTiering"},
    {"GET", Level::bucket, "intelligenttiering", "", "GetBucketIntelligentTiering"},
    {"GET", Level::bucket, "inventory", "", "ListBucketInventoryConfigurations"},
    {"PUT", Level::bucket, "versioning", "", "PutBucketVersioning"},
    {"GET", Level::bucket, "versioning", "", "GetBucketVersioning"},
    {"PUT", Level::bucket, "replication", "", "PutBucketReplication"},
    {"GET", Level::bucket, "replication", "", "GetBucketReplication"},
    {"DELETE", Level::bucket, "replication", "", "DeleteBucketReplication"},
    {"PUT", Level::bucket, "logging", "", "PutBucketLogging"},
    {"GET", Level::bucket, "logging", "", "GetBucketLogging"},
    {"PUT", Level::bucket, "accelerate", "", "PutBucketAccelerate"},
    {"GET", Level::bucket, "accelerate", "", "GetBucketAccelerate"},
    {"PUT", Level::bucket, "encryption", "", "PutBucketEncryption"},
    {"GET", Level::bucket, "encryption", "", "GetBucketEncryption"},
    {"DELETE", Level::bucket, "encryption", "", "DeleteBucketEncryption"},
    {"PUT", Level::bucket, "object-lock", "", "PutBucketObjectLockConfiguration"},
    {"GET", Level::bucket, "object-lock", "", "GetBucketObjectLockConfiguration"},
    {"PUT", Level::bucket, "origin", "", "PutBucketOrigin"},
    {"GET", Level::bucket, "origin", "", "GetBucketOrigin"},
    {"DELETE", Level::bucket, "origin", "", "DeleteBucketOrigin"},
    {"PUT", Level::bucket, "domain", "", "PutBucketDomain"},
    {"GET", Level::bucket, "domain", "", "GetBucketDomain"},
    {"DELETE", Level::bucket, "domain", "", "DeleteBucketDomain"},
    {"PUT", Level::bucket, "domaincertificate", "", "PutBucketDomainCertificate"},
    {"GET", Level::bucket, "domaincertificate", "", "GetBucketDomainCertificate"},
    {"DELETE", Level::bucket, "domaincertificate", "", "DeleteBucketDomainCertificate"},
    {"PUT", Level::bucket, "strict-signature", "", "PutBucketStrictSignature"},
    {"GET", Level::bucket, "strict-signature", "", "GetBucketStrictSignature"},
    {"DELETE", Level::bucket, "strict-signature", "", "DeleteBucketStrictSignature"},
    {"POST", Level::bucket, "delete", "", "DeleteObject"},
    {"POST", Level::object, "append", "", "AppendObject"},
    {"POST", Level::object, "uploads", "", "InitiateMultipartUpload"},
    {"POST", Level::object, "uploadId", "", "CompleteMultipartUpload"},
    {"DELETE", Level::object, "uploadId", "", "AbortMultipartUpload"},
    {"GET", Level::object, "uploadId", "", "ListParts"},
    {"PUT", Level::object, "acl", "", "PutObjectACL"},
    {"GET", Level::object, "acl", "", "GetObjectACL"},
    {"PUT", Level::object, "tagging", "", "PutObjectTagging"},
    {"GET", Level::object, "tagging", "", "GetObjectTagging"},
    {"DELETE", Level::object, "tagging", "", "DeleteObjectTagging"},
    {"POST", Level::object, "restore", "", "PostObjectRestore"},
    {"POST", Level::object, "select", "", "SelectObjectContent"},
    {"PUT", Level::object, "retention", "", "PutObjectRetention"},
    {"GET", Level::object, "retention", "", "GetObjectRetention"},
    {"PUT", Level::object, "symlink", "", "PutSymlink"},
    {"GET", Level::object, "symlink", "", "GetSymlink"},
    {"GET", Level::service, "", "", "GetService"},
    {"PUT", Level::bucket, "", "", "PutBucket"},
    {"HEAD", Level::bucket, "", "", "HeadBucket"},
    {"DELETE", Level::bucket, "", "", "DeleteBucket"},
    {"GET", Level::bucket, "", "", "GetBucket"},
    {"POST", Level::bucket, "", "", "PostObject"},
    {"OPTIONS", Level::bucket, "", "", "OptionsObject"},
    {"OPTIONS", Level::object, "", "", "OptionsObject"},
    {"PUT", Level::object, "", "", "PutObject"},
    {"GET", Level::object, "", "", "GetObject"},
    {"HEAD", Level::object, "", "", "HeadObject"},
    {"DELETE", Level::object, "", "", "DeleteObject"},
};

bool is_one_of(std::string_view name, std::span<const std::string_view> names) noexcept
{
    return std::any_of(names.begin(), names.end(), [name](std::string_view one) {
        return same_name(one, name);
    });
}

bool begins_with(std::string_view name, std::string_view prefix) noexcept
{
    return same_name(name.substr(0, prefix.size()), prefix);
}

/// Credentials, and what clients add to any call.
bool is_accompanying(std::string_view name) noexcept
{
    constexpr std::string_view names[] = {"sign", "signature", "awsaccesskeyid", "expires"};
    return begins_with(name, "q-") || begins_with(name, "x-") || is_one_of(name, names);
}

bool is_listing(std::string_view name) noexcept
{
    constexpr std::string_view names[] = {
        "prefix",
        "delimiter",
        "marker",
        "max-keys",
        "encoding-type",
        "list-type",
        "start-after",
        "continuation-token",
        "fetch-owner"};
    return begins_with(name, "response-") || is_one_of(name, names);
}

/// On a bucket, parameters that no row knows make the call another than that on the bucket itself.
bool is_bare(std::string_view method, const Target& target) noexcept
{
    const bool lists = method == "GET";
    return std::all_of(
        target.parameters.begin(),
        target.parameters.end(),
        [lists](const Parameter& parameter) {
            return is_accompanying(parameter.name) || (lists && is_listing(parameter.name));
        }
    );
}

} // namespace

std::string_view action_of(std::string_view method, Level level, const Target& target) noexcept
{
    if (level == Level::service && target.path.size() > 1) {
        return {};
    }
    for (const auto& row : rows) {
        const auto asked = [&target](std::string_view name) { return name.empty() || target.has(name); };
        if (row.level == level && row.method == method && asked(row.parameter) &&
            asked(row.second_parameter)) {
            const bool bare = level == Level::bucket && row.parameter.empty() && method != "OPTIONS";
            return bare && !is_bare(method, target) ? std::string_view{} : row.action;
        }
    }
    return {};
}

} // namespace cosdiag

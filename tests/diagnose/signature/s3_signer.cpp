// SPDX-License-Identifier: Apache-2.0
#include "tests/diagnose/signature/s3_signer.hpp"

#include "tests/diagnose/signature/cos_signer.hpp"
#include "tests/diagnose/signature/signing_tools.hpp"

#include <set>

namespace cosdiag::test {

namespace {

const std::string bucket = "examplebucket-1250000000";

bool set(std::string& place, std::string other)
{
    const bool differs = place != other;
    place = std::move(other);
    return differs;
}

std::string field(const S3Request& request, const char* name)
{
    const auto at = request.fields.find(name);
    return at == request.fields.end() ? "" : at->second;
}

/// The sub-resources among the parameters, values as `write` has them.
std::string sub_resources_of(
    const S3Request& request,
    std::string (*write)(std::string_view) = [](std::string_view v) { return std::string(v); }
)
{
    static const std::set<std::string> known = {
        "acl", "uploadId", "partNumber", "uploads", "versionId", "response-content-type"};
    std::map<std::string, std::string> sorted;
    for (const auto& [name, value] : request.parameters)
        if (known.count(name) == 1)
            sorted[name] = value.empty() ? name : name + "=" + write(value);
    std::string out;
    for (const auto& pair : sorted)
        out += (out.empty() ? "?" : "&") + pair.second;
    return out;
}

std::string usual(const S3Signing& signing)
{
    return base64_of(hmac_sha1(signing.secret, signing.text()));
}

bool without_field(S3Signing& signing, const std::string& name)
{
    return signing.fields.erase(name) == 1;
}

bool other_secret(S3Signing& signing, const std::string& secret)
{
    return set(signing.secret, secret);
}

} // namespace

std::string S3Request::host() const
{
    return (path_style ? "" : bucket + ".") + "cos.ap-beijing.myqcloud.com";
}

std::string S3Request::path() const
{
    return (path_style ? "/" + bucket : "") + encode(key, "/");
}

S3Signing::S3Signing(const S3Request& plain, std::string key)
    : request(plain),
      method(plain.method),
      md5(field(plain, "content-md5")),
      type(field(plain, "content-type")),
      date(
          plain.presigned                      ? "1795496400"
          : field(plain, "x-amz-date").empty() ? field(plain, "date")
                                               : ""
      ),
      resource("/" + bucket + encode(plain.key, "/")),
      sub_resources(sub_resources_of(plain)),
      secret(std::move(key)),
      write(usual)
{
    for (const auto& [name, value] : plain.fields)
        if (name.rfind("x-amz-", 0) == 0)
            fields[name] = value;
}

std::string S3Signing::text() const
{
    std::string lines;
    for (const auto& [name, value] : fields)
        lines += name + ":" + value + "\n";
    return method + "\n" + md5 + "\n" + type + "\n" + date + "\n" + lines + resource + sub_resources;
}

const std::vector<S3Mistake>& s3_mistakes()
{
    static const std::vector<S3Mistake> all = {
        {"signed-method-differs",
         "the method",
         [](S3Signing& s) { return set(s.method, s.method == "GET" ? "PUT" : "GET"); }},
        {"signed-method-differs",
         "in lower case",
         [](S3Signing& s) { return set(s.method, swapped(swapped(s.method, "GET", "get"), "PUT", "put")); }},
        {"signed-header-changed", "content-type left empty", [](S3Signing& s) { return set(s.type, ""); }},
        {"signed-header-changed",
         "content-type as text/plain; charset=utf-8",
         [](S3Signing& s) { return set(s.type, "text/plain; charset=utf-8"); }},
        {"signed-header-changed", "content-md5 left empty", [](S3Signing& s) { return set(s.md5, ""); }},
        {"signed-header-changed",
         "content-md5 as 900150983cd24fb0d6963f7d28e17f72",
         [](S3Signing& s) { return !s.md5.empty() && set(s.md5, "900150983cd24fb0d6963f7d28e17f72"); }},
        {"signed-header-changed",
         "content-md5 as 1B2M2Y8AsgTpgAmY7PhCfg==",
         [](S3Signing& s) { return s.md5.empty() && set(s.md5, "1B2M2Y8AsgTpgAmY7PhCfg=="); }},
        {"signed-header-changed",
         "content-md5 and content-type left empty",
         [](S3Signing& s) { return !s.type.empty() && set(s.md5, "") && set(s.type, ""); }},
        {"signed-header-changed",
         "x-amz-date in the line of Date too",
         [](S3Signing& s) {
             return !s.request.presigned && s.date.empty() && set(s.date, field(s.request, "x-amz-date"));
         }},
        {"signed-header-changed",
         "Date too, beside x-amz-date",
         [](S3Signing& s) {
             return !s.request.presigned && s.date.empty() && !field(s.request, "date").empty() &&
                    set(s.date, field(s.request, "date"));
         }},
        {"signed-header-changed",
         "in place of the field x-amz-date",
         [](S3Signing& s) {
             return !s.request.presigned && without_field(s, "x-amz-date") &&
                    set(s.date,
                        field(s.request, "date").empty() ? field(s.request, "x-amz-date")
                                                         : field(s.request, "date"));
         }},
        {"signed-header-changed",
         "an empty line in place of Date",
         [](S3Signing& s) { return !s.request.presigned && set(s.date, ""); }},
        {"signed-parameter-differs",
         "no Expires",
         [](S3Signing& s) { return s.request.presigned && set(s.date, ""); }},
        {"signed-parameter-differs",
         "Expires in milliseconds",
         [](S3Signing& s) { return s.request.presigned && set(s.date, s.date + "000"); }},
        {"signed-parameter-differs",
         "Expires as 3600",
         [](S3Signing& s) { return s.request.presigned && set(s.date, "3600"); }},
        {"signed-header-changed",
         "a text without x-amz-meta-note",
         [](S3Signing& s) { return without_field(s, "x-amz-meta-note"); }},
        {"signed-header-changed",
         "x-amz-meta-note with another value",
         [](S3Signing& s) {
             return s.fields.count("x-amz-meta-note") == 1 &&
                    set(s.fields["x-amz-meta-note"], encode(s.fields["x-amz-meta-note"]));
         }},
        {"signed-header-changed",
         "no x-amz- field",
         [](S3Signing& s) {
             const bool several = s.fields.size() > 1;
             s.fields.clear();
             return several;
         }},
        {"signed-path-differs",
         "the path without the bucket",
         [](S3Signing& s) { return set(s.resource, s.resource.substr(bucket.size() + 1)); }},
        {"signed-path-differs",
         "the key alone",
         [](S3Signing& s) {
             return s.request.key != "/" && set(s.resource, s.resource.substr(bucket.size() + 2));
         }},
        {"signed-path-differs",
         "the resource without its leading slash",
         [](S3Signing& s) { return set(s.resource, s.resource.substr(1)); }},
        {"signed-path-differs",
         "without its leading slash",
         [](S3Signing& s) {
             return s.request.key != "/" && !s.request.path_style &&
                    set(s.resource, "/" + bucket + s.resource.substr(bucket.size() + 2));
         }},
        {"signed-path-differs",
         "the bucket's name twice",
         [](S3Signing& s) { return set(s.resource, "/" + bucket + s.resource); }},
        {"signed-path-differs",
         "the bucket without its APPID",
         [](S3Signing& s) { return set(s.resource, swapped(s.resource, bucket, "examplebucket")); }},
        {"signed-path-differs",
         "the bucket without the path",
         [](S3Signing& s) { return set(s.resource, "/" + bucket); }},
        {"signed-path-differs",
         "the path without percent-encoding",
         [](S3Signing& s) { return set(s.resource, "/" + bucket + s.request.key); }},
        {"signed-path-differs",
         "percent-encoded twice",
         [](S3Signing& s) {
             return set(s.resource, "/" + bucket + encode(encode(s.request.key, "/"), "/"));
         }},
        {"signed-parameter-differs",
         "a resource without",
         [](S3Signing& s) { return set(s.sub_resources, ""); }},
        {"signed-parameter-differs",
         "a resource without partNumber",
         [](S3Signing& s) {
             const auto at = s.sub_resources.find("?partNumber=2&");
             return at == 0 && set(s.sub_resources, "?" + s.sub_resources.substr(14));
         }},
        {"signed-parameter-differs",
         "the sub-resources percent-encoded",
         [](S3Signing& s) {
             return set(s.sub_resources, sub_resources_of(s.request, [](std::string_view v) {
                            return encode(v);
                        }));
         }},
        {"signed-parameter-differs",
         "prefix too, which is no sub-resource",
         [](S3Signing& s) {
             for (const auto& [name, value] : s.request.parameters)
                 if (name == "prefix" && s.sub_resources.empty())
                     return set(s.sub_resources, "?prefix=" + value);
             return false;
         }},
        {"wrong-secret-key",
         "line end behind",
         [](S3Signing& s) { return other_secret(s, s.secret + "\n"); }},
        {"wrong-secret-key", "blank before", [](S3Signing& s) { return other_secret(s, " " + s.secret); }},
        {"wrong-secret-key", "quotes", [](S3Signing& s) { return other_secret(s, '"' + s.secret + '"'); }},
        {"wrong-secret-key",
         "another identity, other",
         [](S3Signing& s) { return other_secret(s, "OTHERsecretOfAnotherUser00000000"); }},
        {"signature-mismatch",
         "hex digits in place of base64",
         [](S3Signing& s) {
             s.write = [](const S3Signing& one) { return hex_of(hmac_sha1(one.secret, one.text())); };
             return true;
         }},
        {"signature-mismatch",
         "HMAC-SHA256 in place of HMAC-SHA1",
         [](S3Signing& s) {
             s.write = [](const S3Signing& one) { return base64_of(hmac_sha256(one.secret, one.text())); };
             return true;
         }},
        {"signature-mismatch",
         "an LF at its end",
         [](S3Signing& s) {
             s.write = [](const S3Signing& one) {
                 return base64_of(hmac_sha1(one.secret, one.text() + "\n"));
             };
             return true;
         }},
    };
    return all;
}

} // namespace cosdiag::test

// SPDX-License-Identifier: Apache-2.0
#include "diagnose/action.hpp"
#include "diagnose/action_table.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace cosdiag {
namespace {

constexpr std::string_view bucket_host = "examplebucket-1250000000.cos.ap-beijing.myqcloud.com";
constexpr std::string_view service_host = "service.cos.myqcloud.com";

Call call_of(
    std::string_view method,
    std::string_view host,
    std::string_view target_text,
    const std::vector<Field>& fields = {},
    std::optional<std::string_view> body = std::nullopt
)
{
    const auto target = read_target(target_text);
    const auto endpoint = read_endpoint(host);
    Form form;
    if (is_form_upload(method, fields) && body) {
        form = read_form(*body, "b");
    }
    return read_call(
        {method, target, endpoint, fields, form.complete ? &form : nullptr, body, body.has_value()}
    );
}

std::vector<std::string> lines_of(const std::vector<Right>& rights)
{
    std::vector<std::string> lines;
    for (const auto& right : rights) {
        lines.push_back(right.action + " " + right.resource);
    }
    return lines;
}

using Lines = std::vector<std::string>;

} // namespace

TEST_SUITE_BEGIN("diagnose/action");

TEST_CASE("every call of the API has its action")
{
    using enum Level;

    static constexpr struct {
        std::string_view method;
        Level level;
        std::string_view target, action;
    } rows[] = {
        {"GET", service, "/", "GetService"},
        {"PUT", bucket, "/", "PutBucket"},
        {"HEAD", bucket, "/", "HeadBucket"},
        {"DELETE", bucket, "/", "DeleteBucket"},
        {"GET", bucket, "/", "GetBucket"},
        {"GET", bucket, "/?versions", "GetBucketObjectVersions"},
        {"GET", bucket, "/?uploads", "ListMultipartUploads"},
        {"GET", bucket, "/?location", "GetBucketLocation"},
        {"PUT", bucket, "/?acl", "PutBucketACL"},
        {"GET", bucket, "/?acl", "GetBucketACL"},
        {"PUT", bucket, "/?cors", "PutBucketCORS"},
        {"GET", bucket, "/?cors", "GetBucketCORS"},
        {"DELETE", bucket, "/?cors", "DeleteBucketCORS"},
        {"PUT", bucket, "/?lifecycle", "PutBucketLifecycle"},
        {"GET", bucket, "/?lifecycle", "GetBucketLifecycle"},
        {"DELETE", bucket, "/?lifecycle", "DeleteBucketLifecycle"},
        {"PUT", bucket, "/?policy", "PutBucketPolicy"},
        {"GET", bucket, "/?policy", "GetBucketPolicy"},
        {"DELETE", bucket, "/?policy", "DeleteBucketPolicy"},
        {"PUT", bucket, "/?referer", "PutBucketReferer"},
        {"GET", bucket, "/?referer", "GetBucketReferer"},
        {"PUT", bucket, "/?tagging", "PutBucketTagging"},
        {"GET", bucket, "/?tagging", "GetBucketTagging"},
        {"DELETE", bucket, "/?tagging", "DeleteBucketTagging"},
        {"PUT", bucket, "/?website", "PutBucketWebsite"},
        {"GET", bucket, "/?website", "GetBucketWebsite"},
        {"DELETE", bucket, "/?website", "DeleteBucketWebsite"},
        {"PUT", bucket, "/?intelligenttiering", "PutBucketIntelligentTiering"},
        {"GET", bucket, "/?intelligenttiering", "GetBucketIntelligentTiering"},
        {"PUT", bucket, "/?inventory&id=list1", "PutBucketInventory"},
        {"POST", bucket, "/?inventory&id=list1", "PostBucketInventory"},
        {"GET", bucket, "/?inventory&id=list1", "GetBucketInventory"},
        {"GET", bucket, "/?inventory", "ListBucketInventoryConfigurations"},
        {"DELETE", bucket, "/?inventory&id=list1", "DeleteBucketInventory"},
        {"PUT", bucket, "/?versioning", "PutBucketVersioning"},
        {"GET", bucket, "/?versioning", "GetBucketVersioning"},
        {"PUT", bucket, "/?replication", "PutBucketReplication"},
        {"GET", bucket, "/?replication", "GetBucketReplication"},
        {"DELETE", bucket, "/?replication", "DeleteBucketReplication"},
        {"PUT", bucket, "/?logging", "PutBucketLogging"},
        {"GET", bucket, "/?logging", "GetBucketLogging"},
        {"PUT", bucket, "/?accelerate", "PutBucketAccelerate"},
        {"GET", bucket, "/?accelerate", "GetBucketAccelerate"},
        {"PUT", bucket, "/?encryption", "PutBucketEncryption"},
        {"GET", bucket, "/?encryption", "GetBucketEncryption"},
        {"DELETE", bucket, "/?encryption", "DeleteBucketEncryption"},
        {"PUT", bucket, "/?object-lock", "PutBucketObjectLockConfiguration"},
        {"GET", bucket, "/?object-lock", "GetBucketObjectLockConfiguration"},
        {"PUT", bucket, "/?origin", "PutBucketOrigin"},
        {"GET", bucket, "/?origin", "GetBucketOrigin"},
        {"DELETE", bucket, "/?origin", "DeleteBucketOrigin"},
        {"PUT", bucket, "/?domain", "PutBucketDomain"},
        {"GET", bucket, "/?domain", "GetBucketDomain"},
        {"DELETE", bucket, "/?domain", "DeleteBucketDomain"},
        {"PUT", bucket, "/?domaincertificate", "PutBucketDomainCertificate"},
        {"GET", bucket, "/?domaincertificate&domainname=www.example.com", "GetBucketDomainCertificate"},
        {"DELETE", bucket, "/?domaincertificate&domainname=www.example.com", "DeleteBucketDomainCertificate"},
        {"PUT", bucket, "/?strict-signature", "PutBucketStrictSignature"},
        {"GET", bucket, "/?strict-signature", "GetBucketStrictSignature"},
        {"DELETE", bucket, "/?strict-signature", "DeleteBucketStrictSignature"},
        {"POST", bucket, "/?delete", "DeleteObject"},
        {"OPTIONS", bucket, "/", "OptionsObject"},
        {"OPTIONS", object, "/photos/cat.jpg", "OptionsObject"},
        {"PUT", object, "/photos/cat.jpg", "PutObject"},
        {"PUT", object, "/photos/cat.jpg?partNumber=1&uploadId=158513", "UploadPart"},
        {"POST", object, "/photos/cat.jpg?append&position=0", "AppendObject"},
        {"POST", object, "/photos/cat.jpg?uploads", "InitiateMultipartUpload"},
        {"POST", object, "/photos/cat.jpg?uploadId=158513", "CompleteMultipartUpload"},
        {"DELETE", object, "/photos/cat.jpg?uploadId=158513", "AbortMultipartUpload"},
        {"GET", object, "/photos/cat.jpg?uploadId=158513", "ListParts"},
        {"GET", object, "/photos/cat.jpg", "GetObject"},
        {"HEAD", object, "/photos/cat.jpg", "HeadObject"},
        {"DELETE", object, "/photos/cat.jpg", "DeleteObject"},
        {"PUT", object, "/photos/cat.jpg?acl", "PutObjectACL"},
        {"GET", object, "/photos/cat.jpg?acl", "GetObjectACL"},
        {"PUT", object, "/photos/cat.jpg?tagging", "PutObjectTagging"},
        {"GET", object, "/photos/cat.jpg?tagging", "GetObjectTagging"},
        {"DELETE", object, "/photos/cat.jpg?tagging", "DeleteObjectTagging"},
        {"POST", object, "/photos/cat.jpg?restore", "PostObjectRestore"},
        {"POST", object, "/photos/cat.jpg?select&select-type=2", "SelectObjectContent"},
        {"PUT", object, "/photos/cat.jpg?retention", "PutObjectRetention"},
        {"GET", object, "/photos/cat.jpg?retention", "GetObjectRetention"},
        {"PUT", object, "/photos/cat.jpg?symlink", "PutSymlink"},
        {"GET", object, "/photos/cat.jpg?symlink", "GetSymlink"},
    };

    for (const auto& row : rows) {
        CAPTURE(row.method);
        CAPTURE(row.target);
        CHECK(action_of(row.method, row.level, read_target(row.target)) == row.action);
        const auto call = call_of(row.method, row.level == service ? service_host : bucket_host, row.target);
        CHECK(call.action == row.action);
        REQUIRE(!call.rights.empty());
        CHECK(call.rights.front().action == "name/cos:" + std::string(row.action));
    }
}

TEST_CASE("parameters of a signature, a listing or an image do not change the call")
{
    static constexpr struct {
        std::string_view method, target, action;
    } rows[] = {
        {"GET", "/?prefix=&delimiter=%2F&marker=&max-keys=1000&encoding-type=url", "GetBucket"},
        {"GET", "/?list-type=2&continuation-token=&fetch-owner=", "GetBucket"},
        {"GET", "/?q-sign-algorithm=sha1&q-ak=x&q-header-list=&q-url-param-list=&q-signature=x", "GetBucket"},
        {"PUT", "/?q-ak=x&x-cos-security-token=", "PutBucket"},
        {"DELETE", "/?X-Amz-Signature=x&x-id=DeleteBucket", "DeleteBucket"},
        {"HEAD", "/?AWSAccessKeyId=x&Expires=1&Signature=x", "HeadBucket"},
        {"GET", "/?list-type=2&prefix=a&response-content-type=text%2Fxml", "GetBucket"},
        {"GET", "/a.jpg?imageMogr2/thumbnail/100x", "GetObject"},
        {"GET", "/a.jpg?versionId=MTg0&response-content-type=image%2Fjpeg", "GetObject"},
        {"DELETE", "/a.jpg?versionId=MTg0", "DeleteObject"},
        {"GET", "/?uploads&prefix=a", "ListMultipartUploads"},
        {"OPTIONS", "/?newthing", "OptionsObject"},
        {"GET", "/?VERSIONS", "GetBucketObjectVersions"},
    };

    for (const auto& row : rows) {
        CAPTURE(row.target);
        CHECK(call_of(row.method, bucket_host, row.target).action == row.action);
    }
}

TEST_CASE("for a call that the table does not know, no action is guessed")
{
    static constexpr struct {
        std::string_view method, host, target;
    } rows[] = {
        {"PUT", bucket_host, "/?newthing"},
        {"GET", bucket_host, "/?newthing"},
        {"POST", bucket_host, "/?newthing"},
        {"DELETE", bucket_host, "/?newthing&q-ak=x"},
        {"DELETE", bucket_host, "/?uploadId=u1"},
        {"DELETE", bucket_host, "/?foo=bar"},
        {"PUT", bucket_host, "/?partNumber=1&uploadId=u1"},
        {"PUT", bucket_host, "/?prefix=a"},
        {"HEAD", bucket_host, "/?foo=bar"},
        {"GET", bucket_host, "/?ci-process=doc-preview"},
        {"GET", service_host, "/favicon.ico"},
        {"PATCH", bucket_host, "/exampleobject"},
        {"POST", bucket_host, "/exampleobject"},
        {"PUT", service_host, "/"},
        {"POST", "examplebucket-1250000000.ci.ap-beijing.myqcloud.com", "/jobs"},
        {"GET", "100000000001.cos-control.ap-beijing.myqcloud.com", "/jobs"},
    };

    for (const auto& row : rows) {
        CAPTURE(row.target);
        const auto call = call_of(row.method, row.host, row.target);
        CHECK(call.action.empty());
        CHECK(call.rights.empty());
        CHECK(policy_allowing(call.rights).empty());
    }
}

TEST_CASE("resources name the decoded key, and end in a slash for the bucket itself")
{
    CHECK(
        lines_of(call_of("GET", bucket_host, "/a%20b/%E8%85%BE.txt").rights) ==
        Lines{"name/cos:GetObject qcs::cos:ap-beijing:uid/1250000000:examplebucket-1250000000/a "
              "b/\xE8\x85\xBE.txt"}
    );
    CHECK(
        lines_of(call_of("GET", bucket_host, "/").rights) ==
        Lines{"name/cos:GetBucket qcs::cos:ap-beijing:uid/1250000000:examplebucket-1250000000/"}
    );
    CHECK(lines_of(call_of("GET", service_host, "/").rights) == Lines{"name/cos:GetService "});
}

TEST_CASE("path-style takes bucket and key from the path")
{
    const auto call = call_of("GET", "cos.ap-beijing.myqcloud.com", "/examplebucket-1250000000/a/b.txt");
    CHECK(call.path_style);
    CHECK(call.bucket == "examplebucket-1250000000");
    CHECK(call.appid == "1250000000");
    CHECK(call.region == "ap-beijing");
    CHECK(call.key == "a/b.txt");
    CHECK(call.action == "GetObject");
    CHECK(call_of("GET", "cos.ap-beijing.myqcloud.com", "/examplebucket-1250000000").action == "GetBucket");
    CHECK(call_of("GET", "cos.ap-beijing.myqcloud.com", "/").action == "GetService");
}

TEST_CASE("the root of a website is a page, whose key the bucket's configuration knows")
{
    const auto call = call_of("GET", "examplebucket-1250000000.cos-website.ap-beijing.myqcloud.com", "/");
    CHECK(lines_of(call.rights) == Lines{"name/cos:GetObject "});
}

TEST_CASE("a copy needs a right on its source too")
{
    const std::vector<Field> fields = {
        {"x-cos-copy-source", "sourcebucket-1260000000.cos.ap-tokyo.myqcloud.com/a%2Fb.txt?versionId=MTg0"}};
    const std::string source =
        "name/cos:GetObject qcs::cos:ap-tokyo:uid/1260000000:sourcebucket-1260000000/a/b.txt";
    const std::string target = " qcs::cos:ap-beijing:uid/1250000000:examplebucket-1250000000/c.txt";
    CHECK(
        lines_of(call_of("PUT", bucket_host, "/c.txt", fields).rights) ==
        Lines{"name/cos:PutObject" + target, source}
    );
    CHECK(
        lines_of(call_of("PUT", bucket_host, "/c.txt?partNumber=1&uploadId=1", fields).rights) ==
        Lines{"name/cos:UploadPart" + target, "name/cos:PutObject" + target, source}
    );
    CHECK(call_of("GET", bucket_host, "/c.txt", fields).rights.size() == 1);
}

TEST_CASE("copy sources are read in the spelling of COS and in that of S3")
{
    static constexpr struct {
        std::string_view text, bucket, appid, region, key;
    } rows[] = {
        {"b-1250000000.cos.ap-tokyo.myqcloud.com/k", "b-1250000000", "1250000000", "ap-tokyo", "k"},
        {"https://b-1250000000.cos.ap-tokyo.myqcloud.com/a/k",
         "b-1250000000",
         "1250000000",
         "ap-tokyo",
         "a/k"},
        {"/b-1250000000/a/k", "b-1250000000", "1250000000", "", "a/k"},
        {"b-1250000000/a%20k?versionId=x", "b-1250000000", "1250000000", "", "a k"},
        {"plain/k", "plain", "", "", "k"},
        {"b-1250000000/a%3FversionId=1.txt", "b-1250000000", "1250000000", "", "a?versionId=1.txt"},
        {"b-1250000000/k?q-sign-algorithm=sha1&q-ak=x", "b-1250000000", "1250000000", "", "k"},
        {"b-1250000000/k%3Fq-sign-algorithm=sha1&q-ak=x", "b-1250000000", "1250000000", "", "k?"},
        {"/a.png", "", "", "", "a.png"},
        {"no-slash", "", "", "", "no-slash"},
        {"static.example.com/k", "", "", "", "k"},
    };

    for (const auto& row : rows) {
        CAPTURE(row.text);
        const auto source = read_copy_source(row.text);
        REQUIRE(source);
        CHECK(source->bucket == row.bucket);
        CHECK(source->appid == row.appid);
        CHECK(source->region == row.region);
        CHECK(source->key == row.key);
    }
    CHECK(read_copy_source("b-1/k?versionId=MTg0")->version == "MTg0");
    CHECK(read_copy_source("b-1/k%3Fq-ak=x")->cut);
    CHECK(read_copy_source("/a.png")->without_bucket);
    CHECK_FALSE(read_copy_source("static.example.com/k")->without_bucket);
    for (const std::string_view text : {"", "/", "?versionId=x"}) {
        CAPTURE(text);
        CHECK_FALSE(read_copy_source(text));
    }
}

TEST_CASE("a multi-delete needs DeleteObject on each key")
{
    const std::string prefix =
        "name/cos:DeleteObject qcs::cos:ap-beijing:uid/1250000000:examplebucket-1250000000/";
    CHECK(
        lines_of(call_of(
                     "POST",
                     bucket_host,
                     "/?delete",
                     {},
                     "<Delete><Object><Key>a&amp;b</Key></Object><Object><Key>c</Key></Object></Delete>"
        )
                     .rights) == Lines{prefix + "a&b", prefix + "c"}
    );
    CHECK(
        lines_of(call_of(
                     "POST",
                     bucket_host,
                     "/?delete",
                     {},
                     "<Delete><Object><Key>a</Key><VersionId>1</VersionId></Object>"
                     "<Object><Key>a</Key><VersionId>2</VersionId></Object></Delete>"
        )
                     .rights) == Lines{prefix + "a"}
    );
    const Lines unseen = {"name/cos:DeleteObject "};
    CHECK(lines_of(call_of("POST", bucket_host, "/?delete").rights) == unseen);
    CHECK(lines_of(call_of("POST", bucket_host, "/?delete", {}, "<Delete><Object><Key>a").rights) == unseen);
    std::string many;
    for (int i = 0; i < 1000; ++i) {
        many += "<Key>k</Key>";
    }
    CHECK(lines_of(call_of("POST", bucket_host, "/?delete", {}, many).rights) == unseen);
}

TEST_CASE("a form upload takes its key from the form, and no resource is named while that is unread")
{
    const std::vector<Field> fields = {{"Content-Type", "multipart/form-data; boundary=b"}};
    constexpr std::string_view body =
        "--b\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\n/photos/${filename}\r\n--b\r\n"
        "Content-Disposition: form-data; name=\"file\"; filename=\"cat.jpg\"\r\n\r\n...";
    CHECK(
        lines_of(call_of("POST", bucket_host, "/", fields, body).rights) ==
        Lines{
            "name/cos:PostObject qcs::cos:ap-beijing:uid/1250000000:examplebucket-1250000000/photos/cat.jpg"}
    );
    CHECK(lines_of(call_of("POST", bucket_host, "/", fields).rights) == Lines{"name/cos:PostObject "});
}

TEST_CASE("a key that a policy would read as a pattern, or cannot name, gets no resource and no policy")
{
    using enum Unnameable;

    static constexpr std::pair<std::string_view, Unnameable> rows[] = {
        {"/%2A", pattern},
        {"/logs/*", pattern},
        {"/logs/a%3Fb", pattern},
        {"/$%7Buin%7D/a", pattern},
        {"/%D5%D5%C6%AC.jpg", not_utf8},
        {"/a.jpg%3Fq-sign-algorithm=sha1&q-ak=x", credentials},
        {"/$a{b}", no},
        {"/%E7%85%A7.jpg", no},
    };
    for (const auto& [target, why] : rows) {
        CAPTURE(target);
        const auto rights = call_of("GET", bucket_host, target).rights;
        REQUIRE(rights.size() == 1);
        CHECK(rights.front().unnameable == why);
        CHECK(rights.front().resource.empty() == (why != no));
        CHECK(policy_allowing(rights).empty() == (why != no));
    }
    const std::vector<Field> copy = {{"x-cos-copy-source", "b-1/logs/*"}};
    CHECK(policy_allowing(call_of("PUT", bucket_host, "/a", copy).rights).empty());
    CHECK(policy_allowing(call_of("POST", bucket_host, "/?delete", {}, "<Key>a</Key><Key>*</Key>").rights)
              .empty());
}

TEST_CASE("a form upload is a POST of multipart/form-data")
{
    const auto is_upload = [](std::string_view method, std::string_view type) {
        const std::vector<Field> fields = {{"content-type", type}};
        return is_form_upload(method, fields);
    };
    CHECK(is_upload("POST", "multipart/form-data; boundary=b"));
    CHECK(is_upload("POST", "Multipart/Form-Data"));
    CHECK_FALSE(is_upload("PUT", "multipart/form-data; boundary=b"));
    CHECK_FALSE(is_upload("POST", "application/xml"));
    CHECK_FALSE(is_form_upload("POST", {}));
}

TEST_CASE("a policy joins only what shares an action or a resource")
{
    const Right get_a{"name/cos:GetObject", "qcs::cos:r:uid/1:b-1/a"};
    const Right put_a{"name/cos:PutObject", "qcs::cos:r:uid/1:b-1/a"};
    const Right get_c{"name/cos:GetObject", "qcs::cos:r:uid/1:b-1/c"};
    const Right nowhere{"name/cos:GetObject", ""};

    const auto policy = [](std::vector<Right> rights) { return policy_allowing(rights); };
    CHECK(
        policy({get_a}) ==
        R"({"version":"2.0","statement":[{"effect":"allow","action":["name/cos:GetObject"],"resource":["qcs::cos:r:uid/1:b-1/a"]}]})"
    );
    CHECK(
        policy({get_a, put_a}) ==
        R"({"version":"2.0","statement":[{"effect":"allow","action":["name/cos:GetObject","name/cos:PutObject"],"resource":["qcs::cos:r:uid/1:b-1/a"]}]})"
    );
    CHECK(
        policy({put_a, get_c}) ==
        R"({"version":"2.0","statement":[{"effect":"allow","action":["name/cos:PutObject"],"resource":["qcs::cos:r:uid/1:b-1/a"]},{"effect":"allow","action":["name/cos:GetObject"],"resource":["qcs::cos:r:uid/1:b-1/c"]}]})"
    );
    CHECK(
        policy({get_a, put_a, get_c}) ==
        R"({"version":"2.0","statement":[{"effect":"allow","action":["name/cos:GetObject","name/cos:PutObject"],"resource":["qcs::cos:r:uid/1:b-1/a"]},{"effect":"allow","action":["name/cos:GetObject"],"resource":["qcs::cos:r:uid/1:b-1/c"]}]})"
    );
    CHECK(
        policy({get_a, get_c, put_a}) ==
        R"({"version":"2.0","statement":[{"effect":"allow","action":["name/cos:GetObject"],"resource":["qcs::cos:r:uid/1:b-1/a","qcs::cos:r:uid/1:b-1/c"]},{"effect":"allow","action":["name/cos:PutObject"],"resource":["qcs::cos:r:uid/1:b-1/a"]}]})"
    );
    CHECK(policy({}).empty());
    CHECK(policy({get_a, nowhere}).empty());
}

TEST_SUITE_END();

} // namespace cosdiag

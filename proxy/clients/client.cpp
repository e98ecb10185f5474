// SPDX-License-Identifier: Apache-2.0
#include "proxy/clients/client.hpp"

#include "diagnose/text.hpp"

#include <algorithm>
#include <string>

namespace cosdiag::clients {

namespace {

constexpr std::size_t most_agent_bytes = 512;

constexpr std::string_view http_url = "a URL that begins with http://";
constexpr std::string_view http_endpoint = "an endpoint that begins with http://";
constexpr std::string_view http_minio = "an endpoint that begins with http:// (secure = false)";
constexpr std::string_view http_boto = "endpoint_url='http://cos.REGION.myqcloud.com'";
constexpr std::string_view http_node = "Protocol: 'http:' in new COS({…})";
constexpr std::string_view http_java = "clientConfig.setHttpProtocol(HttpProtocol.http)";
constexpr std::string_view http_php = "'schema' => 'http' in new Qcloud\\Cos\\Client([…])";
constexpr std::string_view http_dotnet = "IsHttps(false) in CosXmlConfig.Builder";

/// In order: what names an SDK goes before the HTTP library below it, and that before a mere language.
constexpr Client known[] = {
    {"cos-nodejs-sdk", "cos-nodejs-sdk-v5", Runtime::node, http_node},
    {"cos-js-sdk", "cos-js-sdk-v5", Runtime::browser, http_node},
    {"cos-python-sdk", "cos-python-sdk-v5", Runtime::requests, "Scheme='http' in CosConfig(…)"},
    {"coscli", "coscli", Runtime::go, "-p http on its command line"},
    {"coscmd", "coscmd", Runtime::requests, "schema = http in ~/.cos.conf (coscmd config --do-not-use-ssl)"},
    {"cos-go-sdk", "cos-go-sdk-v5", Runtime::go, "http:// in the BucketURL given to cos.NewClient"},
    {"cos-java-sdk", "cos-java-sdk-v5", Runtime::java, http_java},
    {"cos-cpp-sdk", "cos-cpp-sdk-v5", Runtime::cos_cpp_sdk, "no SetHttps() on its requests"},
    {"cos-php-sdk", "cos-php-sdk-v5", Runtime::php, http_php},
    {"cos-net-sdk", "cos-dotnet-sdk", Runtime::dotnet, http_dotnet},
    {"cos-dotnet-sdk", "cos-dotnet-sdk", Runtime::dotnet, http_dotnet},
    {"cos-android-sdk", "cos-android-sdk", Runtime::android, "isHttps(false) in CosXmlServiceConfig.Builder"},
    {"rclone", "rclone", Runtime::rclone, "endpoint = http://cos.REGION.myqcloud.com in its remote"},
    {"s3cmd", "s3cmd", Runtime::s3cmd, "use_https = False in ~/.s3cfg"},
    {"aws-cli", "aws-cli", Runtime::boto, "--endpoint-url http://cos.REGION.myqcloud.com"},
    {"boto3", "boto3", Runtime::boto, http_boto},
    {"botocore", "boto3", Runtime::boto, http_boto},
    {"aws-sdk-js", "the AWS SDK", Runtime::node, http_endpoint},
    {"aws-sdk-java", "the AWS SDK", Runtime::java, http_endpoint},
    {"aws-sdk-go", "the AWS SDK", Runtime::go, http_endpoint},
    {"aws-sdk-php", "the AWS SDK", Runtime::php, http_endpoint},
    {"aws-sdk-ruby", "the AWS SDK", Runtime::ruby, http_endpoint},
    {"aws-sdk-dotnet", "the AWS SDK", Runtime::dotnet, http_endpoint},
    {"aws-sdk", "the AWS SDK", Runtime::unknown, http_endpoint},
    {"minio-js", "the MinIO client", Runtime::node, http_minio},
    {"minio-py", "the MinIO client", Runtime::python, http_minio},
    {"minio", "the MinIO client", Runtime::go, http_minio},
    {"guzzlehttp", "the PHP program", Runtime::php, http_php},
    {"curl", "curl", Runtime::curl, http_url},
    {"wget", "wget", Runtime::wget, http_url},
    {"git/", "git", Runtime::git, http_url},
    {"pip/", "pip", Runtime::pip, http_url},
    {"python-requests", "requests", Runtime::requests, http_url},
    {"python-urllib", "the Python program", Runtime::python, http_url},
    {"aiohttp", "the Python program", Runtime::python, http_url},
    {"go-http-client",
     "the Go program",
     Runtime::go,
     "http:// in its BucketURL (coscli: -p http; rclone: endpoint = http://cos.REGION.myqcloud.com)"},
    {"apache-httpclient", "the Java program", Runtime::java, http_java},
    {"java-http-client", "the Java program", Runtime::java, http_java},
    {"java/", "the Java program", Runtime::java, http_java},
    {"deno/", "the Deno program", Runtime::deno, http_url},
    {"mozilla/",
     "the browser",
     Runtime::browser,
     "Protocol: 'http:' in new COS({…}) of a page that came by http:// itself"},
};

constexpr Client nameless{
    "",
    "the client",
    Runtime::nameless,
    "http:// in its COS address, or its setting for the protocol (Python's, which give no name here: "
    "Scheme='http' in CosConfig(…) of cos-python-sdk-v5, endpoint_url='http://cos.REGION.myqcloud.com' of "
    "boto3)"};

constexpr Client unknown{
    "", "the client", Runtime::unknown, "http:// in its COS address, or its setting for the protocol"};

} // namespace

const Client& client_of(std::string_view user_agent)
{
    const std::string agent = lowered(user_agent.substr(0, most_agent_bytes));
    if (trimmed(agent).empty())
        return nameless;
    const auto* const found = std::find_if(std::begin(known), std::end(known), [&](const Client& each) {
        return agent.find(each.mark) != std::string::npos;
    });
    return found == std::end(known) ? unknown : *found;
}

} // namespace cosdiag::clients

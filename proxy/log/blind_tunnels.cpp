// SPDX-License-Identifier: Apache-2.0
#include "proxy/log/blind_tunnels.hpp"

#include "diagnose/endpoint.hpp"
#include "diagnose/text.hpp"
#include "proxy/log/notices.hpp"

#include <algorithm>

namespace cosdiag::log {

namespace {

constexpr std::size_t most_hosts = 1000;
constexpr std::size_t most_host_bytes = 255;
constexpr std::size_t most_agent_bytes = 512;

struct Client {
    std::string_view mark; ///< in the User-Agent, in lower case
    std::string_view name;
    std::string_view setting; ///< completes "let NAME speak clear HTTP: …"
};

/// In order: what names an SDK goes before the HTTP library below it. Go's and Java's HTTP libraries name
/// themselves on a CONNECT, whatever the SDK above them puts on its requests. REGION becomes the host's.
constexpr Client clients[] = {
    {"cos-nodejs-sdk", "cos-nodejs-sdk-v5", "Protocol: 'http:' in new COS({…})"},
    {"cos-js-sdk", "cos-js-sdk-v5", "Protocol: 'http:' in new COS({…})"},
    {"cos-python-sdk", "cos-python-sdk-v5", "Scheme='http' in CosConfig(…)"},
    {"coscli", "coscli", "-p http on its command line"},
    {"coscmd", "coscmd", "schema = http in ~/.cos.conf (coscmd config --do-not-use-ssl)"},
    {"cos-go-sdk", "cos-go-sdk-v5", "http:// in the BucketURL given to cos.NewClient"},
    {"cos-java-sdk", "cos-java-sdk-v5", "clientConfig.setHttpProtocol(HttpProtocol.http)"},
    {"cos-cpp-sdk", "cos-cpp-sdk-v5", "no SetHttps() on its requests"},
    {"cos-php-sdk", "cos-php-sdk-v5", "'schema' => 'http' in new Qcloud\\Cos\\Client([…])"},
    {"cos-net-sdk", "cos-dotnet-sdk", "IsHttps(false) in CosXmlConfig.Builder"},
    {"cos-dotnet-sdk", "cos-dotnet-sdk", "IsHttps(false) in CosXmlConfig.Builder"},
    {"cos-android-sdk", "cos-android-sdk", "isHttps(false) in CosXmlServiceConfig.Builder"},
    {"rclone", "rclone", "endpoint = http://cos.REGION.myqcloud.com in its remote"},
    {"s3cmd", "s3cmd", "use_https = False in ~/.s3cfg"},
    {"aws-cli", "aws-cli", "--endpoint-url http://cos.REGION.myqcloud.com"},
    {"boto3", "boto3", "endpoint_url='http://cos.REGION.myqcloud.com'"},
    {"botocore", "boto3", "endpoint_url='http://cos.REGION.myqcloud.com'"},
    {"aws-sdk", "the AWS SDK", "an endpoint that begins with http://"},
    {"minio", "the MinIO client", "an endpoint that begins with http:// (secure = false)"},
    {"curl", "curl", "a URL that begins with http://"},
    {"wget", "wget", "a URL that begins with http://"},
    {"python-requests", "requests", "a URL that begins with http://"},
    {"go-http-client",
     "the Go program",
     "http:// in its BucketURL (coscli: -p http; rclone: endpoint = http://cos.REGION.myqcloud.com)"},
    {"apache-httpclient", "the Java program", "clientConfig.setHttpProtocol(HttpProtocol.http)"},
};

/// Python's HTTP library puts no User-Agent on a CONNECT.
constexpr Client nameless{
    "",
    "the client",
    "http:// in its COS address, or its setting for the protocol (Python's, which give no name here: "
    "Scheme='http' in CosConfig(…) of cos-python-sdk-v5, endpoint_url='http://cos.REGION.myqcloud.com' of "
    "boto3)"};

constexpr Client unknown{"", "the client", "http:// in its COS address, or its setting for the protocol"};

const Client& client_of(std::string_view user_agent)
{
    const std::string agent = lowered(user_agent.substr(0, most_agent_bytes));
    if (trimmed(agent).empty())
        return nameless;
    const auto* const found = std::find_if(std::begin(clients), std::end(clients), [&](const Client& each) {
        return agent.find(each.mark) != std::string::npos;
    });
    return found == std::end(clients) ? unknown : *found;
}

std::string setting_for(const Client& client, std::string_view host)
{
    constexpr std::string_view placeholder = "REGION";
    std::string setting(client.setting);
    const std::string region = read_endpoint(host).region;
    const std::size_t at = setting.find(placeholder);
    if (!region.empty() && at != std::string::npos)
        setting.replace(at, placeholder.size(), region);
    return setting;
}

} // namespace

std::string blind_tunnel_notice(std::string_view host, std::string_view user_agent)
{
    const Client& client = client_of(user_agent);
    host = host.substr(0, most_host_bytes);
    return harmless(join(
        "HTTPS to ",
        host,
        " passes through unseen: a 403 in it cannot be explained. To see it, let ",
        client.name,
        " speak clear HTTP: ",
        setting_for(client, host),
        ". Then signatures and data travel readable between here and COS: for development, with keys that "
        "may be replaced"
    ));
}

void BlindTunnels::opened(std::string_view host, std::string_view user_agent)
{
    {
        const std::lock_guard lock(x_mutex_);
        ++x_count_;
        if (x_hosts_.size() == most_hosts ||
            !x_hosts_.insert(lowered(host.substr(0, most_host_bytes))).second)
            return;
    }
    note(blind_tunnel_notice(host, user_agent));
}

std::uint64_t BlindTunnels::count() const
{
    const std::lock_guard lock(x_mutex_);
    return x_count_;
}

std::size_t BlindTunnels::hosts() const
{
    const std::lock_guard lock(x_mutex_);
    return x_hosts_.size();
}

} // namespace cosdiag::log

// SPDX-License-Identifier: Apache-2.0
#include "proxy/log/blind_tunnels.hpp"

#include "proxy/log/notices.hpp"

#include <algorithm>
#include <cctype>

namespace cosdiag::log {

namespace {

constexpr std::size_t most_hosts = 1000;
constexpr std::size_t most_host_bytes = 255;

struct Client {
    std::string_view mark; ///< in the User-Agent, in lower case
    std::string_view name;
    std::string_view setting; ///< completes "let NAME speak clear HTTP: …"
};

/// In order: what names an SDK goes before the HTTP library below it.
constexpr Client clients[] = {
    {"cos-nodejs-sdk", "cos-nodejs-sdk-v5", "Protocol: 'http:' in new COS({…})"},
    {"cos-js-sdk", "cos-js-sdk-v5", "Protocol: 'http:' in new COS({…})"},
    {"cos-python-sdk", "cos-python-sdk-v5", "Scheme='http' in CosConfig(…)"},
    {"cos-go-sdk", "cos-go-sdk-v5", "http:// in the BucketURL given to cos.NewClient"},
    {"cos-java-sdk", "cos-java-sdk-v5", "clientConfig.setHttpProtocol(HttpProtocol.http)"},
    {"cos-cpp-sdk", "cos-cpp-sdk-v5", "\"IsUseHttps\": false in its configuration"},
    {"cos-php-sdk", "cos-php-sdk-v5", "'schema' => 'http' in new Qcloud\\Cos\\Client([…])"},
    {"cos-net-sdk", "cos-dotnet-sdk", "IsHttps(false) in CosXmlConfig.Builder"},
    {"cos-dotnet-sdk", "cos-dotnet-sdk", "IsHttps(false) in CosXmlConfig.Builder"},
    {"coscli", "coscli", "-p http on its command line"},
    {"coscmd", "coscmd", "schema = http in ~/.cos.conf"},
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
    {"go-http-client", "the Go program", "http:// in its COS URL"},
};

constexpr std::string_view any_setting = "http:// in its COS address, or its setting for the protocol";

std::string lower(std::string_view text)
{
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) {
        return static_cast<char>(std::tolower(c));
    });
    return out;
}

} // namespace

std::string blind_tunnel_notice(std::string_view host, std::string_view user_agent)
{
    const std::string agent = lower(user_agent.substr(0, 512));
    const auto* const client = std::find_if(std::begin(clients), std::end(clients), [&](const Client& each) {
        return agent.find(each.mark) != std::string::npos;
    });
    const bool known = client != std::end(clients);
    std::string text = "HTTPS to " + harmless(host, most_host_bytes) +
                       " passes through unseen: a 403 in it cannot be explained. To see it, let ";
    text += known ? client->name : "the client";
    text += " speak clear HTTP: ";
    text += known ? client->setting : any_setting;
    text +=
        ". Then signatures and data travel readable between here and COS: for development, with keys that "
        "may be replaced";
    return text;
}

void BlindTunnels::opened(std::string_view host, std::string_view user_agent)
{
    {
        const std::lock_guard lock(x_mutex_);
        ++x_count_;
        if (x_hosts_.size() == most_hosts || !x_hosts_.insert(lower(host.substr(0, most_host_bytes))).second)
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

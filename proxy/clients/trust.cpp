// SPDX-License-Identifier: Apache-2.0
#include "proxy/clients/trust.hpp"

#include "diagnose/text.hpp"
#include "proxy/clients/shell.hpp"

#include <algorithm>
#include <utility>

namespace cosdiag::clients {

namespace {

struct Way {
    Runtime runtime;
    std::string_view heading; ///< empty where it is no runtime that a reader would look for
    std::string_view setting; ///< {ca}, {bundle} and {java}, which is all of Java's options, stand for words
};

/// In the order of Runtime.
constexpr Way ways[] = {
    {Runtime::node, "Node", "NODE_EXTRA_CA_CERTS={ca} in its environment (read once, at its start)"},
    {Runtime::deno, "Deno", "DENO_CERT={ca} in its environment"},
    {Runtime::requests, "Python: requests, cos-python-sdk", "REQUESTS_CA_BUNDLE={bundle} in its environment"},
    {Runtime::boto, "Python: boto3, aws", "AWS_CA_BUNDLE={bundle} in its environment"},
    {Runtime::python, "Python: ssl, urllib", "SSL_CERT_FILE={bundle} in its environment"},
    {Runtime::go, "Go: coscli, cos-go-sdk", "SSL_CERT_FILE={bundle} in its environment"},
    {Runtime::rclone,
     "rclone",
     "SSL_CERT_FILE={bundle} in its environment, without AWS_CA_BUNDLE, on which its S3 breaks; or "
     "--ca-cert {bundle}"},
    {Runtime::java, "Java", "JAVA_TOOL_OPTIONS={java} in its environment"},
    {Runtime::curl, "curl", "CURL_CA_BUNDLE={bundle} in its environment, or --cacert {bundle}"},
    {Runtime::openssl, "OpenSSL's default", "SSL_CERT_FILE={bundle} in its environment"},
    {Runtime::cos_cpp_sdk,
     "cos-cpp-sdk",
     "SetCaLocation with {bundle} on its requests, or SSL_CERT_FILE={bundle} in its environment"},
    {Runtime::dotnet, ".NET on Linux", "SSL_CERT_FILE={bundle} in its environment"},
    {Runtime::ruby, "Ruby", "SSL_CERT_FILE={bundle} in its environment"},
    {Runtime::php, "PHP", "curl.cainfo={bundle} and openssl.cafile={bundle} in php.ini, or after php -d"},
    {Runtime::s3cmd,
     "s3cmd",
     "ca_certs_file = {bundle} in ~/.s3cfg, or --ca-certs {bundle}, or SSL_CERT_FILE={bundle} in its "
     "environment"},
    {Runtime::wget, "wget", "--ca-certificate={bundle}, or ca_certificate = {bundle} in ~/.wgetrc"},
    {Runtime::git, "git", "GIT_SSL_CAINFO={bundle} in its environment"},
    {Runtime::pip, "pip", "PIP_CERT={bundle} in its environment"},
    {Runtime::android,
     "Android",
     "{ca} installed as a CA certificate, and a network security configuration of the app that trusts those "
     "of "
     "users"},
    {Runtime::browser, "browsers", "{ca} imported among the authorities in their settings"},
    {Runtime::nameless,
     "",
     "it gives no name here, as Python and Java do. Python: REQUESTS_CA_BUNDLE={bundle} in its environment, "
     "AWS_CA_BUNDLE={bundle} for boto3, SSL_CERT_FILE={bundle} for urllib. Java: JAVA_TOOL_OPTIONS={java}. "
     "Others: cosdiag ca show"},
    {Runtime::unknown,
     "",
     "SSL_CERT_FILE={bundle} in its environment, or what cosdiag ca show says of its runtime"},
};

constexpr bool in_order()
{
    int next = 0;
    for (const Way& way : ways)
        if (static_cast<int>(way.runtime) != next++)
            return false;
    return next == static_cast<int>(Runtime::unknown) + 1;
}

static_assert(in_order());

constexpr TrustVariable variables[] = {
    {"NODE_EXTRA_CA_CERTS", &TrustFiles::ca, false, "Node adds it to its own roots"},
    {"DENO_CERT", &TrustFiles::ca, false, "Deno adds it to its own roots"},
    {"REQUESTS_CA_BUNDLE", &TrustFiles::bundle, false, "Python's requests, cos-python-sdk-v5, boto3 and aws"},
    {"CURL_CA_BUNDLE", &TrustFiles::bundle, false, "curl, where it goes before SSL_CERT_DIR"},
    {"SSL_CERT_FILE",
     &TrustFiles::bundle,
     false,
     "Go, Python's ssl, Ruby, .NET and whatever else asks OpenSSL"},
    {"PIP_CERT", &TrustFiles::bundle, false, "pip"},
    {"GIT_SSL_CAINFO", &TrustFiles::bundle, false, "git and git-lfs"},
    {"AWS_CA_BUNDLE", &TrustFiles::bundle, true, "boto3 and aws, where it goes before REQUESTS_CA_BUNDLE"},
    {"RCLONE_CA_CERT", &TrustFiles::bundle, true, "rclone, where it goes before SSL_CERT_FILE"},
    {"NIX_SSL_CERT_FILE", &TrustFiles::bundle, true, "programs from Nix, where it goes before SSL_CERT_FILE"},
};

std::string filled(std::string_view setting, const TrustFiles& files)
{
    const std::pair<std::string_view, std::string> words[] = {
        {"{ca}", files.ca},
        {"{bundle}", files.bundle},
        {"{java}", java_trust_options(files.truststore)},
    };
    std::string text;
    while (!setting.empty()) {
        const auto* const word = std::find_if(std::begin(words), std::end(words), [&](const auto& each) {
            return setting.starts_with(each.first);
        });
        if (word != std::end(words))
            text += shell_word(word->second, Shell::sh);
        else
            text += setting.front();
        setting.remove_prefix(word != std::end(words) ? word->first.size() : 1);
    }
    return text;
}

} // namespace

std::span<const TrustVariable> trust_variables()
{
    return variables;
}

std::string java_word(std::string_view text)
{
    if (text.find_first_of(" \t\r\n'\"") == std::string_view::npos)
        return std::string(text);
    std::string word = "'";
    for (const char c : text)
        word += c == '\'' ? std::string("'\"'\"'") : std::string(1, c);
    return word += '\'';
}

std::string java_trust_options(const std::string& truststore)
{
    return join(
        java_word("-Djavax.net.ssl.trustStore=" + truststore),
        " -Djavax.net.ssl.trustStorePassword=",
        truststore_password,
        " -Djavax.net.ssl.trustStoreType=PKCS12"
    );
}

std::string trust_hint(const Client& client, const TrustFiles& files)
{
    const Way& way = ways[static_cast<std::size_t>(client.runtime)];
    return join("let ", client.name, " trust cosdiag's CA: ", filled(way.setting, files));
}

std::vector<std::string> trust_lines(const TrustFiles& files)
{
    std::size_t width = 0;
    for (const Way& way : ways)
        width = std::max(width, way.heading.size());
    std::vector<std::string> lines;
    for (const Way& way : ways) {
        if (way.heading.empty())
            continue;
        const std::string gap(width - way.heading.size() + 2, ' ');
        lines.push_back(join(way.heading, gap, filled(way.setting, files)));
    }
    return lines;
}

} // namespace cosdiag::clients

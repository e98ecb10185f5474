// SPDX-License-Identifier: Apache-2.0
#include "proxy/clients/environment.hpp"

#include "diagnose/text.hpp"
#include "proxy/clients/no_proxy.hpp"

#include <algorithm>

namespace cosdiag::clients {

namespace {

struct HostAndPort {
    std::string_view host; ///< IPv6 without brackets
    std::string_view port;
};

/// Of `http://[USER@]HOST:PORT[/]`.
HostAndPort authority_of(std::string_view url)
{
    if (const std::size_t scheme = url.find("://"); scheme != std::string_view::npos)
        url.remove_prefix(scheme + 3);
    url = url.substr(0, url.find('/'));
    url.remove_prefix(url.rfind('@') + 1);
    const std::size_t colon = url.rfind(':');
    std::string_view host = url.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']'))
        host = host.substr(1, host.size() - 2);
    return {host, colon == std::string_view::npos ? "80" : url.substr(colon + 1)};
}

std::string value_of(const config::Environment& users, const char* name)
{
    return users(name).value_or("");
}

std::string comma_separated(const std::vector<std::string>& hosts)
{
    std::string list;
    for (const std::string& host : hosts)
        list += join(list.empty() ? "" : ",", host);
    return list;
}

void add_proxies(
    std::vector<Variable>& variables, const std::string& url, const std::vector<std::string>& direct
)
{
    constexpr std::string_view both = "libraries read one case or the other";
    for (const char* const name : {"http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY"})
        variables.push_back({name, url, both});
    for (const char* const name : {"no_proxy", "NO_PROXY"})
        variables.push_back({name, comma_separated(direct), "what was there, but for COS"});
    variables.push_back({"NODE_USE_ENV_PROXY", "1", "fetch() of Node 24 and later"});
}

/// What the variable is to be: a file's name, nothing to unset it, or no variable at all.
std::optional<Variable> trust_variable(
    const TrustVariable& about, const TrustFiles& files, const std::string& before, std::string_view program
)
{
    const std::string_view name = about.name;
    if (name == "AWS_CA_BUNDLE" && program == "rclone") {
        if (before.empty())
            return std::nullopt;
        return Variable{about.name, std::nullopt, "rclone's S3 breaks on it; SSL_CERT_FILE has its content"};
    }
    const bool is_wanted =
        !about.only_in_place || !before.empty() || (name == "AWS_CA_BUNDLE" && program == "aws");
    if (!is_wanted)
        return std::nullopt;
    return Variable{about.name, files.*about.file, about.reason};
}

void keep(std::vector<std::string>& extra, const std::string& file, const TrustFiles& files)
{
    const bool is_ours = file == files.ca || file == files.bundle;
    if (!file.empty() && !is_ours && std::find(extra.begin(), extra.end(), file) == extra.end())
        extra.push_back(file);
}

void add_trust(
    ClientEnvironment& environment,
    const TrustFiles& files,
    const config::Environment& users,
    std::string_view program
)
{
    for (const TrustVariable& about : trust_variables()) {
        const std::string before = value_of(users, about.name);
        const bool adds = about.file == &TrustFiles::ca;
        keep(adds ? environment.extra_ca_files : environment.extra_bundle_files, before, files);
        if (auto variable = trust_variable(about, files, before, program))
            environment.variables.push_back(std::move(*variable));
    }
}

/// Of two options of one name Java takes the later one. Ours are not added twice.
std::string java_options(
    const std::string& before,
    const HostAndPort& proxy,
    const std::vector<std::string>& direct,
    const std::optional<TrustFiles>& trust
)
{
    std::string options;
    for (const std::string_view scheme : {"http", "https"})
        options +=
            join("-D", scheme, ".proxyHost=", proxy.host, " -D", scheme, ".proxyPort=", proxy.port, " ");
    options += java_word("-Dhttp.nonProxyHosts=" + java_non_proxy_hosts(direct));
    if (trust)
        options += " " + java_trust_options(trust->truststore);
    if (before.ends_with(options))
        return before;
    return join(before, before.empty() ? "" : " ", options);
}

} // namespace

ClientEnvironment client_environment(
    const Proxy& proxy,
    const std::optional<TrustFiles>& trust,
    const config::Environment& users,
    std::string_view command
)
{
    const HostAndPort at = authority_of(proxy.url);
    const std::string upper = value_of(users, "NO_PROXY");
    const std::string lower = value_of(users, "no_proxy");
    const auto direct = hosts_without_proxy({upper, lower}, proxy.domains, at.host);
    ClientEnvironment environment;
    add_proxies(environment.variables, proxy.url, direct);
    if (trust)
        add_trust(environment, *trust, users, command.substr(command.rfind('/') + 1));
    environment.variables.push_back(
        {"JAVA_TOOL_OPTIONS",
         java_options(value_of(users, "JAVA_TOOL_OPTIONS"), at, direct, trust),
         "Java's own HTTP libraries"}
    );
    return environment;
}

std::string shell_lines(const std::vector<Variable>& variables, Shell shell)
{
    std::string lines;
    for (const Variable& each : variables)
        lines += shell_line(each.name, each.value, shell);
    return lines;
}

} // namespace cosdiag::clients

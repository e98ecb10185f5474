// SPDX-License-Identifier: Apache-2.0
#include "proxy/clients/environment.hpp"
#include "tests/proxy/clients/support.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace cosdiag;
using namespace cosdiag::clients;
using test::environment_of;

using Names = std::vector<std::string>;

namespace {

const Proxy here{"http://127.0.0.1:8403", {"myqcloud.com", "tencentcos.cn", "shop.example"}};
const TrustFiles files{"/d/ca.pem", "/d/bundle.pem", "/d/truststore.p12"};

const Variable* find(const ClientEnvironment& environment, const std::string& name)
{
    const auto& all = environment.variables;
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const Variable& each) { return each.name == name; });
    return found == all.end() ? nullptr : &*found;
}

/// Its value, `(unset)` where it is to be unset, `(left)` where nothing is said of it.
std::string told(const ClientEnvironment& environment, const std::string& name)
{
    const Variable* const variable = find(environment, name);
    return variable == nullptr ? "(left)" : variable->value.value_or("(unset)");
}

Names names_of(const ClientEnvironment& environment)
{
    Names names;
    for (const Variable& each : environment.variables)
        names.push_back(each.name);
    return names;
}

} // namespace

TEST_SUITE("proxy/clients/environment")
{
    TEST_CASE("without a CA the proxy's variables are set, in both cases, and no other than Java's and Node's"
    )
    {
        const auto environment = client_environment(here, std::nullopt, environment_of({}), "curl");
        CHECK(
            names_of(environment) ==
            Names{
                "http_proxy",
                "HTTP_PROXY",
                "https_proxy",
                "HTTPS_PROXY",
                "no_proxy",
                "NO_PROXY",
                "NODE_USE_ENV_PROXY",
                "JAVA_TOOL_OPTIONS"}
        );
        for (const char* const name : {"http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY"})
            CHECK(told(environment, name) == here.url);
        CHECK(told(environment, "NODE_USE_ENV_PROXY") == "1");
        CHECK(
            told(environment, "JAVA_TOOL_OPTIONS") ==
            "-Dhttp.proxyHost=127.0.0.1 -Dhttp.proxyPort=8403 -Dhttps.proxyHost=127.0.0.1 "
            "-Dhttps.proxyPort=8403 -Dhttp.nonProxyHosts=localhost|127.*|[::1]"
        );
    }

    TEST_CASE("NO_PROXY keeps what the user has in either case, but for COS and custom domains")
    {
        const auto users =
            environment_of({{"NO_PROXY", ".corp.example,*.myqcloud.com,cdn.shop.example"}, {"no_proxy", "*"}}
            );
        const auto environment = client_environment(
            {"http://cosdiag:8403", {"myqcloud.com", "cdn.shop.example"}}, std::nullopt, users, ""
        );
        CHECK(told(environment, "NO_PROXY") == ".corp.example,localhost,127.0.0.1,::1,cosdiag");
        CHECK(told(environment, "no_proxy") == told(environment, "NO_PROXY"));
    }

    TEST_CASE("with a CA each runtime gets the file that it needs")
    {
        const auto environment = client_environment(here, files, environment_of({}), "python3");
        CHECK(told(environment, "NODE_EXTRA_CA_CERTS") == "/d/ca.pem");
        CHECK(told(environment, "DENO_CERT") == "/d/ca.pem");
        for (const char* const name :
             {"REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "PIP_CERT", "GIT_SSL_CAINFO"}) {
            CAPTURE(name);
            CHECK(told(environment, name) == "/d/bundle.pem");
        }
        for (const char* const name : {"AWS_CA_BUNDLE", "RCLONE_CA_CERT", "SSL_CERT_DIR", "ALL_PROXY"}) {
            CAPTURE(name);
            CHECK(told(environment, name) == "(left)");
        }
        CHECK(environment.extra_ca_files.empty());
        CHECK(environment.extra_bundle_files.empty());
    }

    TEST_CASE("AWS_CA_BUNDLE is for aws and who has it, never for rclone")
    {
        struct Row {
            const char* command;
            const char* users;
            const char* told;
        };

        const Row rows[] = {
            {"aws", "", "/d/bundle.pem"},
            {"/usr/bin/aws", "/own.pem", "/d/bundle.pem"},
            {"python3", "", "(left)"},
            {"python3", "/own.pem", "/d/bundle.pem"},
            {"", "", "(left)"},
            {"rclone", "", "(left)"},
            {"rclone", "/own.pem", "(unset)"},
            {"/opt/bin/rclone", "/own.pem", "(unset)"},
            {"/opt/rclone/run", "/own.pem", "/d/bundle.pem"},
        };
        for (const Row& row : rows) {
            CAPTURE(row.command);
            CAPTURE(row.users);
            const auto users = environment_of({{"AWS_CA_BUNDLE", row.users}});
            const auto environment = client_environment(here, files, users, row.command);
            CHECK(told(environment, "AWS_CA_BUNDLE") == row.told);
            CHECK(environment.extra_bundle_files == (*row.users ? Names{row.users} : Names{}));
        }
    }

    TEST_CASE("what the user trusts is named, each file once, for the file that takes its place")
    {
        const auto users = environment_of({
            {"NODE_EXTRA_CA_CERTS", "node.pem"},
            {"DENO_CERT", "/d/ca.pem"},
            {"SSL_CERT_FILE", "/corp.pem"},
            {"REQUESTS_CA_BUNDLE", "/corp.pem"},
            {"CURL_CA_BUNDLE", "/d/bundle.pem"},
            {"AWS_CA_BUNDLE", "/aws.pem"},
            {"RCLONE_CA_CERT", "/rclone.pem"},
            {"PIP_CERT", ""},
        });
        const auto environment = client_environment(here, files, users, "make");
        CHECK(environment.extra_ca_files == Names{"node.pem"});
        CHECK(environment.extra_bundle_files == Names{"/corp.pem", "/aws.pem", "/rclone.pem"});
        CHECK(told(environment, "RCLONE_CA_CERT") == "/d/bundle.pem");
    }

    TEST_CASE("without a CA the user's own CAs stay where they are")
    {
        const auto users = environment_of({{"SSL_CERT_FILE", "/corp.pem"}, {"AWS_CA_BUNDLE", "/aws.pem"}});
        const auto environment = client_environment(here, std::nullopt, users, "rclone");
        CHECK(told(environment, "SSL_CERT_FILE") == "(left)");
        CHECK(told(environment, "AWS_CA_BUNDLE") == "(left)");
        CHECK(environment.extra_bundle_files.empty());
    }

    TEST_CASE("Java's options stand behind the user's, where they win")
    {
        const auto users = environment_of({{"JAVA_TOOL_OPTIONS", "-Xmx1g"}, {"NO_PROXY", ".corp.example"}});
        const auto environment = client_environment({"http://[::1]:8403/", {}}, files, users, "java");
        CHECK(
            told(environment, "JAVA_TOOL_OPTIONS") ==
            "-Xmx1g -Dhttp.proxyHost=::1 -Dhttp.proxyPort=8403 -Dhttps.proxyHost=::1 -Dhttps.proxyPort=8403 "
            "-Dhttp.nonProxyHosts=localhost|127.*|[::1]|corp.example|*.corp.example "
            "-Djavax.net.ssl.trustStore=/d/truststore.p12 -Djavax.net.ssl.trustStorePassword=changeit "
            "-Djavax.net.ssl.trustStoreType=PKCS12"
        );
    }

    TEST_CASE("Java's options do not grow when they are there already")
    {
        const auto first =
            client_environment(here, files, environment_of({{"JAVA_TOOL_OPTIONS", "-Xmx1g"}}), "");
        const std::string options = told(first, "JAVA_TOOL_OPTIONS");
        const auto second =
            client_environment(here, files, environment_of({{"JAVA_TOOL_OPTIONS", options}}), "");
        CHECK(told(second, "JAVA_TOOL_OPTIONS") == options);
    }

    TEST_CASE("the lines give a shell all of it")
    {
        const auto users =
            environment_of({{"AWS_CA_BUNDLE", "/aws.pem"}, {"JAVA_TOOL_OPTIONS", "-Da='b c'"}});
        const auto environment =
            client_environment(here, TrustFiles{"/a b/ca.pem", "/it's.pem", "/$x.p12"}, users, "rclone");
        const std::string seen = test::output_of(
            "export AWS_CA_BUNDLE=x\n" + shell_lines(environment.variables, Shell::sh) + "env -0"
        );
        for (const Variable& each : environment.variables) {
            CAPTURE(each.name);
            const std::string entry = each.name + "=" + each.value.value_or("");
            CHECK((('\0' + seen).find('\0' + entry + '\0') != std::string::npos) == each.value.has_value());
        }
        CHECK(seen.find("AWS_CA_BUNDLE=") == std::string::npos);
    }
}

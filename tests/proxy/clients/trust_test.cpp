// SPDX-License-Identifier: Apache-2.0
#include "proxy/clients/trust.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace cosdiag::clients;

namespace {

const TrustFiles files{"/d/ca.pem", "/d/bundle.pem", "/d/truststore.p12"};

bool has(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

TEST_SUITE("proxy/clients/trust")
{
    TEST_CASE("each client is told the setting of its runtime, with the file that it needs")
    {
        struct Row {
            const char* user_agent;
            const char* hint;
        };

        const Row rows[] = {
            {"cos-nodejs-sdk-v5-3.0.0",
             "let cos-nodejs-sdk-v5 trust cosdiag's CA: NODE_EXTRA_CA_CERTS=/d/ca.pem in its environment "
             "(read "
             "once, at its start)"},
            {"cos-python-sdk-v5.1.9.41",
             "let cos-python-sdk-v5 trust cosdiag's CA: REQUESTS_CA_BUNDLE=/d/bundle.pem in its environment"},
            {"Boto3/1.26", "let boto3 trust cosdiag's CA: AWS_CA_BUNDLE=/d/bundle.pem in its environment"},
            {"rclone/v1.60.1",
             "let rclone trust cosdiag's CA: SSL_CERT_FILE=/d/bundle.pem in its environment, without "
             "AWS_CA_BUNDLE, on which its S3 breaks; or --ca-cert /d/bundle.pem"},
            {"coscli/1", "let coscli trust cosdiag's CA: SSL_CERT_FILE=/d/bundle.pem in its environment"},
            {"curl/8",
             "let curl trust cosdiag's CA: CURL_CA_BUNDLE=/d/bundle.pem in its environment, or --cacert "
             "/d/bundle.pem"},
            {"Java/17",
             "let the Java program trust cosdiag's CA: "
             "JAVA_TOOL_OPTIONS='-Djavax.net.ssl.trustStore=/d/truststore.p12 "
             "-Djavax.net.ssl.trustStorePassword=changeit -Djavax.net.ssl.trustStoreType=PKCS12' in its "
             "environment"},
            {"",
             "let the client trust cosdiag's CA: it gives no name here, as Python and Java do. Python: "
             "REQUESTS_CA_BUNDLE=/d/bundle.pem in its environment, AWS_CA_BUNDLE=/d/bundle.pem for boto3, "
             "SSL_CERT_FILE=/d/bundle.pem for urllib. Java: "
             "JAVA_TOOL_OPTIONS='-Djavax.net.ssl.trustStore=/d/truststore.p12 "
             "-Djavax.net.ssl.trustStorePassword=changeit -Djavax.net.ssl.trustStoreType=PKCS12'. Others: "
             "cosdiag ca "
             "show"},
        };
        for (const Row& row : rows) {
            CAPTURE(row.user_agent);
            CHECK(trust_hint(client_of(row.user_agent), files) == row.hint);
        }
    }

    TEST_CASE("a name that a shell would split is quoted")
    {
        const TrustFiles spaced{"/my files/ca.pem", "/it's/bundle.pem", "/my files/t.p12"};
        CHECK(
            has(trust_hint(client_of("cos-nodejs-sdk"), spaced), "NODE_EXTRA_CA_CERTS='/my files/ca.pem' in")
        );
        CHECK(has(trust_hint(client_of("curl"), spaced), "CURL_CA_BUNDLE='/it'\\''s/bundle.pem' in"));
    }

    TEST_CASE("a word of Java's options is quoted where a blank or a quote would break it")
    {
        CHECK(java_word("-Da=b") == "-Da=b");
        CHECK(java_word("-Da=b c") == "'-Da=b c'");
        CHECK(java_word("-Da=it's \"b\"") == "'-Da=it'\"'\"'s \"b\"'");
    }

    TEST_CASE("every runtime has a line, aligned, with real names in it")
    {
        const std::vector<std::string> lines = trust_lines(files);
        REQUIRE(lines.size() == 20);
        CHECK(
            lines.front() ==
            "Node                              NODE_EXTRA_CA_CERTS=/d/ca.pem in its environment "
            "(read once, at its start)"
        );
        const std::size_t column = lines.front().find("NODE_EXTRA");
        for (const std::string& line : lines) {
            CAPTURE(line);
            CHECK(line.find_first_of("{}\n") == std::string::npos);
            CHECK(has(line, "/d/"));
            CHECK(line[column - 1] == ' ');
            CHECK(line[column] != ' ');
        }
    }

    TEST_CASE("every variable that is set is one that the lines name, or goes before one of them")
    {
        const std::vector<std::string> lines = trust_lines(files);
        for (const TrustVariable& each : trust_variables()) {
            CAPTURE(each.name);
            const std::string assignment = std::string(each.name) + "=" + files.*each.file;
            const bool is_named = std::any_of(lines.begin(), lines.end(), [&](const std::string& line) {
                return has(line, assignment);
            });
            CHECK((is_named || each.only_in_place));
            CHECK_FALSE(each.reason.empty());
        }
    }
}

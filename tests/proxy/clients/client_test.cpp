// SPDX-License-Identifier: Apache-2.0
#include "proxy/clients/client.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace cosdiag::clients;

TEST_SUITE("proxy/clients/client")
{
    TEST_CASE("a User-Agent tells the client and what it runs on, the SDK before the library below it")
    {
        struct Row {
            const char* user_agent;
            const char* name;
            Runtime runtime;
        };

        const Row rows[] = {
            {"cos-nodejs-sdk-v5-3.0.0", "cos-nodejs-sdk-v5", Runtime::node},
            {"cos-python-sdk-v5.1.9.41", "cos-python-sdk-v5", Runtime::requests},
            {"coscli/v1.0.6 cos-go-sdk-v5/0.7.62", "coscli", Runtime::go},
            {"COS-GO-SDK-V5/0.7.65", "cos-go-sdk-v5", Runtime::go},
            {"cos-java-sdk-v5.6.227/Linux/java/17", "cos-java-sdk-v5", Runtime::java},
            {"cos-cpp-sdk-v5.5.13", "cos-cpp-sdk-v5", Runtime::cos_cpp_sdk},
            {"cos-php-sdk-v5.2.6.16 GuzzleHttp/7", "cos-php-sdk-v5", Runtime::php},
            {"cos-net-sdk.5.4.40", "cos-dotnet-sdk", Runtime::dotnet},
            {"rclone/v1.60.1", "rclone", Runtime::rclone},
            {"aws-cli/2.9.19 Python/3.11.2 botocore/2.4.5", "aws-cli", Runtime::boto},
            {"Botocore/1.29.27", "boto3", Runtime::boto},
            {"aws-sdk-java/2.20 Apache-HttpClient/4.5", "the AWS SDK", Runtime::java},
            {"aws-sdk-js/3.1 os/linux", "the AWS SDK", Runtime::node},
            {"aws-sdk-cpp/1.11", "the AWS SDK", Runtime::unknown},
            {"MinIO (linux; amd64) minio-go/v7.0.1", "the MinIO client", Runtime::go},
            {"MinIO (Linux; x86_64) minio-py/7.2", "the MinIO client", Runtime::python},
            {"GuzzleHttp/6.5.5 curl/7.88.1 PHP/8.2", "the PHP program", Runtime::php},
            {"curl/7.88.1", "curl", Runtime::curl},
            {"git/2.39.5", "git", Runtime::git},
            {"Go-http-client/1.1", "the Go program", Runtime::go},
            {"Apache-HttpClient/4.5.13 (Java/17.0.15)", "the Java program", Runtime::java},
            {"Java/17.0.15", "the Java program", Runtime::java},
            {"Mozilla/5.0 (X11; Linux x86_64)", "the browser", Runtime::browser},
            {"something else", "the client", Runtime::unknown},
            {"", "the client", Runtime::nameless},
            {" \t", "the client", Runtime::nameless},
        };
        for (const Row& row : rows) {
            CAPTURE(row.user_agent);
            const Client& client = client_of(row.user_agent);
            CHECK(client.name == row.name);
            CHECK(client.runtime == row.runtime);
            CHECK_FALSE(client.clear_http.empty());
        }
    }

    TEST_CASE("a User-Agent is looked at for 512 bytes")
    {
        CHECK(client_of(std::string(508, 'x') + "curl").runtime == Runtime::curl);
        CHECK(client_of(std::string(509, 'x') + "curl").runtime == Runtime::unknown);
    }
}

// SPDX-License-Identifier: Apache-2.0
// The programs that talk to COS, told by their User-Agent, and what is known about each: the one table of
// them.
#pragma once

#include <string_view>

namespace cosdiag::clients {

/// What decides whom a client trusts: one for each way of being told, see trust.hpp. A program that goes its
/// own way within a language stands beside the language.
enum class Runtime {
    node,
    deno,
    requests, ///< Python's requests, which cos-python-sdk-v5 uses too
    boto,
    python, ///< Python's own ssl module
    go,
    rclone,
    java,
    curl,
    openssl, ///< whatever takes OpenSSL's default paths
    cos_cpp_sdk,
    dotnet,
    ruby,
    php,
    s3cmd,
    wget,
    git,
    pip,
    android,
    browser,
    nameless, ///< no User-Agent on its CONNECT: Python, mostly
    unknown,
};

struct Client {
    std::string_view mark; ///< in the User-Agent, in lower case
    std::string_view name;
    Runtime runtime;
    std::string_view clear_http; ///< completes "let NAME speak clear HTTP: …"; REGION stands for the host's
};

/// Who sent this User-Agent with a CONNECT. Never fails: two entries stand for those that say nothing and
/// those that nobody knows. Go's and Java's HTTP libraries name themselves, whatever the SDK above them puts
/// on its requests. Looked at are the first 512 bytes.
const Client& client_of(std::string_view user_agent);

} // namespace cosdiag::clients

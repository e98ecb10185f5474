// SPDX-License-Identifier: Apache-2.0
// An exchange that owns its text, for tests that bend one. Whole exchanges of interest are in tests/cases.
#pragma once

#include "diagnose/diagnosis.hpp"
#include "diagnose/exchange.hpp"
#include "diagnose/facts.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cosdiag {

constexpr std::string_view story_host = "examplebucket-1250000000.cos.ap-beijing.myqcloud.com";
constexpr std::string_view story_key = "AKIDexampleExampleExampleExample0042";
constexpr std::int64_t story_time = 1'795'492'800; // 2026-11-24T04:00:00Z

/// By default: a signed GET, refused with `Access Denied.`
struct Story {
    std::string method = "GET";
    std::string target = "/exampleobject";
    std::string scheme = "https";
    std::string host = std::string(story_host);
    std::vector<std::pair<std::string, std::string>> asked = {
        {"Host", std::string(story_host)},
        {"Authorization",
         "q-sign-algorithm=sha1&q-ak=" + std::string(story_key) +
             "&q-sign-time=1795492770;1795493670&q-key-time=1795492770;1795493670&q-header-list=host&"
             "q-url-param-list=&q-signature=c30abd54c5dc886ad04cc5eb154ccc154f0d0e27"},
    };
    std::optional<std::string> request_body;
    std::vector<std::pair<std::string, std::string>> answered = {
        {"Content-Type", "application/xml"},
        {"Date", "Tue, 24 Nov 2026 04:00:00 GMT"},
        {"Server", "tencent-cos"},
        {"x-cos-request-id", "NmIwNTBiYzBfM2ExYjJjMDlfNGQ1ZV82ZjcwODE="},
    };
    std::optional<std::string> response_body =
        "<Error><Code>AccessDenied</Code><Message>Access Denied.</Message></Error>";
    std::vector<BucketDocument> documents; ///< of the bucket, that passed by before
    Time clock = {story_time * 1000};

    /// Replaces or appends.
    void ask(std::string_view name, std::string_view value) { put(asked, name, value); }

    void answer(std::string_view name, std::string_view value) { put(answered, name, value); }

    void remember(DocumentKind kind, std::string_view text, Seconds ago = 60);

    void fail_with(std::string_view code, std::string_view message);

    [[nodiscard]] Diagnosis diagnosed() const;

private:
    static void
    put(std::vector<std::pair<std::string, std::string>>& fields,
        std::string_view name,
        std::string_view value);
};

} // namespace cosdiag

// SPDX-License-Identifier: Apache-2.0
// Entries, and files that are written, cut short and replaced.
#pragma once

#include "diagnose/diagnosis.hpp"
#include "diagnose/render.hpp"
#include "tests/folder.hpp"

#include <fstream>
#include <string>

namespace cosdiag::test {

/// A 403 for an anonymous request of 2026-11-24 04:00:00, as it is diagnosed.
inline Diagnosis anonymous(const std::string& id, const std::string& key = "report.pdf")
{
    const std::string target = "/" + key;
    const Field fields[] = {{"Accept", "*/*"}};
    Exchange exchange;
    exchange.request_fields = fields;
    exchange.method = "GET";
    exchange.scheme = "https";
    exchange.target = target;
    exchange.host = "examplebucket-1250000000.cos.ap-beijing.myqcloud.com";
    exchange.status = 403;
    exchange.response_body = "<Error><Code>AccessDenied</Code><Message>Access Denied.</Message></Error>";
    exchange.response_body_complete = true;
    exchange.asked_at = exchange.answered_at = {1795492800042};
    return diagnose(exchange, id);
}

inline void append(const std::string& file, const std::string& text)
{
    std::ofstream(file, std::ios::app | std::ios::binary) << text;
}

} // namespace cosdiag::test

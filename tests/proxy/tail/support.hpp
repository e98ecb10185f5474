// SPDX-License-Identifier: Apache-2.0
// Entries, and files that are written, cut short and replaced.
#pragma once

#include "diagnose/diagnosis.hpp"
#include "diagnose/render.hpp"

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
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

class Folder {
public:
    Folder()
    {
        std::string name = (std::filesystem::temp_directory_path() / "cosdiag-tail-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr)
            throw std::runtime_error("no folder for temporary files");
        path = name;
    }

    ~Folder() { std::filesystem::remove_all(path); }

    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    std::string file(const char* name) const { return (path / name).string(); }

    std::filesystem::path path;
};

inline void append(const std::string& file, const std::string& text)
{
    std::ofstream(file, std::ios::app | std::ios::binary) << text;
}

} // namespace cosdiag::test

// SPDX-License-Identifier: Apache-2.0
// One file of tests/cases: an exchange as text, and what the engine shall say of it. See
// tests/cases/README.md.
#pragma once

#include "diagnose/exchange.hpp"
#include "diagnose/signature/signing.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cosdiag {

struct CaseFile {
    std::string text; ///< the whole file; everything else points into it
    std::string name; ///< `signature-expired/presigned-url`
    std::string_view story;
    std::string_view token, confidence;     ///< of the finding that shall be first
    std::vector<std::string_view> truth;    ///< of tests/corpus: the causes that were found in the end
    std::vector<std::string_view> also;     ///< `token confidence` of judges that shall speak besides
    std::vector<std::string_view> silent;   ///< judges that shall not speak
    std::vector<std::string_view> says;     ///< texts that what is rendered shall hold
    std::vector<std::string_view> conceals; ///< texts that nothing rendered may hold
    Time clock;
    std::string_view scheme = "https", host;
    std::vector<Identity> identities; ///< whose secrets are configured
    bool cut = false;                 ///< the answer's body did not come whole
    std::optional<BrokenHandshake> handshake;
    Recollection memory;

    std::string_view method, target;
    std::vector<Field> request_fields;
    std::optional<std::string_view> request_body;
    unsigned status = 0;
    std::vector<Field> response_fields;
    std::optional<std::string_view> response_body;

    [[nodiscard]] Exchange exchange() const;
};

/// Errors: throws std::runtime_error that names the file and the line it does not understand.
void read_case(CaseFile& out, const std::filesystem::path& path);

/// Every `*.http` below a folder of tests/, by name.
std::vector<std::filesystem::path> case_paths(std::string_view folder = "cases");

} // namespace cosdiag

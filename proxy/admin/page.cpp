// SPDX-License-Identifier: Apache-2.0
#include "proxy/admin/page.hpp"

#include "proxy/admin/page_data.hpp"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <array>

namespace cosdiag::admin {

namespace {

/// As a source of a Content-Security-Policy (CSP Level 3 §2.3.1).
std::string hash_source(std::string_view text)
{
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
    std::array<unsigned char, 4 * (SHA256_DIGEST_LENGTH + 2) / 3 + 1> base64{};
    EVP_EncodeBlock(base64.data(), digest.data(), SHA256_DIGEST_LENGTH);
    return "'sha256-" + std::string(reinterpret_cast<const char*>(base64.data())) + "'";
}

std::string make_policy()
{
    return "default-src 'none'; style-src " + hash_source(page_style) + "; script-src " +
           hash_source(page_script) +
           "; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors "
           "'none'; "
           "require-trusted-types-for 'script'";
}

} // namespace

Page live_page()
{
    static const std::string policy = make_policy();
    return {page_html, policy};
}

} // namespace cosdiag::admin

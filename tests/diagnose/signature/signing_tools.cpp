// SPDX-License-Identifier: Apache-2.0
#include "tests/diagnose/signature/signing_tools.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include <cstdio>

namespace cosdiag::test {

namespace {

const unsigned char* octets(std::string_view text)
{
    return reinterpret_cast<const unsigned char*>(text.data());
}

std::string hmac_of(const EVP_MD* hash, std::string_view key, std::string_view text)
{
    unsigned char code[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    ::HMAC(hash, key.data(), static_cast<int>(key.size()), octets(text), text.size(), code, &size);
    return {reinterpret_cast<char*>(code), size};
}

} // namespace

std::string hex_of(std::string_view bytes)
{
    std::string out;
    for (const char c : bytes) {
        char two[3];
        std::snprintf(two, sizeof two, "%02x", static_cast<unsigned char>(c));
        out += two;
    }
    return out;
}

std::string base64_of(std::string_view bytes)
{
    std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
    const int size = ::EVP_EncodeBlock(
        reinterpret_cast<unsigned char*>(out.data()), octets(bytes), static_cast<int>(bytes.size())
    );
    out.resize(static_cast<std::size_t>(size));
    return out;
}

std::string sha1_of(std::string_view text)
{
    unsigned char digest[SHA_DIGEST_LENGTH];
    ::SHA1(octets(text), text.size(), digest);
    return hex_of({reinterpret_cast<char*>(digest), sizeof digest});
}

std::string sha256_of(std::string_view text)
{
    unsigned char digest[SHA256_DIGEST_LENGTH];
    ::SHA256(octets(text), text.size(), digest);
    return hex_of({reinterpret_cast<char*>(digest), sizeof digest});
}

std::string hmac_sha1(std::string_view key, std::string_view text)
{
    return hmac_of(::EVP_sha1(), key, text);
}

std::string hmac_sha256(std::string_view key, std::string_view text)
{
    return hmac_of(::EVP_sha256(), key, text);
}

std::string swapped(std::string text, const std::string& from, const std::string& to)
{
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
        text.replace(at, from.size(), to);
    return text;
}

} // namespace cosdiag::test

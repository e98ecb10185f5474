// SPDX-License-Identifier: Apache-2.0
#include "diagnose/digest.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <array>
#include <new>

namespace cosdiag {
namespace {

/// OpenSSL looks algorithms up by name each time it is asked; once is enough.
using Digest = std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)>;

Digest fetched(const char* name)
{
    return {EVP_MD_fetch(nullptr, name, nullptr), EVP_MD_free};
}

std::string digest_of(std::string_view bytes, const EVP_MD* algorithm)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, algorithm, nullptr) != 1) {
        throw std::bad_alloc(); // the algorithms are built in: only memory can run out
    }
    return hex({reinterpret_cast<const char*>(digest.data()), size});
}

EVP_MAC* hmac_algorithm()
{
    static const std::unique_ptr<EVP_MAC, decltype(&EVP_MAC_free)> algorithm(
        EVP_MAC_fetch(nullptr, "HMAC", nullptr), EVP_MAC_free
    );
    return algorithm.get();
}

const unsigned char* octets_of(std::string_view text) noexcept
{
    return reinterpret_cast<const unsigned char*>(text.data());
}

/// The algorithms are built in: only memory can run out.
void expect(bool good)
{
    if (!good) {
        throw std::bad_alloc();
    }
}

} // namespace

std::string hex(std::string_view octets)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out(2 * octets.size(), '0');
    auto at = out.begin();
    for (const char c : octets) {
        const auto byte = static_cast<unsigned char>(c);
        *at++ = digits[byte >> 4U];
        *at++ = digits[byte & 15U];
    }
    return out;
}

std::string sha1_hex(std::string_view bytes)
{
    static const auto algorithm = fetched("SHA1");
    return digest_of(bytes, algorithm.get());
}

std::string sha256_hex(std::string_view bytes)
{
    static const auto algorithm = fetched("SHA256");
    return digest_of(bytes, algorithm.get());
}

void Hmac::Free::operator()(evp_mac_ctx_st* context) const noexcept
{
    EVP_MAC_CTX_free(context);
}

Hmac::Hmac(Hash hash, std::string_view key) : context_(EVP_MAC_CTX_new(hmac_algorithm()))
{
    expect(context_ != nullptr);
    std::string digest = hash == Hash::sha1 ? "SHA1" : "SHA256";
    const OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0),
        OSSL_PARAM_construct_end()};
    // A null key would mean "the one before".
    expect(EVP_MAC_init(context_.get(), octets_of(key.empty() ? "" : key), key.size(), parameters) == 1);
}

std::string Hmac::operator()(std::string_view text)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> code{};
    std::size_t size = 0;
    expect(
        EVP_MAC_init(context_.get(), nullptr, 0, nullptr) == 1 &&
        EVP_MAC_update(context_.get(), octets_of(text), text.size()) == 1 &&
        EVP_MAC_final(context_.get(), code.data(), &size, code.size()) == 1
    );
    return {reinterpret_cast<const char*>(code.data()), size};
}

void wipe(std::string& secret) noexcept
{
    OPENSSL_cleanse(secret.data(), secret.size());
}

} // namespace cosdiag

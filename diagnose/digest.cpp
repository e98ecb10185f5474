// SPDX-License-Identifier: Apache-2.0
#include "diagnose/digest.hpp"

#include <openssl/evp.h>

#include <array>
#include <new>

namespace cosdiag {
namespace {

std::string digest_of(std::string_view bytes, const EVP_MD* algorithm)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, algorithm, nullptr) != 1) {
        throw std::bad_alloc(); // the algorithms are built in: only memory can run out
    }
    return hex({reinterpret_cast<const char*>(digest.data()), size});
}

} // namespace

std::string hex(std::string_view octets)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    out.reserve(2 * octets.size());
    for (const char c : octets) {
        const auto byte = static_cast<unsigned char>(c);
        out += digits[byte >> 4U];
        out += digits[byte & 15U];
    }
    return out;
}

std::string sha1_hex(std::string_view bytes)
{
    return digest_of(bytes, EVP_sha1());
}

std::string sha256_hex(std::string_view bytes)
{
    return digest_of(bytes, EVP_sha256());
}

} // namespace cosdiag

// SPDX-License-Identifier: Apache-2.0
#include "diagnose/sha1.hpp"

#include <openssl/evp.h>

#include <array>
#include <new>

namespace cosdiag {

std::string sha1_hex(std::string_view bytes)
{
    std::array<unsigned char, 20> digest{};
    unsigned size = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha1(), nullptr) != 1) {
        throw std::bad_alloc(); // the algorithm is built in: only memory can run out
    }
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    out.reserve(2 * digest.size());
    for (const auto byte : digest) {
        out += digits[byte >> 4U];
        out += digits[byte & 15U];
    }
    return out;
}

} // namespace cosdiag

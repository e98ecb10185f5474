// SPDX-License-Identifier: Apache-2.0
#include "proxy/net/users.hpp"

#include "proxy/http/field.hpp"

#include <crypt.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

#include <algorithm>
#include <memory>

namespace cosdiag::net {

namespace {

/// Empty if it is not base64. The bytes are secret.
std::string decode_base64(std::string_view text)
{
    if (text.empty() || text.size() % 4 != 0 || text.size() > 4096)
        return {};
    std::string bytes(text.size() / 4 * 3, '\0');
    const int size = EVP_DecodeBlock(
        reinterpret_cast<unsigned char*>(bytes.data()),
        reinterpret_cast<const unsigned char*>(text.data()),
        static_cast<int>(text.size())
    );
    if (size < 0)
        return {};
    const auto padding = static_cast<std::size_t>(std::count(text.end() - 2, text.end(), '='));
    bytes.resize(static_cast<std::size_t>(size) - padding);
    return bytes;
}

bool password_fits(const std::string& password, const std::string& hash)
{
    const auto scratch = std::make_unique<crypt_data>();
    const char* const made = ::crypt_r(password.c_str(), hash.c_str(), scratch.get());
    const bool fits = made != nullptr && hash.size() == std::char_traits<char>::length(made) &&
                      CRYPTO_memcmp(made, hash.data(), hash.size()) == 0;
    OPENSSL_cleanse(scratch.get(), sizeof *scratch);
    return fits;
}

} // namespace

bool Users::known(std::string_view credentials)
{
    Digest digest{};
    SHA256(reinterpret_cast<const unsigned char*>(credentials.data()), credentials.size(), digest.data());
    if (const auto found = x_remembered_.find(digest); found != x_remembered_.end())
        return found->second;
    if (x_remembered_.size() == most_remembered)
        x_remembered_.clear();
    return x_remembered_[digest] = check(credentials);
}

bool Users::check(std::string_view credentials) const
{
    const auto space = credentials.find(' ');
    if (space == std::string_view::npos || !http::equals(credentials.substr(0, space), "Basic"))
        return false;
    std::string pair = decode_base64(http::trim(credentials.substr(space)));
    const auto colon = pair.find(':');
    bool fits = false;
    if (colon != std::string::npos && pair.find('\0') == std::string::npos) {
        std::string password = pair.substr(colon + 1);
        for (const config::User& user : x_users_) {
            if (std::string_view(pair).substr(0, colon) == user.name)
                fits = fits || password_fits(password, user.password_hash);
        }
        OPENSSL_cleanse(password.data(), password.size());
    }
    OPENSSL_cleanse(pair.data(), pair.size());
    return fits;
}

} // namespace cosdiag::net

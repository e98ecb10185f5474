// SPDX-License-Identifier: Apache-2.0
#include "diagnose/signing.hpp"

#include "diagnose/digest.hpp"
#include "diagnose/text.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <new>

namespace cosdiag {
namespace {

/// OpenSSL looks algorithms up by name each time it is asked; once is enough.
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

SecretKey::~SecretKey()
{
    OPENSSL_cleanse(text_.data(), text_.size());
}

Hmac SecretKey::hmac(Hmac::Hash hash, std::string_view before, std::string_view after) const
{
    std::string key = join(before, text_, after);
    Hmac made(hash, key);
    OPENSSL_cleanse(key.data(), key.size());
    return made;
}

std::span<const SecretSlip> secret_slips() noexcept
{
    static constexpr SecretSlip slips[] = {
        {"", "\n", "with a line end behind the SecretKey"},
        {"", "\r\n", "with CR and LF behind the SecretKey"},
        {"", "\r", "with a CR behind the SecretKey"},
        {"", " ", "with a blank behind the SecretKey"},
        {" ", "", "with a blank before the SecretKey"},
        {" ", " ", "with blanks around the SecretKey"},
        {"\t", "", "with a tab before the SecretKey"},
        {"", "\t", "with a tab behind the SecretKey"},
        {"\"", "\"", "with quotes around the SecretKey"},
        {"'", "'", "with quotes around the SecretKey"},
        {"<", ">", "with angle brackets around the SecretKey"},
        {"\xEF\xBB\xBF", "", "with a byte order mark before the SecretKey"},
        {"", ";", "with a semicolon behind the SecretKey"},
        {"", ",", "with a comma behind the SecretKey"},
    };
    return slips;
}

std::string cos_string_to_sign(std::string_view sign_time, std::string_view http_string)
{
    return join("sha1\n", sign_time, "\n", sha1_hex(http_string), "\n");
}

std::string cos_form_string_to_sign(std::string_view policy)
{
    return sha1_hex(policy);
}

} // namespace cosdiag

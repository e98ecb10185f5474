// SPDX-License-Identifier: Apache-2.0
#include "proxy/tls/secret_text.hpp"

#include <openssl/crypto.h>

#include <utility>

namespace cosdiag::tls {

SecretText::SecretText(std::string text) noexcept : x_text_(std::move(text)) {}

SecretText::~SecretText()
{
    wipe();
}

SecretText::SecretText(SecretText&& other) noexcept
{
    x_text_.swap(other.x_text_);
}

SecretText& SecretText::operator=(SecretText&& other) noexcept
{
    x_text_.swap(other.x_text_);
    return *this;
}

void SecretText::wipe() noexcept
{
    OPENSSL_cleanse(x_text_.data(), x_text_.size());
}

} // namespace cosdiag::tls

// SPDX-License-Identifier: Apache-2.0
#include "proxy/tls/openssl.hpp"

#include <openssl/err.h>

#include <limits>
#include <system_error>

namespace cosdiag::tls {

namespace {

std::string words(unsigned long error)
{
    if (ERR_SYSTEM_ERROR(error))
        return std::generic_category().message(ERR_GET_REASON(error));
    if (const char* const reason = ERR_reason_error_string(error))
        return reason;
    return "error " + std::to_string(error);
}

} // namespace

std::string openssl_error()
{
    std::string all;
    const char* data = nullptr;
    int flags = 0;
    while (const unsigned long error = ERR_get_error_all(nullptr, nullptr, nullptr, &data, &flags)) {
        std::string one = words(error);
        if ((flags & ERR_TXT_STRING) != 0 && data != nullptr && *data != '\0')
            one += std::string(" (") + data + ")";
        if (all.find(one) == std::string::npos)
            all += (all.empty() ? "" : "; ") + one;
    }
    return all.empty() ? "OpenSSL gives no reason" : all;
}

void fail(const char* what)
{
    throw CaError(std::string("cannot ") + what + ": " + openssl_error());
}

BioPtr reader_of(std::string_view text)
{
    if (text.size() > static_cast<std::size_t>(std::numeric_limits<int>::max()))
        throw CaError("cannot read a text of more than 2 GiB as PEM");
    const char* const begin = text.empty() ? "" : text.data();
    return BioPtr(must(BIO_new_mem_buf(begin, static_cast<int>(text.size())), "read from memory"));
}

std::string written_to(BIO* memory)
{
    char* begin = nullptr;
    const long size = BIO_get_mem_data(memory, &begin);
    return size > 0 ? std::string(begin, static_cast<std::size_t>(size)) : std::string();
}

KeyPtr shared(EVP_PKEY* key)
{
    must(EVP_PKEY_up_ref(key), "share a key");
    return KeyPtr(key);
}

} // namespace cosdiag::tls

// SPDX-License-Identifier: Apache-2.0
// OpenSSL's objects as owned pointers, and its errors as words.
#pragma once

#include "proxy/tls/ca_error.hpp"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>
#include <string_view>

namespace cosdiag::tls {

template <auto Free>
struct FreeWith {
    template <class T>
    void operator()(T* object) const noexcept
    {
        Free(object);
    }
};

template <class T, auto Free>
using Owned = std::unique_ptr<T, FreeWith<Free>>;

using X509Ptr = Owned<X509, X509_free>;
using KeyPtr = Owned<EVP_PKEY, EVP_PKEY_free>;
using BioPtr = Owned<BIO, BIO_free_all>;
using BignumPtr = Owned<BIGNUM, BN_free>;
using NamesPtr = Owned<GENERAL_NAMES, GENERAL_NAMES_free>;
using NamePtr = Owned<GENERAL_NAME, GENERAL_NAME_free>;
using ConstraintsPtr = Owned<NAME_CONSTRAINTS, NAME_CONSTRAINTS_free>;

/// Takes what this thread's error queue holds and leaves it empty: a stale error would be taken for the next
/// call's by SSL_get_error. Never empty.
std::string openssl_error();

/// Throws CaError with OpenSSL's reason. `what` completes "cannot …".
[[noreturn]] void fail(const char* what);

template <class T>
T* must(T* made, const char* what)
{
    return made != nullptr ? made : (fail(what), nullptr);
}

/// Most calls return 1 when they succeed, some a length; 0 or less is a failure.
inline int must(int result, const char* what)
{
    return result > 0 ? result : (fail(what), 0);
}

/// Memory to read from; the text must outlive it.
BioPtr reader_of(std::string_view text);

/// What has been written to memory.
std::string written_to(BIO* memory);

/// A second owner of the same key.
KeyPtr shared(EVP_PKEY* key);

} // namespace cosdiag::tls

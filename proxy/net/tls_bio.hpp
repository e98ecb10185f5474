// SPDX-License-Identifier: Apache-2.0
// OpenSSL's view of the stream below a TlsStream.
#pragma once

#include "proxy/net/tls_stream.hpp"

#include <openssl/bio.h>

#include <string>

namespace cosdiag::net {

/// Reads from the stream below, and writes into `made` without ever being blocked.
struct TlsBio {
    /// Throws std::bad_alloc.
    static BIO* over(TlsStream& stream);

    /// What OpenSSL makes during one call. Between calls it is empty, so that all streams of a thread can
    /// share it, and an idle one holds none.
    inline static thread_local std::string made;

private:
    static TlsStream& stream(BIO* bio) { return *static_cast<TlsStream*>(BIO_get_data(bio)); }

    static int read(BIO* bio, char* into, std::size_t size, std::size_t* got);
    static int write(BIO* bio, const char* from, std::size_t size, std::size_t* put);
    static long control(BIO* bio, int command, long number, void* pointer);
};

} // namespace cosdiag::net

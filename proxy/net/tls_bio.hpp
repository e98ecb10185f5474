// SPDX-License-Identifier: Apache-2.0
// OpenSSL's view of the stream below a TlsStream.
#pragma once

#include "proxy/net/buffers.hpp"
#include "proxy/net/tls_stream.hpp"
#include "proxy/tls/record.hpp"

#include <openssl/bio.h>

namespace cosdiag::net {

/// Reads from the stream below, and writes into `made` without ever being blocked.
struct TlsBio {
    /// Throws std::bad_alloc.
    static BIO* over(TlsStream& stream);

    /// What OpenSSL makes during one call. Between calls it is empty, so that all streams of a thread can
    /// share it, and an idle one holds none.
    inline static thread_local Buffer made;

    /// OpenSSL works on a message of the handshake, or on one that follows it. For a session ticket it takes
    /// a buffer to write from, which it would keep until something is written.
    static void on_message(const SSL* ssl, int where, int result);

    /// One call of OpenSSL that may read. It reads ahead into memory that the thread's streams share; what
    /// OpenSSL does not take of it is kept with the stream, which is broken off where there is no memory for
    /// that.
    ///
    /// Why not OpenSSL's own reading ahead: before each record it moves everything that it has read behind
    /// that record to the front of its buffer.
    class Turn {
    public:
        /// Reads so far ahead that it and what the stream has kept are `bytes`: one record at least, and at
        /// most `largest`.
        Turn(TlsStream& stream, std::size_t bytes) noexcept;
        ~Turn();
        Turn(const Turn&) = delete;
        Turn& operator=(const Turn&) = delete;

        /// Whether OpenSSL has not taken all of it yet.
        bool has_more() const noexcept { return !ahead.empty(); }

    private:
        TlsStream& x_stream_;
    };

    static constexpr std::size_t largest = 16 * tls::largest_record;

private:
    static bool read_ahead(TlsStream& stream);

    inline static thread_local Buffer ahead; ///< read in this turn, not yet taken
    inline static thread_local std::size_t ahead_at_most = 0;

    static TlsStream& stream(BIO* bio) { return *static_cast<TlsStream*>(BIO_get_data(bio)); }

    static int read(BIO* bio, char* into, std::size_t size, std::size_t* got);
    static int write(BIO* bio, const char* from, std::size_t size, std::size_t* put);
    static long control(BIO* bio, int command, long number, void* pointer);
};

} // namespace cosdiag::net

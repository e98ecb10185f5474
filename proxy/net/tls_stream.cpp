// SPDX-License-Identifier: Apache-2.0
#include "proxy/net/tls_stream.hpp"

#include "proxy/net/tls_bio.hpp"
#include "proxy/tls/openssl.hpp"
#include "proxy/tls/record.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace cosdiag::net {

namespace {

/// Bytes of plain data that are encrypted before they are sent together: one call of the system for 16
/// records of 16 KiB, instead of one for each.
constexpr std::size_t batch = 256 * 1024;

using tls::largest_fragment;

/// Bytes of whole records that plain data of this size may have come in, one at least.
constexpr std::size_t records_of(std::size_t plain)
{
    return (plain / largest_fragment + 1) * tls::largest_record;
}

} // namespace

TlsStream::TlsStream(StreamPtr inner, SSL* ssl, std::string_view preface)
    : x_inner_(std::move(inner)), x_ssl_(ssl)
{
    tls::Owned<SSL, SSL_free> until_complete(ssl);
    if (!preface.empty())
        x_ahead_.append(preface);
    BIO* const bio = TlsBio::over(*this);
    SSL_set_bio(x_ssl_, bio, bio);
    SSL_set_info_callback(x_ssl_, TlsBio::on_message);
    x_inner_->watch(this);
    static_cast<void>(until_complete.release());
}

TlsStream::~TlsStream()
{
    SSL_free(x_ssl_);
}

bool TlsStream::may_read() const noexcept
{
    return has_news() || x_inner_->may_read();
}

/// Whether reading has something to tell without the stream below.
bool TlsStream::has_news() const noexcept
{
    return x_ended_ || x_broken_ || !x_ahead_.empty() || (!x_dry_ && SSL_has_pending(x_ssl_) == 1);
}

/// Nothing more can be read or written. OpenSSL's queue of errors must be empty before the next call, on
/// whatever connection of this thread that is: what is in it would be taken for that call's.
void TlsStream::break_off()
{
    x_broken_ = true;
    ERR_clear_error();
}

/// What an unsuccessful SSL_read or SSL_peek means.
IoResult TlsStream::outcome()
{
    switch (SSL_get_error(x_ssl_, 0)) {
    case SSL_ERROR_WANT_READ:
        x_dry_ = true;
        return {};
    case SSL_ERROR_ZERO_RETURN:
        x_ended_ = true;
        return {Io::ended, 0, 0};
    default: // an end without close_notify is a truncation, and told as a reset
        break_off();
        return {Io::failed, 0, x_inner_state_.error != 0 ? x_inner_state_.error : ECONNRESET};
    }
}

IoResult TlsStream::read(std::span<char> into)
{
    if (x_broken_)
        return {Io::failed, 0, ECONNRESET};
    const TlsBio::Turn turn(*this, records_of(into.size()));
    x_dry_ = false;
    std::size_t sum = 0;
    IoResult met{Io::moved, 0, 0};
    do {
        std::size_t got = 0;
        if (SSL_read_ex(x_ssl_, into.data() + sum, into.size() - sum, &got) != 1) {
            met = outcome();
            break;
        }
        x_dry_ = got < into.size() - sum; // a record's end; OpenSSL reads none before it is asked for
        sum += got;
    } while (sum < into.size() && (turn.has_more() || may_read()));
    if (!TlsBio::made.empty()) // an answer to a key update, or an alert
        flush();
    return sum != 0 ? IoResult{Io::moved, sum, 0} : met;
}

IoResult TlsStream::peek()
{
    if (x_broken_)
        return {Io::failed, 0, ECONNRESET};
    const TlsBio::Turn turn(*this, tls::largest_record);
    char byte = 0;
    std::size_t got = 0;
    const int result = SSL_peek_ex(x_ssl_, &byte, 1, &got);
    const IoResult met = result == 1 ? IoResult{Io::moved, 1, 0} : outcome();
    if (!TlsBio::made.empty())
        flush();
    if (met.io != Io::blocked)
        return met;
    return x_inner_->peek(); // what has come and nobody has told of yet
}

IoResult TlsStream::write(std::span<const iovec> from)
{
    if (x_broken_)
        return {Io::failed, 0, EPIPE};
    if (const IoResult before = flush(); before.io != Io::moved)
        return before;
    if (x_promised_ == 0) {
        encrypt(from);
        if (x_broken_)
            return {Io::failed, 0, EPIPE};
        if (const IoResult sent = flush(); sent.io != Io::moved)
            return sent;
    }
    // Told only now: bytes that have been encrypted are the caller's until all of them have left.
    return {Io::moved, std::exchange(x_promised_, 0), 0};
}

/// Makes records of at most one batch. Small pieces, such as a head and a short body, share one.
void TlsStream::encrypt(std::span<const iovec> from)
{
    std::array<char, largest_fragment> joined; // NOLINT(*-member-init): written before it is read
    std::size_t size = 0;
    const auto seal = [&](const char* bytes, std::size_t count) {
        std::size_t put = 0;
        if (count != 0 && SSL_write_ex(x_ssl_, bytes, count, &put) != 1)
            break_off();
        x_promised_ += put;
    };
    for (const iovec& part : from) {
        const char* bytes = static_cast<const char*>(part.iov_base);
        std::size_t left = std::min(part.iov_len, batch - std::min(batch, x_promised_ + size));
        if (size != 0 || left < largest_fragment) {
            const std::size_t fits = std::min(left, largest_fragment - size);
            std::memcpy(joined.data() + size, bytes, fits);
            size += fits;
            bytes += fits;
            left -= fits;
        }
        if (left == 0)
            continue;
        seal(joined.data(), std::exchange(size, 0));
        seal(bytes, left);
    }
    seal(joined.data(), size);
}

/// `moved` when nothing is left to send.
IoResult TlsStream::flush()
{
    if (!x_pending_.empty()) {
        x_pending_ += TlsBio::made.view();
        TlsBio::made.clear();
    }
    std::string_view left = x_pending_.empty() ? TlsBio::made.view() : x_pending_;
    IoResult result{Io::moved, 0, 0};
    while (!left.empty()) {
        const iovec part{const_cast<char*>(left.data()), left.size()}; // iovec knows no const
        result = x_inner_->write({&part, 1});
        if (result.io != Io::moved)
            break;
        left.remove_prefix(result.bytes);
    }
    if (result.io == Io::failed)
        left = {};
    if (left.empty())
        std::string().swap(x_pending_);
    else
        x_pending_ = std::string(left);
    TlsBio::made.clear();
    return result;
}

void TlsStream::want_read()
{
    if (has_news()) {
        x_inner_->poke();
        return;
    }
    if (std::exchange(x_messages_, false))
        SSL_free_buffers(x_ssl_);
    x_inner_->want_read();
}

void TlsStream::want_write()
{
    x_inner_->want_write();
}

void TlsStream::on_ready()
{
    if (x_ending_ && flush().io != Io::blocked) {
        x_ending_ = false;
        x_inner_->end_write();
    }
    notify(); // may end this stream
}

/// Puts close_notify behind what has been written (RFC 8446 §6.1).
void TlsStream::say_goodbye()
{
    if (!std::exchange(x_open_, false) || x_broken_)
        return;
    SSL_shutdown(x_ssl_);
    ERR_clear_error();
}

void TlsStream::end_write()
{
    say_goodbye();
    x_ending_ = flush().io == Io::blocked;
    if (x_ending_)
        x_inner_->want_write();
    else
        x_inner_->end_write();
}

void TlsStream::abort()
{
    x_open_ = false;
    x_broken_ = true;
    x_inner_->abort();
}

void TlsStream::close_and_free()
{
    watch(nullptr);
    say_goodbye();
    flush();
    delete this;
}

} // namespace cosdiag::net

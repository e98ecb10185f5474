// SPDX-License-Identifier: Apache-2.0
#include "proxy/net/tls_bio.hpp"

#include <openssl/ssl.h>

#include <algorithm>
#include <cstring>
#include <new>

namespace cosdiag::net {

BIO* TlsBio::over(TlsStream& stream)
{
    static const BIO_METHOD* const method = [] {
        BIO_METHOD* const one = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "cosdiag stream");
        BIO_meth_set_read_ex(one, read);
        BIO_meth_set_write_ex(one, write);
        BIO_meth_set_ctrl(one, control);
        return one;
    }();
    if (!ahead)
        ahead = Buffer::in_mid_page(largest);
    if (!made)
        made = Buffer::in_mid_page(largest);
    BIO* const bio = BIO_new(method);
    if (bio == nullptr)
        throw std::bad_alloc();
    BIO_set_data(bio, &stream);
    BIO_set_init(bio, 1);
    return bio;
}

TlsBio::Turn::Turn(TlsStream& stream, std::size_t bytes) noexcept : x_stream_(stream)
{
    const std::size_t kept = std::min(bytes, stream.x_ahead_.size());
    ahead_at_most = std::clamp(bytes - kept, tls::largest_record, largest);
}

TlsBio::Turn::~Turn()
{
    if (x_stream_.x_ahead_ && x_stream_.x_ahead_.empty())
        x_stream_.x_ahead_ = Buffer();
    if (ahead.empty())
        return;
    try {
        x_stream_.x_ahead_ = Buffer(ahead.size());
        x_stream_.x_ahead_.append(ahead.view());
    } catch (const std::bad_alloc&) { // this connection is lost, the others are not
        x_stream_.break_off();
    }
    ahead.clear();
}

void TlsBio::on_message(const SSL* ssl, int where, int)
{
    if ((where & SSL_CB_LOOP) != 0)
        stream(SSL_get_rbio(ssl)).x_messages_ = true;
}

bool TlsBio::read_ahead(TlsStream& stream)
{
    stream.x_inner_state_ = stream.x_inner_->read(ahead.room().first(ahead_at_most));
    ahead.grow(stream.x_inner_state_.bytes);
    return stream.x_inner_state_.io == Io::moved;
}

int TlsBio::read(BIO* bio, char* into, std::size_t size, std::size_t* got)
{
    TlsStream& self = stream(bio);
    BIO_clear_retry_flags(bio);
    *got = 0;
    Buffer& from = self.x_ahead_.empty() ? ahead : self.x_ahead_;
    if (from.empty() && !read_ahead(self)) {
        if (self.x_inner_state_.io == Io::blocked)
            BIO_set_retry_read(bio);
        return 0;
    }
    *got = std::min(size, from.size());
    std::memcpy(into, from.data(), *got);
    from.consume(*got);
    return 1;
}

int TlsBio::write(BIO*, const char* from, std::size_t size, std::size_t* put)
{
    *put = 0;
    try {
        made.append({from, size});
    } catch (const std::bad_alloc&) { // OpenSSL knows no exceptions
        return 0;
    }
    *put = size;
    return 1;
}

long TlsBio::control(BIO* bio, int command, long, void*)
{
    if (command == BIO_CTRL_FLUSH)
        return 1;
    return command == BIO_CTRL_EOF && stream(bio).x_inner_state_.io == Io::ended ? 1 : 0;
}

} // namespace cosdiag::net

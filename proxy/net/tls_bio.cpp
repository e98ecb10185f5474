// SPDX-License-Identifier: Apache-2.0
#include "proxy/net/tls_bio.hpp"

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
    BIO* const bio = BIO_new(method);
    if (bio == nullptr)
        throw std::bad_alloc();
    BIO_set_data(bio, &stream);
    BIO_set_init(bio, 1);
    return bio;
}

int TlsBio::read(BIO* bio, char* into, std::size_t size, std::size_t* got)
{
    TlsStream& self = stream(bio);
    BIO_clear_retry_flags(bio);
    *got = 0;
    if (!self.x_preface_.empty()) {
        *got = self.x_preface_.copy(into, size);
        self.x_preface_.erase(0, *got);
        return 1;
    }
    self.x_inner_state_ = self.x_inner_->read({into, size});
    *got = self.x_inner_state_.bytes;
    if (self.x_inner_state_.io == Io::blocked)
        BIO_set_retry_read(bio);
    return self.x_inner_state_.io == Io::moved ? 1 : 0;
}

int TlsBio::write(BIO*, const char* from, std::size_t size, std::size_t* put)
{
    made.append(from, size);
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

// SPDX-License-Identifier: Apache-2.0
#include "proxy/tls/tuning.hpp"

#include <openssl/ssl.h>

namespace cosdiag::tls {

void tune(SSL_CTX* context)
{
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
}

} // namespace cosdiag::tls

// SPDX-License-Identifier: Apache-2.0
// What both sides of TLS are set to alike.
#pragma once

#include <openssl/types.h>

namespace cosdiag::tls {

/// TLS 1.2 and 1.3; no buffers while idle.
void tune(SSL_CTX* context);

} // namespace cosdiag::tls

// SPDX-License-Identifier: Apache-2.0
// Certificates and keys as PEM (RFC 7468).
#pragma once

#include "proxy/tls/openssl.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace cosdiag::tls {

std::string to_pem(const X509& certificate);

/// PKCS#8 without encryption: a secret.
std::string to_pem(EVP_PKEY& key);

/// All certificates in a PEM text; other blocks and those that are not understood are passed over. Throws
/// CaError for a block that is cut or garbled.
std::vector<X509Ptr> read_certificates(std::string_view pem);

/// The first private key in a PEM text; null if there is none, or none without a password.
KeyPtr read_key(std::string_view pem);

} // namespace cosdiag::tls

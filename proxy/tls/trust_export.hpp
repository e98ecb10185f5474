// SPDX-License-Identifier: Apache-2.0
// What clients are given so that they trust our CA beside the roots they trust already.
#pragma once

#include "proxy/tls/authority.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace cosdiag::tls {

/// The system's roots as PEM; of `instead`, such as the user's SSL_CERT_FILE, where it is not empty. Throws
/// CaError if there are none.
std::string system_roots(const std::filesystem::path& instead = {});

/// PEM for clients whose setting replaces the system's store (REQUESTS_CA_BUNDLE, SSL_CERT_FILE …): the roots
/// as they are, and our certificate behind them unless it is among them.
std::string bundle(const Authority& authority, std::string_view roots);

/// Java's own default. It guards against damage alone: nothing in a trust store is secret, and Java reads
/// this one without a password too.
inline constexpr const char* truststore_password = "changeit";

/// Bytes of a PKCS#12 file (RFC 7292) that Java takes for a trust store: our certificate as `cosdiag`, and
/// the roots. Reading it takes Java 17, 11, or 8u301.
std::string truststore(const Authority& authority, std::string_view roots);

} // namespace cosdiag::tls

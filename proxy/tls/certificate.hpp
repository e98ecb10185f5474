// SPDX-License-Identifier: Apache-2.0
// The parts of a certificate (RFC 5280), written and read.
#pragma once

#include "proxy/tls/openssl.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace cosdiag::tls {

using Clock = std::chrono::system_clock;
using Time = Clock::time_point; ///< a certificate keeps whole seconds

/// The longest common name: ub-common-name of RFC 5280 appendix A.
inline constexpr std::size_t most_of_common_name = 64;

KeyPtr make_key();

/// 128 random bits.
void set_serial(X509& certificate);

void set_validity(X509& certificate, Time from, Time until);

/// An attribute of the subject, in UTF-8.
void add_to_subject(X509& certificate, int nid, std::string_view value);

/// An extension in the words of x509v3_config(5). The key identifiers are taken from the two certificates.
void add_extension(X509& certificate, X509& issuer, int nid, const char* value);

/// The one name that a server's certificate is for.
void add_host(X509& certificate, std::string_view host, bool critical);

/// Critical name constraints: these domains and what is below them, and no address at all.
void add_constraints(X509& certificate, const std::vector<std::string>& domains);

/// The domains that the name constraints permit; empty without constraints.
std::vector<std::string> permitted_domains(const X509& certificate);

void sign(X509& certificate, EVP_PKEY& key);

Time not_before(const X509& certificate);
Time not_after(const X509& certificate);

/// Such as `2026-03-01 12:00:00 UTC`.
std::string to_words(Time time);

/// Such as `2026-03-01`.
std::string to_date(Time time);

/// SHA-256 of the certificate, such as `AA:BB:…`.
std::string fingerprint(const X509& certificate);

} // namespace cosdiag::tls
